"""What the person's own page says of recipients; a deletion's certificate says it of deletions."""

from typing import Any

from django.http import HttpRequest

from fulfillment.recipients.selectors import told_of
from requests_app.lifecycle.known_rights import right
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.rights.base import Operation

TOLD = "recipients/portal_told.html"


def recipients_told(request: HttpRequest, subject_request: SubjectRequest) -> dict[str, Any] | None:
    """Who had the data and was told, with the day; behind a line to open (Article 19 GDPR, last sentence)."""
    if right(subject_request.right).operation is Operation.ERASE:
        return None
    told = told_of(subject_request)
    return {"told": told} if told else None
