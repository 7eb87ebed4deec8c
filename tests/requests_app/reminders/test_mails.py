"""Mails to staff: the same delivery as for letters, and none to somebody who has left."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.test import Client

from requests_app.accounts.models import StaffMember
from requests_app.audit.models import AuditEntry
from requests_app.correspondence.deliver import deliver_mail
from requests_app.leases.models import WorkState
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.states import RequestState
from requests_app.reminders import mails
from requests_app.reminders.models import ReminderSent, ReminderTold, StaffMail
from requests_app.reminders.send import send_reminders
from requests_app.roles import Role
from tests.desk import signed_in
from tests.factories import a_request_in, rosa, staff
from tests.offered import offered

pytestmark = pytest.mark.django_db
LAST_DAY = datetime(2026, 12, 3, 9, 0, tzinfo=UTC)
SOON = LAST_DAY + timedelta(minutes=1)


@pytest.fixture
def worker() -> StaffMember:
    return rosa()


@pytest.fixture
def asked(worker: StaffMember) -> SubjectRequest:
    found = a_request_in(RequestState.IN_REVIEW)
    SubjectRequest.objects.filter(pk=found.pk).update(assignee=worker)
    return found


def test_it_is_delivered_once_with_its_own_message_id(asked: SubjectRequest, worker: StaffMember) -> None:
    send_reminders(at=LAST_DAY)
    written = StaffMail.objects.get()
    assert deliver_mail(StaffMail, written.pk, at=SOON)
    assert not deliver_mail(StaffMail, written.pk, at=SOON)
    (sent,) = mail.outbox
    assert sent.to == [worker.email]
    assert sent.extra_headers["Message-ID"] == written.rfc_message_id
    assert sent.subject == f"{asked.reference} is due on 3 December"
    assert AuditEntry.objects.filter(event="message.sent", target_id=str(worker.pk)).count() == 1


def test_whoever_leaves_before_it_is_sent_gets_nothing(asked: SubjectRequest, worker: StaffMember) -> None:
    send_reminders(at=LAST_DAY)
    StaffMember.objects.filter(pk=worker.pk).update(is_active=False)
    written = StaffMail.objects.get()
    assert not deliver_mail(StaffMail, written.pk, at=SOON)
    written.refresh_from_db()
    assert written.work_state == WorkState.DEAD
    assert mail.outbox == []


def test_a_tick_that_died_before_the_mail_is_made_good_by_the_next(
    asked: SubjectRequest, worker: StaffMember
) -> None:
    send_reminders(at=LAST_DAY)
    ReminderTold.objects.update(mail=None)
    StaffMail.objects.all().delete()
    row = ReminderSent.objects.get(kind="due")
    ReminderTold.objects.get_or_create(reminder=row, member=worker)
    send_reminders(at=SOON)
    (written,) = StaffMail.objects.all()
    assert asked.reference in written.text


def test_a_case_shows_what_was_told_to_whom_and_what_comes_next(asked: SubjectRequest) -> None:
    send_reminders(at=LAST_DAY)
    client: Client = signed_in(staff("Ana", Role.PRIVACY_LEAD))
    page = client.get(f"/staff/requests/{asked.reference}/decisions/").content.decode()
    assert "Reminders" in page
    assert "Last working day to answer" in page
    assert "Whoever the case is given to: Rosa Reviewer" in page
    assert "Nobody: a later one was due" not in page


def test_a_mail_names_the_most_urgent_and_leaves_the_rest_to_the_queue(
    worker: StaffMember, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mails, "PER_SECTION", 2)
    for number in range(3):
        a_request_in(RequestState.IN_REVIEW, email=f"ada{number}@example.org")
    SubjectRequest.objects.update(assignee=worker)
    send_reminders(at=LAST_DAY)
    (written,) = StaffMail.objects.all()
    assert written.subject == "3 requests need somebody now"
    assert written.text.count("Due today") == 2
    assert "And 1 more in the queue." in written.text
    assert "And 1 more in the queue." in written.html


def test_it_is_on_its_way_as_soon_as_it_is_written(asked: SubjectRequest, worker: StaffMember) -> None:
    with offered() as hints:
        send_reminders(at=LAST_DAY)
    written = StaffMail.objects.get()
    assert ("requests_app.deliver_staff_mail", {"mail_id": str(written.pk)}) in hints
