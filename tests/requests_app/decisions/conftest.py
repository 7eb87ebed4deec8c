"""Decisions are tested on the case alone: what other apps do at a change of state is theirs to test."""

import pytest

from requests_app import receivers, signals


@pytest.fixture(autouse=True)
def case_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only this app hears of changes of state."""
    own = [entry for entry in signals.state_changed.receivers if entry[1]().__module__ == receivers.__name__]
    assert own
    monkeypatch.setattr(signals.state_changed, "receivers", own)
