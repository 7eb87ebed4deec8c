"""What became of a mail, as the JSON that commands and the API print."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from requests_app.intake.inbox.models import InboundEmail
from requests_app.lifecycle.models import SubjectRequest

STILL_STORED = ("stored", "is_dealt_with_later")
SHOWN = (
    "rights", "looks_like_request", "language", "circumstances", "subject", "from_address", "from_name", "text",
    "attachments",
)  # fmt: skip


def told(email_id: UUID) -> Mapping[str, Any]:
    """Return what became of a mail, with the references of its requests; of one not dealt with yet, that it is kept."""
    email = InboundEmail.objects.select_related("subject_request").get(pk=email_id)
    outcome, reason = (email.outcome, email.reason) if email.outcome else STILL_STORED
    said = {name: email.said[name] for name in SHOWN if name in email.said}
    return {"outcome": outcome, "reason": reason, "requests": references_of(email), **said}


def references_of(email: InboundEmail) -> list[str]:
    """The references of the requests that a mail opened or belongs to, in the order in which they were asked for."""
    if email.submission_id:
        opened = SubjectRequest.objects.filter(submission_id=email.submission_id).order_by(
            "received_at", "pk"
        )
        return list(opened.values_list("reference", flat=True))
    return [email.subject_request.reference] if email.subject_request else []
