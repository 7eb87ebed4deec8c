"""Evidence of the tests lies in a folder of its own; only this app hears of changes of state."""

from pathlib import Path

import pytest
from pytest_django import Settings

from requests_app import receivers, signals


@pytest.fixture(autouse=True)
def store_folder(settings: Settings, tmp_path: Path) -> Path:
    """Where sealed files go."""
    settings.STORE_URL, settings.STORE_OPTIONS = f"file://{tmp_path}/store", {}
    return tmp_path / "store"


@pytest.fixture(autouse=True)
def case_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """What other apps do at a change of state is theirs to test."""
    own = [entry for entry in signals.state_changed.receivers if entry[1]().__module__ == receivers.__name__]
    assert own
    monkeypatch.setattr(signals.state_changed, "receivers", own)
