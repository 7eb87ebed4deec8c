"""A mail from its bytes to its one end."""

from datetime import timedelta

import pytest

from requests_app.audit.models import AuditEntry
from requests_app.intake.inbox.models import Door, InboundEmail, MailOutcome
from requests_app.intake.inbox.receive import Delivery, receive
from requests_app.intake.inbox.work import raw_of, work_on_mail
from requests_app.lifecycle.models import Channel, SubjectRequest
from requests_app.lifecycle.states import RequestState
from tests.factories import NOON
from tests.requests_app.intake.inbox.mails import ORDINARY, a_mail, taken_in

pytestmark = pytest.mark.django_db


def test_a_letter_becomes_a_request_whose_clock_began_when_the_mail_came() -> None:
    email = taken_in(a_mail())
    asked = SubjectRequest.objects.get()
    assert (email.outcome, email.reason) == (MailOutcome.CREATED, "looks_like_a_request")
    assert (asked.right, asked.received_at) == ("access", NOON)
    assert (asked.subject_name, asked.subject_email) == ("Ada Park", "ada@example.org")
    assert asked.state == RequestState.AWAITING_IDENTITY
    assert asked.submission.channel == Channel.MAIL
    assert email.submission == asked.submission


def test_several_rights_in_one_letter_are_one_submission_with_a_clock_each() -> None:
    text = (
        "I request access to my personal data under Art. 15 GDPR.\n\n"
        "I also ask you to delete my personal data under Art. 17 GDPR."
    )
    email = taken_in(a_mail(text))
    assert email.outcome == MailOutcome.CREATED
    assert set(SubjectRequest.objects.values_list("right", flat=True)) == {"access", "deletion"}
    assert SubjectRequest.objects.values("submission").distinct().count() == 1


def test_ordinary_mail_is_set_aside_and_its_bytes_stay() -> None:
    raw = a_mail(ORDINARY, subject="Twenty seats")
    email = taken_in(raw)
    assert (email.outcome, email.reason) == (MailOutcome.SET_ASIDE, "ordinary_mail")
    assert not SubjectRequest.objects.exists()
    assert raw_of(email) == raw


def test_a_letter_for_somebody_else_waits_for_a_person() -> None:
    text = (
        "We are the authorised agent of our client Ben Long. On his behalf we request access to his personal data "
        "under Article 15 GDPR. The signed authorisation is attached."
    )
    email = taken_in(a_mail(text, sender="Agent <agent@rights.example>"))
    assert (email.outcome, email.reason) == (MailOutcome.TRIAGE, "for_somebody_else")
    assert not SubjectRequest.objects.exists()


def test_the_same_mail_to_two_mailboxes_of_ours_is_one_request() -> None:
    raw = a_mail(message_id="<one@example.org>")
    first = taken_in(b"Received: from a\r\n" + raw, key="one")
    second = taken_in(b"Received: from b\r\n" + raw, key="two", minutes=1)
    assert (second.outcome, second.duplicate_of) == (MailOutcome.DUPLICATE, first)
    assert second.submission == first.submission
    assert SubjectRequest.objects.count() == 1


def test_another_mail_under_a_message_id_that_was_used_before_is_not_lost() -> None:
    taken_in(a_mail(message_id="<one@example.org>"))
    second = taken_in(
        a_mail("Please delete all my personal data. Art. 17 GDPR.", message_id="<one@example.org>"), minutes=1
    )
    assert second.outcome == MailOutcome.CREATED
    assert SubjectRequest.objects.count() == 2


def test_two_mails_without_an_id_are_two_mails() -> None:
    first = taken_in(a_mail(message_id=""), key="1")
    second = taken_in(a_mail("Delete my personal data, please. Article 17 GDPR.", message_id=""), key="2")
    assert [first.outcome, second.outcome] == [MailOutcome.CREATED, MailOutcome.CREATED]


def test_the_same_words_from_many_people_are_many_requests() -> None:
    for name in ("ada", "ben", "cem"):
        email = taken_in(a_mail(sender=f"{name} <{name}@example.org>"), mail_from=f"{name}@example.org")
        assert email.outcome == MailOutcome.CREATED
    assert SubjectRequest.objects.count() == 3


def test_the_same_delivery_is_worked_on_once() -> None:
    raw = a_mail()
    assert taken_in(raw).pk == taken_in(raw, minutes=3).pk
    assert InboundEmail.objects.count() == 1
    assert SubjectRequest.objects.count() == 1
    assert AuditEntry.objects.filter(event="mail.ended").count() == 1


def test_an_oversize_mail_is_an_item_with_its_headers() -> None:
    delivery = Delivery(
        door=Door.IMAP, key="box:1:7", raw=a_mail(subject="Big")[:400], size=50_000_000, received_at=NOON
    )
    received = receive(delivery, at=NOON)
    assert work_on_mail(email_id=received.email_id, at=NOON)
    email = InboundEmail.objects.get()
    assert (email.outcome, email.reason, email.said["subject"]) == (
        MailOutcome.QUARANTINED,
        "oversize",
        "Big",
    )


def test_the_clock_of_another_machine_makes_nothing_arrive_later_than_now() -> None:
    delivery = Delivery(door=Door.IMAP, key="k", raw=a_mail(), received_at=NOON + timedelta(days=9))
    receive(delivery, at=NOON)
    assert InboundEmail.objects.get().received_at == NOON
