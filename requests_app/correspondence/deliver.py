"""Hand a stored mail to the mail server, effectively once."""

import smtplib
from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.utils.html import escape

from requests_app.audit.actors import Actor
from requests_app.audit.record import record
from requests_app.correspondence.compose import mark
from requests_app.correspondence.models import Message, OutgoingMail
from requests_app.correspondence.smtp import OutgoingEmail
from requests_app.correspondence.thread import thread_headers
from requests_app.leases.held import is_poison, poison_reason
from requests_app.leases.lease import Lease, take

LEASE = timedelta(seconds=90)
# A mail server that stays away is asked for a day; then a person sees the message among the failed ones.
GIVE_UP_AFTER = 40
CUT_OFF = "Sending was cut off several times without leaving a reason. Please look at the worker."
SYSTEM = Actor.system("correspondence")


def deliver_message(*, message_id: UUID | str, at: datetime) -> bool:
    """Send a waiting message to the person. Returns whether it was sent now."""
    return deliver_mail(Message, message_id, at=at)


def deliver_mail(model: type[OutgoingMail], mail_id: UUID | str, *, at: datetime) -> bool:
    """Send a waiting mail. Returns whether it was sent now; False when it is done, held by another, or failed."""
    lease = take(model, mail_id, length=LEASE)
    if lease is None:
        return False
    outgoing = model._default_manager.get(pk=mail_id)
    if not outgoing.may_be_sent:
        with lease.settled():
            lease.give_up(error="Its reader has left.")
        return False
    if is_poison(lease, outgoing.last_error):
        _give_up(lease, outgoing, poison_reason(outgoing.last_error, cut_off=CUT_OFF), at=at)
        return False
    try:
        _as_mail(outgoing).send()
    except smtplib.SMTPRecipientsRefused as refusal:
        codes = [code for code, _ in refusal.recipients.values()]
        _failed(lease, outgoing, codes[0] if codes else 550, at=at)
        return False
    except smtplib.SMTPResponseException as failure:
        _failed(lease, outgoing, failure.smtp_code, at=at)
        return False
    except (OSError, smtplib.SMTPException):
        _failed(lease, outgoing, None, at=at)
        return False
    _sent(lease, outgoing, at=at)
    return True


def _sent(lease: Lease, message: OutgoingMail, *, at: datetime) -> None:
    with lease.settled():
        message.sent_at = at
        message.secrets = {}
        message.save(update_fields=["sent_at", "secrets"])
        lease.done()
        facts = {"notice": message.notice}
        record(event="message.sent", target=message.concerns, by=SYSTEM, at=at, facts=facts)


def _failed(lease: Lease, message: OutgoingMail, smtp_code: int | None, *, at: datetime) -> None:
    """Permanent answers (5xx) are for a person; everything else is tried again, more and more slowly."""
    is_final = (smtp_code is not None and smtp_code >= 500) or lease.attempt >= GIVE_UP_AFTER
    reason = (
        "The mail server cannot be reached."
        if smtp_code is None
        else f"The mail server answered {smtp_code}."
    )
    if is_final:
        _give_up(lease, message, reason, at=at)
        return
    with lease.settled():
        lease.again(
            after=min(timedelta(seconds=10 * 2 ** min(lease.attempt, 8)), timedelta(hours=1)), error=reason
        )


def _give_up(lease: Lease, message: OutgoingMail, reason: str, *, at: datetime) -> None:
    """The mail is for a person now, who sees why."""
    with lease.settled():
        lease.give_up(error=reason)
        facts = {"notice": message.notice, "why": reason}
        record(event="message.failed", target=message.concerns, by=SYSTEM, at=at, facts=facts)


def _as_mail(message: OutgoingMail) -> OutgoingEmail:
    filled = message.secrets
    mail = OutgoingEmail(
        subject=message.subject,
        body=_with_secrets(message.text, filled),
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[message.to_address],
        headers={"Message-ID": message.rfc_message_id, **thread_headers(message)},
    )
    mail.is_automatic_answer = isinstance(message, Message) and message.is_automatic_answer
    escaped = {name: escape(value) for name, value in filled.items()}
    mail.attach_alternative(_with_secrets(message.html, escaped), "text/html")
    return mail


def _with_secrets(text: str, filled: Mapping[str, str]) -> str:
    for name, value in filled.items():
        text = text.replace(mark(name), value)
    return text
