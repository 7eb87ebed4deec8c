"""Portal tests see the case alone: what other apps do at a change of state is theirs to test."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from requests_app import receivers, signals
from requests_app.identity.codes import issue_code
from requests_app.identity.models import Purpose
from requests_app.lifecycle.models import SubjectRequest
from tests.factories import SYSTEM

Mailed = Callable[[SubjectRequest], dict[str, str]]


@pytest.fixture(autouse=True)
def case_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only this app hears of changes of state."""
    own = [entry for entry in signals.state_changed.receivers if entry[1]().__module__ == receivers.__name__]
    assert own
    monkeypatch.setattr(signals.state_changed, "receivers", own)


@pytest.fixture
def mailed() -> Mailed:
    """What the newest message to a person carries: code, and link if any."""
    return lambda subject_request: subject_request.messages.order_by("-written_at").first().secrets


@pytest.fixture
def opened(client: Client, mailed: Mailed) -> Callable[[SubjectRequest], Client]:
    """A browser that has opened a request with a mailed code."""

    def enter(subject_request: SubjectRequest) -> Client:
        issue_code(subject_request=subject_request, purpose=Purpose.PORTAL, by=SYSTEM, at=timezone.now())
        pair = {"reference": subject_request.reference, "code": mailed(subject_request)["code"]}
        assert client.post("/requests/", pair)["Location"] == "/requests/yours/"
        return client

    return enter
