"""Mails as people and machines send them, and the short way through the whole pipeline."""

from collections.abc import Iterable
from datetime import timedelta
from email.message import EmailMessage
from uuid import uuid4

from requests_app.intake.inbox.models import Door, InboundEmail
from requests_app.intake.inbox.receive import Delivery, receive
from requests_app.intake.inbox.work import work_on_mail
from tests.factories import NOON

ASKS = "Please send me a copy of all personal data you hold about me, under Article 15 GDPR.\n\nThank you\nAda Park"
ORDINARY = (
    "Hello,\n\nplease find attached our invoice 2026-114 for the order of October.\n\nBest regards, Tom"
)
THANKS = "Thank you, that is clear to me now."


def a_mail(
    text: str = ASKS,
    *,
    sender: str = "Ada Park <ada@example.org>",
    subject: str = "My data",
    to: str = "info@omnesoft.com",
    message_id: str | None = None,
    headers: Iterable[tuple[str, str]] = (),
) -> bytes:
    """One message as bytes, with an id of its own unless told another; an empty one leaves it out."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, to, subject
    mail["Date"] = "Tue, 03 Nov 2026 09:00:00 +0000"
    if message_id != "":
        mail["Message-ID"] = message_id or f"<{uuid4().hex}@example.org>"
    for name, value in headers:
        mail[name] = value
    mail.set_content(text)
    return mail.as_bytes()


def bounce_of(message_id: str, *, action: str = "failed", status: str = "5.1.1") -> bytes:
    """What a mail server says about a mail of ours that it could not deliver (RFC 3464)."""
    return (
        "From: Mail Delivery <mailer-daemon@mx.example>\r\nTo: info@omnesoft.com\r\n"
        "Subject: Undelivered Mail Returned to Sender\r\nMessage-ID: <b1@mx.example>\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nIt could not be delivered.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
        f"Final-Recipient: rfc822; ada@example.org\r\nAction: {action}\r\nStatus: {status}\r\n"
        "Diagnostic-Code: smtp; 550 5.1.1 <ada@example.org> unknown\r\n\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {message_id}\r\nSubject: x\r\n\r\n--b--\r\n"
    ).encode()


def taken_in(
    raw: bytes,
    *,
    door: Door = Door.LMTP,
    key: str = "",
    mail_from: str = "ada@example.org",
    rcpt_to: tuple[str, ...] = ("info@omnesoft.com",),
    minutes: int = 0,
) -> InboundEmail:
    """A mail that was received and brought to its end; `minutes` after noon."""
    at = NOON + timedelta(minutes=minutes)
    delivery = Delivery(door=door, raw=raw, key=key, received_at=at, mail_from=mail_from, rcpt_to=rcpt_to)
    received = receive(delivery, at=at)
    work_on_mail(email_id=received.email_id, at=at)
    return InboundEmail.objects.get(pk=received.email_id)
