"""Delivery: effectively once, secrets forgotten, failures told apart."""

import smtplib
from datetime import timedelta

import pytest
from django.db.models.functions import Now
from pytest_django import Settings

from omne_dsar.embedded import ports
from requests_app.audit.models import AuditEntry
from requests_app.correspondence.deliver import deliver_message
from requests_app.correspondence.models import Message
from requests_app.leases.models import WorkState
from tests.factories import NOON, ada_asks
from tests.mailbox import Mailbox

pytestmark = pytest.mark.django_db
SOON = NOON + timedelta(minutes=1)


@pytest.fixture
def message(settings: Settings, mailbox: Mailbox) -> Message:
    """A notice with a code, and a mail server that takes it."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = ports.LOOPBACK, mailbox.port
    return ada_asks().messages.get()


def test_the_mail_carries_code_and_link_and_nothing_of_the_person(message: Message, mailbox: Mailbox) -> None:
    code = message.secrets["code"]
    assert deliver_message(message_id=message.pk, at=SOON)
    mail = mailbox.sent_to("ada@example.org")[0]
    text, html = (mail.get_body((kind,)).get_content() for kind in ("plain", "html"))
    for body in (text, html):
        assert code in body
        assert "/confirm/" in body
        assert "Ada" not in body
        assert "[[" not in body
    assert message.subject_request.reference in mail["Subject"]
    assert mail["Message-ID"] == message.rfc_message_id
    assert mail["Auto-Submitted"] == "auto-generated"


def test_secrets_are_forgotten_once_they_are_sent(message: Message) -> None:
    deliver_message(message_id=message.pk, at=SOON)
    sent = Message.objects.get(pk=message.pk)
    assert sent.secrets == {}
    assert sent.sent_at == SOON
    assert sent.work_state == WorkState.DONE


def test_a_second_call_sends_nothing(message: Message, mailbox: Mailbox) -> None:
    assert deliver_message(message_id=message.pk, at=SOON)
    assert not deliver_message(message_id=message.pk, at=SOON)
    assert len(mailbox.messages) == 1


def test_a_mail_server_that_is_away_is_tried_again(message: Message, settings: Settings) -> None:
    settings.EMAIL_PORT = ports.free_port()
    assert not deliver_message(message_id=message.pk, at=SOON)
    waiting = Message.objects.get(pk=message.pk)
    assert waiting.work_state == WorkState.WAITING
    assert waiting.last_error == "The mail server cannot be reached."
    assert Message.objects.filter(pk=message.pk, next_attempt_at__gt=Now()).exists()


@pytest.mark.parametrize(("answer", "state"), [(450, WorkState.WAITING), (550, WorkState.DEAD)])
def test_an_address_refused_for_now_is_tried_again_and_one_refused_for_good_is_for_a_person(
    message: Message, monkeypatch: pytest.MonkeyPatch, answer: int, state: WorkState
) -> None:
    def refuse(*_given: object, **_options: object) -> None:
        raise smtplib.SMTPRecipientsRefused({"ada@example.org": (answer, b"no")})

    monkeypatch.setattr(smtplib.SMTP, "sendmail", refuse)
    assert not deliver_message(message_id=message.pk, at=SOON)
    assert Message.objects.get(pk=message.pk).work_state == state
    assert AuditEntry.objects.filter(event="message.failed").exists() is (state is WorkState.DEAD)
