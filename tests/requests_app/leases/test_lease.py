"""Leased rows: one holder at a time, and a slow one cannot write."""

import threading
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection, transaction
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


def test_results_on_the_row_are_written_by_its_holder_alone(row: UUID) -> None:
    slow = take(Message, row, length=MINUTE)
    _let_it_run_out(row)
    fast = take(Message, row, length=MINUTE)
    assert slow
    assert fast
    with pytest.raises(LeaseLost):
        slow.done(subject="slow")
    with pytest.raises(LeaseLost):
        slow.write(last_error="slow")
    fast.write(last_error="fast")
    assert Message.objects.get(pk=row).last_error == "fast"


@pytest.mark.django_db(transaction=True)
def test_of_many_at_the_same_moment_one_gets_the_row() -> None:
    row = ada_asks().messages.get().pk
    start, taken = threading.Barrier(6), []

    def rival() -> None:
        try:
            start.wait(timeout=30)
            taken.append(take(Message, row, length=MINUTE))
        finally:
            connection.close()

    threads = [threading.Thread(target=rival) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert [each.fence for each in taken if each] == [1]
    assert len(taken) == 6


@pytest.mark.django_db(transaction=True)
def test_a_row_that_somebody_writes_to_is_not_waited_for() -> None:
    row = ada_asks().messages.get().pk
    taken: list[object] = []

    def rival() -> None:
        try:
            taken.append(take(Message, row, length=MINUTE))
        finally:
            connection.close()

    with transaction.atomic():
        Message.objects.select_for_update().get(pk=row)
        thread = threading.Thread(target=rival)
        thread.start()
        thread.join(timeout=30)
        assert taken == [None]


def test_rows_that_stay_due_keep_nobody_behind_them_from_being_offered() -> None:
    rows = [ada_asks(email=f"ada{each}@example.org").messages.get().pk for each in range(5)]
    rounds = [due(Message, limit=2) for _ in range(5)]
    assert all(len(each) == 2 for each in rounds)
    offered = [key for each in rounds for key in each]
    assert sorted(offered[:5]) == sorted(rows), "each is offered once before any is offered again"
    assert set(due(Message, limit=10)) == set(rows)
