"""A mail to staff that the mail server refused goes once more: the same one, by a button, and never twice."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from pytest_django import Settings

from omne_dsar.embedded import ports
from requests_app.accounts.models import StaffMember
from requests_app.audit.actors import Actor
from requests_app.audit.models import AuditEntry
from requests_app.correspondence.deliver import deliver_mail
from requests_app.decisions.errors import NotToBeSentAgain
from requests_app.errors import NotPermitted
from requests_app.leases.models import WorkState
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.states import RequestState
from requests_app.reminders.models import ReminderTold, StaffMail
from requests_app.reminders.send import send_reminders
from requests_app.reminders.send_again import send_staff_mail_again, undelivered_staff_mails
from tests.desk import signed_in
from tests.factories import a_request_in, piet, rosa
from tests.mailbox import Mailbox

pytestmark = pytest.mark.django_db
LAST_DAY = datetime(2026, 12, 3, 9, 0, tzinfo=UTC)
LATER = LAST_DAY + timedelta(hours=3)


@pytest.fixture
def asked() -> SubjectRequest:
    found = a_request_in(RequestState.IN_REVIEW)
    SubjectRequest.objects.filter(pk=found.pk).update(assignee=rosa())
    return found


@pytest.fixture
def dead(asked: SubjectRequest, settings: Settings, mailbox: Mailbox) -> StaffMail:
    """The reminder of the last day, refused for good by a real mail server."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = ports.LOOPBACK, mailbox.port
    mailbox.answer = "550 No such mailbox"
    send_reminders(at=LAST_DAY)
    mail = StaffMail.objects.get()
    assert not deliver_mail(StaffMail, mail.pk, at=LAST_DAY)
    mailbox.answer = "250 OK"
    mail.refresh_from_db()
    assert mail.work_state == WorkState.DEAD
    return mail


def _again(mail: StaffMail) -> None:
    send_staff_mail_again(mail_id=mail.pk, by=Actor.staff(rosa()), at=LATER)


def test_the_button_sends_the_same_mail_under_its_own_name_and_no_second_one(
    asked: SubjectRequest, dead: StaffMail, mailbox: Mailbox
) -> None:
    desk, page = signed_in(rosa()), reverse("review:staff_mails")
    assert "Mails that failed" in desk.get(reverse("review:queue")).content.decode()
    shown = desk.get(page).content.decode()
    assert "The mail server answered 550." in shown
    case = desk.get(reverse("review:clock", args=[asked.reference])).content.decode()
    case += desk.get(reverse("review:decisions", args=[asked.reference])).content.decode()
    assert "The mail did not reach Rosa Reviewer." in case

    button = reverse("review:staff_mail_again", args=[dead.pk])
    assert desk.get(button).status_code == 405
    assert desk.post(button).headers["Location"] == page
    assert "is one to send again" not in desk.post(button, follow=True).content.decode()
    assert deliver_mail(StaffMail, dead.pk, at=LATER)
    assert not deliver_mail(StaffMail, dead.pk, at=LATER)
    (mail,) = mailbox.messages
    assert mail["Message-ID"] == dead.rfc_message_id
    assert StaffMail.objects.count() == 1
    assert AuditEntry.objects.filter(event="message.tried_again").count() == 1
    assert "Every mail to staff has arrived" in desk.get(page).content.decode()
    assert "Mails that failed" not in desk.get(reverse("review:queue")).content.decode()


def test_it_goes_to_the_address_that_the_person_has_now(dead: StaffMail, mailbox: Mailbox) -> None:
    StaffMember.objects.filter(pk=dead.member_id).update(email="rosa.new@omne.example")
    _again(dead)
    assert deliver_mail(StaffMail, dead.pk, at=LATER)
    assert mailbox.messages[0]["To"] == "rosa.new@omne.example"


def test_what_is_on_its_way_or_lost_its_reader_or_its_point_is_left_alone(dead: StaffMail) -> None:
    _again(dead)
    with pytest.raises(NotToBeSentAgain):
        _again(dead)
    StaffMail.objects.update(work_state=WorkState.DEAD)
    StaffMember.objects.filter(pk=dead.member_id).update(is_active=False)
    assert undelivered_staff_mails() == []
    StaffMember.objects.filter(pk=dead.member_id).update(is_active=True)
    StaffMail.objects.update(notice="staff_digest")
    newer = StaffMail.objects.get()
    newer.pk, newer.rfc_message_id, newer.written_at = None, "<newer@omne.example>", LATER
    newer.work_state = WorkState.DONE
    newer.save(force_insert=True)
    assert undelivered_staff_mails() == [dead], "what was new in it is told nowhere else"
    ReminderTold.objects.all().delete()
    assert undelivered_staff_mails() == []


def test_only_who_works_cases_may(dead: StaffMail) -> None:
    with pytest.raises(NotPermitted):
        send_staff_mail_again(mail_id=dead.pk, by=Actor.staff(piet()), at=LATER)
    assert signed_in(piet()).get(reverse("review:staff_mails")).status_code == 403
