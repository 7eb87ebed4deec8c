"""What the person's own page shows of a deletion: what will be deleted and how to stop it, then the certificate."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from fulfillment.changes.begin import held_back_by
from fulfillment.changes.certificate import certificate_of
from fulfillment.changes.dry_run import dry_run_of
from requests_app.lifecycle.known_rights import right
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.rights.base import Operation
from requests_app.lifecycle.states import RequestState

PLANNED, CERTIFICATE = "changes/portal_planned.html", "changes/portal_certificate.html"


def planned_deletion(request: HttpRequest, subject_request: SubjectRequest) -> dict[str, Any] | None:
    """While a deletion waits: its numbers, its day, and the way back."""
    if subject_request.state != RequestState.WAITING_PERIOD:
        return None
    return {
        "dry_run": dry_run_of(subject_request),
        "waits_until": subject_request.waits_until,
        "is_held_back": held_back_by(subject_request, at=timezone.now()) is not None,
    }


def deletion_certificate(request: HttpRequest, subject_request: SubjectRequest) -> dict[str, Any] | None:
    """After a deletion: what was done."""
    is_deletion = right(subject_request.right).operation is Operation.ERASE
    if not is_deletion or subject_request.state != RequestState.COMPLETED:
        return None
    certificate = certificate_of(subject_request)
    if certificate is None:
        return None
    return {
        "certificate": certificate,
        "reference": subject_request.reference,
        "closed_at": subject_request.closed_at,
    }
