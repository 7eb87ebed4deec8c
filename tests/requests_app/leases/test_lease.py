"""Leased rows: one holder at a time, and a slow one cannot write."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.db.models import F
from django.db.models.functions import Now

from requests_app.correspondence.models import Message
from requests_app.leases.lease import LeaseLost, due, take
from requests_app.leases.models import WorkState
from tests.factories import ada_asks

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def row() -> UUID:
    """A message that waits to be sent."""
    return ada_asks().messages.get().pk


def _let_it_run_out(row: UUID) -> None:
    Message.objects.filter(pk=row).update(leased_until=Now() - MINUTE)


def test_a_held_row_is_not_given_again(row: UUID) -> None:
    assert take(Message, row, length=MINUTE) is not None
    assert take(Message, row, length=MINUTE) is None
    assert due(Message) == []


def test_a_lease_that_ran_out_is_given_again_with_a_higher_fence(row: UUID) -> None:
    first = take(Message, row, length=MINUTE)
    _let_it_run_out(row)
    assert due(Message) == [row]
    second = take(Message, row, length=MINUTE)
    assert first
    assert second
    assert second.fence == first.fence + 1


def test_the_slow_holder_cannot_beat_or_write(row: UUID) -> None:
    slow = take(Message, row, length=MINUTE)
    _let_it_run_out(row)
    fast = take(Message, row, length=MINUTE)
    assert slow
    assert fast
    with pytest.raises(LeaseLost):
        slow.beat()
    with pytest.raises(LeaseLost), slow.settled():
        slow.done()
    with fast.settled():
        fast.done()
    assert Message.objects.get(pk=row).work_state == WorkState.DONE


def test_a_finished_row_is_never_given_again(row: UUID) -> None:
    lease = take(Message, row, length=MINUTE)
    assert lease
    lease.done()
    assert take(Message, row, length=MINUTE) is None


def test_a_row_handed_back_waits_for_its_moment(row: UUID) -> None:
    lease = take(Message, row, length=MINUTE)
    assert lease
    lease.again(after=MINUTE, error="The mail server cannot be reached.")
    assert take(Message, row, length=MINUTE) is None
    Message.objects.filter(pk=row).update(next_attempt_at=F("next_attempt_at") - 2 * MINUTE)
    again = take(Message, row, length=MINUTE)
    assert again
    assert again.attempt == 2
