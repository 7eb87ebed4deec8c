"""A letter to a recipient: its text without anything personal, and what fills it in when it is sent."""

import json
import secrets
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256

from django.conf import settings
from django.dispatch import Signal
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from fulfillment.recipients.models import RecipientLetter, RecipientNotice, Way
from requests_app.correspondence.compose import mark
from requests_app.correspondence.write import new_message_id
from requests_app.policy.company import COMPANY

NOTICE, REMINDER = "recipient_notice", "recipient_reminder"
# Sent with `letter`, inside the transaction that wrote it or had it sent once more.
letter_waits = Signal()


def write_letter(notice: RecipientNotice, *, at: datetime) -> RecipientLetter:
    """Write the first letter or the next reminder of a notice, with a link of its own, in the caller's transaction."""
    recipient = notice.recipient
    assert recipient is not None  # noqa: S101 - nobody is written to whom nobody has set up
    # Lower-case hexadecimal: mail systems change the case of links.
    token = secrets.token_hex(32)
    is_mail = recipient.way == Way.MAIL
    subject, text, html = _mail(notice) if is_mail else ("", _call(notice, at), "")
    letter = RecipientLetter.objects.create(
        about=notice,
        number=notice.reminders,
        way=recipient.way,
        notice=REMINDER if notice.reminders else NOTICE,
        to_address=recipient.target,
        subject=subject,
        text=text,
        html=html,
        secrets={
            **_filling(notice),
            "answer_url": settings.PUBLIC_URL + reverse("answer:answer", args=[token]),
        },
        answer_hash=hash_of(token),
        rfc_message_id=new_message_id(),
        written_at=at,
    )
    letter_waits.send(RecipientLetter, letter=letter)
    return letter


def hash_of(token: str) -> str:
    """What is kept of a token."""
    return sha256(token.lower().encode()).hexdigest()


def sign_of(notice: RecipientNotice) -> str:
    """Our sign on a letter: it leads to the notice, and says nothing of the request."""
    return f"N-{notice.pk.hex[:10].upper()}"


def _filling(notice: RecipientNotice) -> dict[str, str]:
    """Everything personal of a letter: put in when it is sent, then forgotten with it."""
    said = notice.said_sealed
    corrected = {f"right_{number}": right for number, (_, right) in enumerate(said.get("corrected", ()))}
    values = said.get("values", ())
    numbered = {f"person_{number}": value for number, value in enumerate(values)}
    return {"person": ", ".join(values), **numbered, **corrected}


def _mail(notice: RecipientNotice) -> tuple[str, str, str]:
    recipient = notice.recipient
    assert recipient is not None  # noqa: S101 - see above
    said = notice.said_sealed
    with translation.override(recipient.language):
        context = {
            **_what(notice),
            "recipient": recipient,
            "company": COMPANY,
            "language": recipient.language,
            "known_by": said.get("label", ""),
            "person": mark("person"),
            "corrected": [
                (label, mark(f"right_{number}"))
                for number, (label, _) in enumerate(said.get("corrected", ()))
            ],
            "answer_url": mark("answer_url"),
        }
        folder = "emails/recipient_notice"
        return (
            " ".join(render_to_string(f"{folder}/subject.txt", context).split()),
            render_to_string(f"{folder}/body.txt", context).strip() + "\n",
            render_to_string(f"{folder}/body.html", context),
        )


def _what(notice: RecipientNotice) -> Mapping[str, object]:
    return {
        "kind": notice.kind.removesuffix("_meanwhile"),
        "is_meanwhile": notice.kind.endswith("_meanwhile"),
        "is_reminder": bool(notice.reminders),
        "written_at": notice.written_at,
        "reference": sign_of(notice),
        "concerns": list(dict.fromkeys(label for _, label in notice.places)),
    }


def _call(notice: RecipientNotice, at: datetime) -> str:
    said = notice.said_sealed
    return json.dumps(
        {
            "type": f"recipient.{notice.kind}",
            "timestamp": at.isoformat(),
            "data": {
                "notice": sign_of(notice),
                "reminder": notice.reminders,
                "person": {
                    "kind": said.get("kind", ""),
                    "values": [mark(f"person_{number}") for number in range(len(said.get("values", ())))],
                },
                "concerns": list(dict.fromkeys(label for _, label in notice.places)),
                "corrections": [
                    {"field": label, "right": mark(f"right_{number}")}
                    for number, (label, _) in enumerate(said.get("corrected", ()))
                ],
                "answer_url": mark("answer_url"),
            },
        },
        ensure_ascii=False,
    )
