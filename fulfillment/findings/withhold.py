"""Decide what goes into the copy: withhold a collection for a reason of the case's law, or include it again."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from fulfillment.findings.models import Decision, Finding
from requests_app.audit.actors import Actor
from requests_app.audit.record import record
from requests_app.errors import BadInput, DomainError, NotPermitted
from requests_app.jurisdictions.load import jurisdiction, right_code
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.perform import locked
from requests_app.lifecycle.states import RequestState
from requests_app.roles import Permission, permissions_of


class ReviewIsOver(DomainError):
    """Findings are decided only while the request is in review."""

    code = "review_is_over"


def withhold_finding(
    *, finding_id: UUID, reason_code: str, note: str = "", by: Actor, at: datetime
) -> Finding:
    """Keep a collection out of the copy. `reason_code` is one of the law's grounds for refusing.

    Raises BadInput, ReviewIsOver, NotPermitted.
    """
    with transaction.atomic():
        finding, subject_request = _under_review(finding_id, by)
        grounds = jurisdiction(subject_request.regime).refusals_for(right_code(subject_request.right))
        if reason_code not in {ground.code for ground in grounds}:
            raise BadInput("Choose a reason that the law of this request knows.")
        _decide(finding, Decision.WITHHOLD, by=by, at=at, reason_code=reason_code, note=note.strip())
        facts = {"source": finding.task.source.key, "collection": finding.collection, "reason": reason_code}
        record(event="finding.withheld", target=subject_request, by=by, at=at, facts=facts)
    return finding


def include_finding(*, finding_id: UUID, by: Actor, at: datetime) -> Finding:
    """Undo: let a collection go into the copy after all. Raises ReviewIsOver, NotPermitted."""
    with transaction.atomic():
        finding, subject_request = _under_review(finding_id, by)
        _decide(finding, Decision.INCLUDE, by=by, at=at, reason_code="", note="")
        facts = {"source": finding.task.source.key, "collection": finding.collection}
        record(event="finding.included", target=subject_request, by=by, at=at, facts=facts)
    return finding


def _under_review(finding_id: UUID, by: Actor) -> tuple[Finding, SubjectRequest]:
    if Permission.WORK_CASES not in permissions_of(by.roles):
        raise NotPermitted("Your role does not allow this.")
    finding = Finding.objects.select_related("task__run", "task__source").get(pk=finding_id)
    subject_request = locked(finding.task.run.subject_request_id)
    if subject_request.state != RequestState.CHECKING:
        raise ReviewIsOver(
            "The review of these findings is over. Send the request back to review to change them."
        )
    return Finding.objects.select_related("task__run", "task__source").get(pk=finding_id), subject_request


def _decide(
    finding: Finding, decision: Decision, *, by: Actor, at: datetime, reason_code: str, note: str
) -> None:
    finding.decision, finding.reason_code, finding.reason_note = decision, reason_code, note
    finding.decided_by_id = UUID(by.key)
    finding.decided_at = at
    finding.save(update_fields=["decision", "reason_code", "reason_note", "decided_by", "decided_at"])
