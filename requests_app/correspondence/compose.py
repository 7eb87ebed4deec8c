"""Notices: which exist, and how a name with its context becomes subject, text and HTML."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.template.loader import render_to_string
from django.utils import timezone, translation

from requests_app.jurisdictions.load import jurisdiction
from requests_app.lifecycle.models import SubjectRequest
from requests_app.policy.company import COMPANY


class Notice(StrEnum):
    """Every message we send; each has a folder of three templates under templates/emails/."""

    RECEIVED = "received"
    CONFIRM_IDENTITY = "confirm_identity"
    IDENTITY_CONFIRMED = "identity_confirmed"
    PROOF_NEEDED = "proof_needed"
    PROOF_REJECTED = "proof_rejected"
    LESSENED = "lessened"
    PORTAL_CODE = "portal_code"
    DOWNLOAD_CODE = "download_code"
    COPY_READY = "copy_ready"
    COPY_EXPIRED = "copy_expired"
    COPY_TAKEN_BACK = "copy_taken_back"
    ANSWERED = "answered"
    IN_FORCE = "in_force"
    KEPT_IN_FORCE = "kept_in_force"
    LIFTING_ANNOUNCED = "lifting_announced"
    LIFTED = "lifted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"
    DATE_MOVED = "date_moved"
    QUESTION_ASKED = "question_asked"
    FEE_ASKED = "fee_asked"
    FORWARDED = "forwarded"
    JOINED = "joined"
    CONFIRM_REMINDER = "confirm_reminder"
    QUESTION_REMINDER = "question_reminder"
    GUARDIAN_ASKED = "guardian_asked"
    DELETION_PLANNED = "deletion_planned"
    DELETION_DONE = "deletion_done"


@dataclass(frozen=True)
class Composed:
    """A notice ready to be stored; codes and links are still marks such as [[code]]."""

    subject: str
    text: str
    html: str


def mark(name: str) -> str:
    """What stands in a stored text where a secret is filled in at delivery."""
    return f"[[{name}]]"


def compose(notice: Notice, *, subject_request: SubjectRequest, context: Mapping[str, object]) -> Composed:
    """Draw a notice in the language of the request, and in the time zone in which its law counts days."""
    zone = jurisdiction(subject_request.regime).zone
    values = {
        **context,
        "subject_request": subject_request,
        "reference": subject_request.reference,
        "company": COMPANY,
        "zone": zone.key,
    }
    folder = f"emails/{notice.value}"
    with translation.override(subject_request.language), timezone.override(zone):
        return Composed(
            subject=" ".join(render_to_string(f"{folder}/subject.txt", values).split()),
            text=render_to_string(f"{folder}/body.txt", values).strip() + "\n",
            html=render_to_string(f"{folder}/body.html", values),
        )
