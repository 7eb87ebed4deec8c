"""Two ticks at the same time, on two connections: each reminder is written once, and each mail."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.db import connection

from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.states import RequestState
from requests_app.reminders.models import Digest, ReminderPlan, ReminderSent, ReminderTold, StaffMail
from requests_app.reminders.send import send_reminders
from tests.factories import a_request_in, rosa

pytestmark = pytest.mark.django_db(transaction=True)
# The last day of a request of 3 November in Portugal; in New York the digest is due as well.
LAST_DAY = datetime(2026, 12, 3, 14, 0, tzinfo=UTC)


def _side_by_side(job: Callable[[], object], *, times: int) -> None:
    ready, troubles = threading.Barrier(times), []

    def run() -> None:
        try:
            ready.wait(20)
            job()
        except BaseException as trouble:  # noqa: BLE001 - shown by the test
            troubles.append(trouble)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert troubles == []


def test_four_ticks_at_once_tell_everything_once() -> None:
    worker = rosa()
    many = [a_request_in(RequestState.IN_REVIEW, email=f"ada{number}@example.org") for number in range(12)]
    SubjectRequest.objects.update(assignee=worker)
    for _round in range(2):
        _side_by_side(lambda: send_reminders(at=LAST_DAY), times=4)
    assert ReminderPlan.objects.count() == len(many)
    assert ReminderSent.objects.filter(kind="due", level="assignee").count() == len(many)
    assert ReminderTold.objects.filter(mail=None).count() == 0
    assert Digest.objects.count() == 1
    assert ReminderTold.objects.count() == len(many)
    # What a slower tick finds after the digest was written is one more mail, and never the same again.
    mails = list(StaffMail.objects.all())
    assert {mail.member_id for mail in mails} == {worker.pk}
    assert [mail.notice for mail in mails].count("staff_digest") == 1
    assert sum(mail.reminders.count() for mail in mails) == len(many)
    assert all(mail.reminders.exists() for mail in mails if mail.notice == "staff_reminder")


def test_a_tick_goes_past_what_another_one_holds() -> None:
    asked = a_request_in(RequestState.IN_REVIEW)
    rosa()
    send_reminders(at=LAST_DAY)
    ReminderPlan.objects.update(look_at=LAST_DAY)
    held, may_end = threading.Event(), threading.Event()

    def hold() -> None:
        with connection.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute("SELECT 1 FROM requests_app_reminderplan FOR UPDATE")
            held.set()
            may_end.wait(20)
            cursor.execute("ROLLBACK")
        connection.close()

    holder = threading.Thread(target=hold)
    holder.start()
    assert held.wait(20)
    assert send_reminders(at=LAST_DAY).count == 0
    may_end.set()
    holder.join(20)
    assert send_reminders(at=LAST_DAY).count == 1
    assert asked.reminders.filter(kind="due").count() == 1
