"""What a task that is cut short still held: freed at once, or put off with a reason that says nothing personal."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import OperationalError, connection
from django.db.models.functions import Now

from requests_app.correspondence.deliver import deliver_message
from requests_app.correspondence.models import Message
from requests_app.leases.held import MOST_BREAKS, forget_held, hand_back, note_break
from requests_app.leases.lease import LeaseLost, take
from requests_app.leases.models import WorkState
from tests.factories import NOON, ada_asks

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
SECRET = "ada@example.org"


@pytest.fixture
def row(monkeypatch: pytest.MonkeyPatch) -> UUID:
    """A message that waits to be sent; the test's own transaction must stay open."""
    monkeypatch.setattr(connection, "close", lambda: None)
    forget_held()
    return ada_asks().messages.get().pk


def test_a_step_that_is_stopped_frees_its_row_and_was_no_attempt(row: UUID) -> None:
    lease = take(Message, row, length=MINUTE)
    assert lease is not None
    hand_back()
    message = Message.objects.get(pk=row)
    assert (message.leased_until, message.attempts, message.last_error) == (None, 0, "")
    with pytest.raises(LeaseLost):
        lease.beat()
    assert take(Message, row, length=MINUTE) is not None


def test_a_step_that_broke_is_put_off_and_says_what_broke_but_not_about_whom(row: UUID) -> None:
    take(Message, row, length=MINUTE)
    note_break(KeyError(SECRET))
    message = Message.objects.get(pk=row)
    assert message.last_error == "The step broke on our side (KeyError)."
    assert (message.leased_until, message.attempts) == (None, 1)
    assert take(Message, row, length=MINUTE) is None


@pytest.mark.django_db(transaction=True)
def test_a_step_whose_connection_to_our_database_ended_is_put_off_and_was_no_attempt() -> None:
    forget_held()
    row = ada_asks().messages.get().pk
    take(Message, row, length=MINUTE)
    with pytest.raises(OperationalError) as lost, connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
    note_break(lost.value)
    message = Message.objects.get(pk=row)
    assert (message.leased_until, message.attempts, message.last_error) == (None, 0, "")
    assert take(Message, row, length=MINUTE) is None


def test_a_statement_that_our_database_refused_was_an_attempt(row: UUID) -> None:
    take(Message, row, length=MINUTE)
    note_break(OperationalError("canceling statement due to lock timeout"))
    message = Message.objects.get(pk=row)
    assert message.last_error == "The step broke on our side (OperationalError)."
    assert message.attempts == 1


def test_what_a_later_holder_has_is_not_touched(row: UUID) -> None:
    take(Message, row, length=MINUTE)
    Message.objects.filter(pk=row).update(fence=7, leased_until=Now() + MINUTE)
    hand_back()
    assert Message.objects.get(pk=row).leased_until is not None


def test_what_was_settled_is_held_no_more(row: UUID) -> None:
    lease = take(Message, row, length=MINUTE)
    assert lease is not None
    with lease.settled():
        lease.done()
    note_break(ValueError())
    assert Message.objects.get(pk=row).work_state == WorkState.DONE


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        ("", "Sending was cut off several times without leaving a reason. Please look at the worker."),
        (
            "The step broke on our side (KeyError).",
            "The step broke on our side (KeyError). It was tried 6 times. Please look at the worker.",
        ),
    ],
)
def test_a_mail_that_broke_again_and_again_is_for_a_person(row: UUID, error: str, reason: str) -> None:
    Message.objects.filter(pk=row).update(attempts=MOST_BREAKS, last_error=error)
    assert deliver_message(message_id=row, at=NOON) is False
    message = Message.objects.get(pk=row)
    assert (message.work_state, message.last_error) == (WorkState.DEAD, reason)
