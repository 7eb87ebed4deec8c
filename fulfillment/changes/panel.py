"""What the person's own page shows of changes: a deletion to come, its certificate, and what could not be done."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from fulfillment.changes.begin import held_back_by
from fulfillment.changes.certificate import certificate_of
from fulfillment.changes.dry_run import dry_run_of
from fulfillment.changes.holding import hold_of
from fulfillment.changes.models import ChangeState, ChangeTask
from fulfillment.changes.read_backs.shown import told_looks
from requests_app.lifecycle.known_rights import right
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.rights.base import Operation
from requests_app.lifecycle.states import RequestState

PLANNED, CERTIFICATE = "changes/portal_planned.html", "changes/portal_certificate.html"
UNDONE, LOOKED_AT = "changes/portal_undone.html", "changes/portal_looked_at.html"
CARRIED_OUT = frozenset(
    {RequestState.IN_FORCE, RequestState.LIFTING_ANNOUNCED, RequestState.LIFTING, RequestState.COMPLETED}
)


def planned_deletion(request: HttpRequest, subject_request: SubjectRequest) -> dict[str, Any] | None:
    """While a deletion waits: its numbers, its day, and the way back."""
    if subject_request.state != RequestState.WAITING_PERIOD or subject_request.waits_until is None:
        return None
    # Asked of the day on which it would begin: nobody is promised a day that their own copy holds up.
    begins_at = max(timezone.now(), subject_request.waits_until)
    return {
        "dry_run": dry_run_of(subject_request),
        "waits_until": subject_request.waits_until,
        "is_held": hold_of(subject_request) is not None,
        "is_held_back": held_back_by(subject_request, at=begins_at) is not None,
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
        "looks": told_looks(subject_request),
    }


def looked_at(request: HttpRequest, subject_request: SubjectRequest) -> dict[str, Any] | None:
    """How we saw that a change was made, and when we look again; of deletions the certificate says it."""
    is_deletion = right(subject_request.right).operation is Operation.ERASE
    if is_deletion or subject_request.state not in CARRIED_OUT:
        return None
    looks = told_looks(subject_request)
    return {"looks": looks} if looks else None


def left_undone(request: HttpRequest, subject_request: SubjectRequest) -> dict[str, Any] | None:
    """What a source could not do, with the reason that staff gave; a deletion's certificate says it of deletions."""
    is_deletion = right(subject_request.right).operation is Operation.ERASE
    if is_deletion or subject_request.state not in CARRIED_OUT:
        return None
    tasks = ChangeTask.objects.filter(subject_request=subject_request).select_related("source")
    last = {(task.source_id, task.kind): task for task in tasks.order_by("attempt")}
    undone = [task for task in last.values() if task.state == ChangeState.COULD_NOT]
    return {"undone": undone} if undone else None
