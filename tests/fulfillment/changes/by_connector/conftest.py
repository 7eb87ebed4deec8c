"""A register that refuses, allowed as a private host and with a clock that does not wait."""

from collections.abc import Iterator
from typing import Any

import pytest

from fulfillment.connectors import http, memory
from tests.fulfillment.changes.by_connector.strict import Strict
from tests.fulfillment.connectors.rude_desk import Clock


@pytest.fixture
def strict(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Strict]:
    clock = Clock()
    monkeypatch.setattr(http, "time", clock)
    monkeypatch.setattr(memory, "time", clock)
    settings.OUTBOUND_ALLOWED_HOSTS = ["127.0.0.1"]
    with Strict() as server:
        yield server
