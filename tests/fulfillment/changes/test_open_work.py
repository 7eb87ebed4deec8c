"""Work that a source owes is reminded of from its own beginning, in whatever state its request is."""

from datetime import datetime, timedelta

import pytest

from fulfillment.changes.models import ChangeKind, ChangeTask
from requests_app.audit.actors import Actor
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.moves import Move
from requests_app.lifecycle.perform import perform
from requests_app.lifecycle.states import RequestState as S
from requests_app.open_work import oldest_open_work
from requests_app.reminders.kinds import ReminderKind
from requests_app.reminders.models import ReminderSent
from requests_app.reminders.send import send_reminders
from tests.factories import NOON, a_request_in, rosa
from tests.fulfillment.changes.shop import connect, end

pytestmark = pytest.mark.django_db
CLOSED_AT = NOON + timedelta(days=4)


def told_between(first: datetime, days: int) -> list[tuple[str, int]]:
    """The day of each reminder of open work, counted from the first tick; four ticks a day."""
    for tick in range(days * 4):
        send_reminders(at=first + timedelta(hours=6 * tick))
    rows = ReminderSent.objects.filter(kind=ReminderKind.WORK_TAKES_LONG).order_by("fell_due_at")
    found = rows.values_list("about", "fell_due_at", "occurrence").distinct()
    return [(occurrence, (due.date() - about).days) for about, due, occurrence in found]


def test_a_restriction_that_nobody_makes_while_it_is_weighed_is_reminded_of() -> None:
    connect()
    asked = a_request_in(S.WEIGHING)
    asked_on = ChangeTask.objects.get(subject_request=asked).created_at.date().isoformat()
    assert told_between(asked.state_since, 10) == [(f"{asked_on}:3", 3), (f"{asked_on}:7", 7)]


def test_a_lifting_that_a_closed_request_still_owes_is_reminded_of_until_it_is_made() -> None:
    asked = _refused_after_the_restriction_was_made()
    assert told_between(CLOSED_AT, 5) == [(f"{CLOSED_AT.date().isoformat()}:3", 3)]
    end(ChangeTask.objects.get(subject_request=asked, kind=ChangeKind.LIFT_MEANWHILE))
    assert len(told_between(CLOSED_AT + timedelta(days=5), 6)) == 1
    assert oldest_open_work([asked.pk]) == {}


def test_a_search_counts_as_work_from_when_it_began() -> None:
    connect()
    asked = a_request_in(S.FULFILLING)
    assert oldest_open_work([asked.pk]) == {asked.pk: asked.state_since}


def _refused_after_the_restriction_was_made() -> SubjectRequest:
    connect()
    asked = a_request_in(S.WEIGHING)
    end(ChangeTask.objects.get(subject_request=asked))
    return perform(
        subject_request_id=asked.pk,
        move=Move.REFUSE,
        by=Actor.staff(rosa()),
        at=CLOSED_AT,
        reason="Because.",
        given={"code": "manifestly_unfounded"},
    )
