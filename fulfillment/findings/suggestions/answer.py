"""Answer suggestions: cover what is somebody else's, or leave it; one by one, or all of a kind in a collection."""

from collections.abc import Callable, Collection
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import QuerySet

from fulfillment.findings.decisions.decide import decide, under_review
from fulfillment.findings.decisions.models import Action, Kind, ReviewDecision, Rule, Scope
from fulfillment.findings.decisions.wanted import Wanted
from fulfillment.findings.suggestions.duty import kinds_that_wait
from fulfillment.findings.suggestions.models import Answer, Suggestion
from requests_app.audit.actors import Actor
from requests_app.audit.record import record
from requests_app.errors import BadInput
from requests_app.lifecycle.perform import locked


def cover(
    *, finding_id: UUID, suggestion_ids: Collection[UUID], reason_code: str, by: Actor, at: datetime
) -> int:
    """Redact what some suggestions mean. Returns how many; what was answered before stays answered.

    Raises BadInput, ReviewIsOver, NotPermitted.
    """
    return _one_by_one(finding_id, suggestion_ids, Answer.ACCEPTED, reason_code, by=by, at=at)


def leave(*, finding_id: UUID, suggestion_ids: Collection[UUID], by: Actor, at: datetime) -> int:
    """Let what some suggestions mean go out, whatever a rule says of it. Raises ReviewIsOver, NotPermitted."""
    return _one_by_one(finding_id, suggestion_ids, Answer.REFUSED, "", by=by, at=at)


def cover_kind(
    *, finding_id: UUID, kind: Kind, reason_code: str, by: Actor, at: datetime, batch: UUID | None = None
) -> ReviewDecision:
    """Redact everything of a kind in a collection, by a rule that also holds after another search.

    Raises BadInput, ReviewIsOver, NotPermitted.
    """
    rule = Wanted(Scope.RULE, Action.REDACT, reason_code=reason_code, rule=Rule.OTHERS, kind=kind)
    (decision,) = decide(finding_id=finding_id, wanted=[rule], by=by, at=at, batch=batch)
    return decision


def leave_kind(
    *, finding_id: UUID, kind: Kind, because: str, by: Actor, at: datetime, batch: UUID | None = None
) -> int:
    """Leave what waits of a kind in a collection, for one of `LeftBecause`; what is found later waits anew.

    Returns how many. Raises BadInput, ReviewIsOver, NotPermitted.
    """
    with transaction.atomic():
        finding, subject_request = under_review(finding_id, by)
        left = _open(finding_id).filter(kind=kind)
        if not left.exists():
            raise BadInput("Nothing of this kind waits for an answer.")
        rule = Wanted(Scope.RULE, Action.INCLUDE, reason_code=because, rule=Rule.OTHERS, kind=kind)
        (decision,) = decide(finding_id=finding_id, wanted=[rule], by=by, at=at, batch=batch)
        count = left.update(
            state=Answer.REFUSED, answered_at=at, answered_by_id=UUID(by.key), decision=decision
        )
        facts = {"source": finding.task.source.key, "collection": finding.collection, "reason": because}
        facts |= {"kind": kind.value, "count": str(count)}
        record(event="finding.suggestions_left", target=subject_request, by=by, at=at, facts=facts)
    return count


def cover_everything(*, subject_request_id: UUID, reason_code: str, by: Actor, at: datetime) -> int:
    """Redact what is suggested anywhere in the review, as one act. Returns how many waited for it.

    Raises BadInput, ReviewIsOver, NotPermitted.
    """

    def act(finding_id: UUID, kind: Kind, batch: UUID) -> int:
        waiting = _open(finding_id).filter(kind=kind).count()
        cover_kind(finding_id=finding_id, kind=kind, reason_code=reason_code, by=by, at=at, batch=batch)
        return waiting

    return _everywhere(subject_request_id, act)


def leave_everything(*, subject_request_id: UUID, because: str, by: Actor, at: datetime) -> int:
    """Leave what is suggested anywhere in the review, as one act. Returns how many waited for it.

    Raises BadInput, ReviewIsOver, NotPermitted.
    """

    def act(finding_id: UUID, kind: Kind, batch: UUID) -> int:
        return leave_kind(finding_id=finding_id, kind=kind, because=because, by=by, at=at, batch=batch)

    return _everywhere(subject_request_id, act)


def _everywhere(subject_request_id: UUID, act: Callable[[UUID, Kind, UUID], int]) -> int:
    with transaction.atomic():
        subject_request = locked(subject_request_id)
        waiting = kinds_that_wait(subject_request)
        if not waiting:
            raise BadInput("No suggestion waits for an answer.")
        batch = uuid4()
        return sum(act(finding_id, kind, batch) for finding_id, kind in waiting)


def _one_by_one(
    finding_id: UUID,
    suggestion_ids: Collection[UUID],
    answer: Answer,
    reason_code: str,
    *,
    by: Actor,
    at: datetime,
) -> int:
    with transaction.atomic():
        under_review(finding_id, by)
        asked = list(_open(finding_id).filter(pk__in=suggestion_ids))
        if not asked:
            raise BadInput("These suggestions were answered already.")
        action = Action.REDACT if answer is Answer.ACCEPTED else Action.INCLUDE
        wanted = [_wanted(each, action, reason_code) for each in asked]
        rows = decide(finding_id=finding_id, wanted=wanted, by=by, at=at)
        for suggestion, row in zip(asked, rows, strict=True):
            suggestion.state, suggestion.decision = answer, row
            suggestion.answered_at, suggestion.answered_by_id = at, UUID(by.key)
        Suggestion.objects.bulk_update(asked, ["state", "decision", "answered_at", "answered_by"])
    return len(asked)


def _wanted(suggestion: Suggestion, action: Action, reason_code: str) -> Wanted:
    return Wanted(
        Scope.ITEM,
        action,
        reason_code=reason_code,
        line=suggestion.line,
        place=suggestion.place,
        start=suggestion.start,
        end=suggestion.end,
        kind=Kind(suggestion.kind),
    )


def _open(finding_id: UUID) -> "QuerySet[Suggestion]":
    return Suggestion.objects.filter(finding_id=finding_id, state=Answer.OPEN)
