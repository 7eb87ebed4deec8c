"""Store a message and announce it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from email.utils import parseaddr
from secrets import token_hex
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction

from requests_app import signals
from requests_app.correspondence.compose import compose, mark
from requests_app.correspondence.models import Message
from requests_app.correspondence.notices import LETTERS, Notice
from requests_app.letters.blocks import Block
from requests_app.letters.write import write_letter
from requests_app.lifecycle.models import SubjectRequest


def write_message(
    notice: Notice,
    *,
    subject_request: SubjectRequest,
    at: datetime,
    context: Mapping[str, object] | None = None,
    secrets: Mapping[str, str] | None = None,
    to_address: str = "",
    enclosed: Sequence[Block] = (),
) -> Message:
    """Write a notice to the person, to be delivered after the transaction; to their own address unless told another.

    `secrets` (codes, links) are kept apart, put in at delivery, and then forgotten; templates see them as marks. What
    is a letter is kept as one, with what is `enclosed`: that does not go by mail.
    """
    marks = {name: mark(name) for name in secrets or {}}
    composed = compose(notice, subject_request=subject_request, context={**(context or {}), **marks})
    with transaction.atomic():
        message = Message.objects.create(
            subject_request=subject_request,
            notice=notice,
            language=subject_request.language,
            to_address=to_address or subject_request.contact_address,
            subject=composed.subject,
            text=composed.text,
            html=composed.html,
            secrets=dict(secrets or {}),
            rfc_message_id=new_message_id(),
            written_at=at,
        )
        if notice in LETTERS:
            write_letter(notice, composed.said, subject_request=subject_request, at=at, enclosed=enclosed)
        signals.message_written.send(Message, message=message, at=at)
    return message


def new_message_id() -> str:
    """A Message-ID that nobody can guess: an answer that names it has the mail."""
    return f"<{token_hex(16)}@{mail_domain()}>"


def mail_domain() -> str:
    """The domain in the Message-ID of our mails."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    return domain or urlsplit(settings.PUBLIC_URL).hostname or "localhost"
