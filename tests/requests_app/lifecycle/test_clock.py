"""The legal dates of a stored request follow from its events."""

from datetime import timedelta

import pytest

from requests_app.deadlines.clock import deadline
from requests_app.deadlines.events import EventType
from requests_app.identity.time_left import asked_in_doubt_at
from requests_app.lifecycle.clock import events_of, laws_that_count, note_event, response_deadline
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


def test_what_happens_in_one_instant_is_counted_in_the_order_in_which_it_happened() -> None:
    for _often in range(5):
        asked = ada_asks(place="PT")
        for kind in (
            EventType.IDENTITY_REQUESTED,
            EventType.IDENTITY_CONFIRMED,
            EventType.IDENTITY_REQUESTED,
        ):
            note_event(asked, kind=kind, at=NOON + timedelta(days=1))
        assert asked_in_doubt_at(asked) == NOON + timedelta(days=1)


def test_where_two_laws_protect_the_person_each_counts_every_event_and_the_earliest_day_holds() -> None:
    asked = ada_asks(place="CA-QC")
    assert set(laws_that_count(asked)) == {"ca-qc", "ca-pipeda"}
    note_event(asked, kind=EventType.EXTENDED, at=NOON + timedelta(days=5))
    days = {
        law: deadline(
            measure="response",
            regime=law,
            right="access",
            received_at=NOON,
            place="CA-QC",
            events=events_of(asked),
        ).due
        for law in laws_that_count(asked)
    }
    assert SubjectRequest.objects.get(pk=asked.pk).response_due_on == min(days.values())
    assert response_deadline(asked).due < max(days.values())


def test_the_law_that_staff_chose_counts_alone() -> None:
    asked = ada_asks(place="CA-QC")
    asked.regime, asked.regime_is_chosen = "ca-pipeda", True
    assert laws_that_count(asked) == ("ca-pipeda",)
