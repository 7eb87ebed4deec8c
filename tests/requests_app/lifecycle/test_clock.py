"""The legal dates of a stored request follow from its events."""

from datetime import timedelta

import pytest

from requests_app.deadlines.events import EventType
from requests_app.lifecycle.clock import note_event, response_deadline
from requests_app.lifecycle.models import SubjectRequest
from tests.factories import NOON, ada_asks

pytestmark = pytest.mark.django_db


def test_a_reasoned_doubt_about_identity_moves_the_stored_date_by_its_days() -> None:
    asked = ada_asks(place="PT")
    note_event(asked, kind=EventType.IDENTITY_REQUESTED, at=NOON + timedelta(days=1))
    note_event(asked, kind=EventType.IDENTITY_CONFIRMED, at=NOON + timedelta(days=5))
    assert SubjectRequest.objects.get(pk=asked.pk).response_due_on.isoformat() == "2026-12-07"


def test_the_mailed_code_that_everybody_gets_does_not_stop_the_clock() -> None:
    asked = ada_asks(place="PT")
    assert not asked.clock_events.exists()
    assert response_deadline(asked).due.isoformat() == "2026-12-03"
