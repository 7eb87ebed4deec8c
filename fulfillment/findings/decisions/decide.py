"""Decide what of the findings goes out: records, values, words, by rule or collection; and take a decision back."""

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction

from fulfillment.findings.decisions.fitness import refuse_unfit
from fulfillment.findings.decisions.models import Action, ReviewDecision, Scope
from fulfillment.findings.decisions.note import note_decided, note_undone
from fulfillment.findings.decisions.selectors import decisions_of, last_act, standing_at
from fulfillment.findings.decisions.wanted import Wanted
from fulfillment.findings.models import Decision, Finding
from fulfillment.findings.selectors import findings_of
from fulfillment.findings.suggestions.models import Answer, Suggestion
from fulfillment.findings.suggestions.settle import settle
from requests_app.audit.actors import Actor
from requests_app.errors import DomainError, NotPermitted
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.perform import locked
from requests_app.lifecycle.states import RequestState
from requests_app.roles import Permission, permissions_of

AT_ONCE = 500


class ReviewIsOver(DomainError):
    """Findings are decided only while the request is in review."""

    code = "review_is_over"


class NothingToUndo(DomainError):
    """There is no decision that could be taken back."""

    code = "nothing_to_undo"


def decide(
    *, finding_id: UUID, wanted: Sequence[Wanted], by: Actor, at: datetime, batch: UUID | None = None
) -> list[ReviewDecision]:
    """Make some decisions about one finding as one act, or as part of the act that `batch` names.

    What was suggested and is answered by them waits no longer. Raises BadInput, ReviewIsOver, NotPermitted.
    """
    with transaction.atomic():
        finding, subject_request = under_review(finding_id, by)
        for each in wanted:
            refuse_unfit(each, finding, subject_request)
        batch = batch or uuid4()
        rows = [_row(each, finding, subject_request, batch=batch, by=by, at=at) for each in wanted]
        for row in rows:
            if row.scope == Scope.COLLECTION and row.action != Action.REDACT:
                put_on(finding, row)
        ReviewDecision.objects.bulk_create(rows, batch_size=AT_ONCE)
        settle(finding, rows)
        note_decided(rows, finding, subject_request, by=by, at=at)
    return rows


def undo(*, decision_id: UUID, by: Actor, at: datetime) -> list[ReviewDecision]:
    """Take back everything that one act decided. Raises ReviewIsOver, NotPermitted, NothingToUndo."""
    decision = ReviewDecision.objects.get(pk=decision_id)

    def of_same_act(subject_request: SubjectRequest) -> list[ReviewDecision]:
        return list(decisions_of(subject_request).filter(batch=decision.batch))

    return _take_back(decision.subject_request_id, of_same_act, by=by, at=at)


def undo_last(*, subject_request_id: UUID, by: Actor, at: datetime) -> list[ReviewDecision]:
    """Take back the newest act of the review. Raises ReviewIsOver, NotPermitted, NothingToUndo."""
    return _take_back(subject_request_id, last_act, by=by, at=at)


def under_review(finding_id: UUID, by: Actor) -> tuple[Finding, SubjectRequest]:
    """The finding and its locked request. Raises ReviewIsOver, NotPermitted."""
    finding = Finding.objects.select_related("task__run").get(pk=finding_id)
    subject_request = _locked_in_review(finding.task.run.subject_request_id, by)
    found = Finding.objects.select_related("task__run", "task__source", "task__map_version")
    return found.get(pk=finding_id), subject_request


def put_on(finding: Finding, decision: ReviewDecision) -> None:
    """Let a word on a whole collection be what its finding says."""
    finding.decision = Decision.WITHHOLD if decision.action == Action.WITHHOLD else Decision.INCLUDE
    finding.reason_code, finding.reason_note = decision.reason_code, decision.note
    finding.decided_by_id, finding.decided_at = decision.decided_by_id, decision.decided_at
    _save(finding)


def _locked_in_review(subject_request_id: UUID, by: Actor) -> SubjectRequest:
    if Permission.WORK_CASES not in permissions_of(by.roles):
        raise NotPermitted("Your role does not allow this.")
    subject_request = locked(subject_request_id)
    if subject_request.state != RequestState.CHECKING:
        raise ReviewIsOver(
            "The review of these findings is over. Send the request back to review to change them."
        )
    return subject_request


def _row(
    wanted: Wanted, finding: Finding, subject_request: SubjectRequest, *, batch: UUID, by: Actor, at: datetime
) -> ReviewDecision:
    return ReviewDecision(
        subject_request=subject_request,
        source_id=finding.task.source_id,
        collection=finding.collection,
        finding=finding,
        batch=batch,
        scope=wanted.scope,
        action=wanted.action,
        line=wanted.line,
        place=wanted.place,
        start=wanted.start,
        end=wanted.end,
        rule=wanted.rule or "",
        field=wanted.field,
        kind=wanted.kind or "",
        test=wanted.test or "",
        value=wanted.value,
        reason_code=wanted.reason_code,
        note=wanted.note.strip(),
        was_withheld_for=finding.reason_code if finding.is_withheld else "",
        was_noted=finding.reason_note if finding.is_withheld else "",
        decided_at=at,
        decided_by_id=UUID(by.key),
    )


def _take_back(
    subject_request_id: UUID,
    which: Callable[[SubjectRequest], list[ReviewDecision]],
    *,
    by: Actor,
    at: datetime,
) -> list[ReviewDecision]:
    with transaction.atomic():
        subject_request = _locked_in_review(subject_request_id, by)
        rows = which(subject_request)
        if not rows:
            raise NothingToUndo("There is no decision that could be taken back.")
        keys = [each.pk for each in rows]
        ReviewDecision.objects.filter(pk__in=keys).update(undone_at=at, undone_by_id=UUID(by.key))
        _open_again(keys)
        for row in rows:
            if row.scope == Scope.COLLECTION and row.action != Action.REDACT:
                _put_back(row, subject_request)
        note_undone(rows, subject_request, by=by, at=at)
    return rows


def _open_again(decision_ids: list[UUID]) -> None:
    """What these decisions answered waits again, unless another one that stands answers it as well."""
    answered = Suggestion.objects.filter(decision__in=decision_ids)
    findings = list(Finding.objects.filter(pk__in=answered.values("finding")).select_related("task__run"))
    answered.update(state=Answer.OPEN, decision=None, answered_at=None, answered_by=None)
    for finding in findings:
        settle(finding, standing_at(finding))


def _put_back(taken: ReviewDecision, subject_request: SubjectRequest) -> None:
    """What the collection was before: by the word that stood until then, or by its map's duty to keep."""
    finding = next(
        (
            each.finding
            for part in findings_of(subject_request)
            for each in part.findings
            if (part.task.source_id, each.finding.collection) == (taken.source_id, taken.collection)
        ),
        None,
    )
    if finding is None:
        return
    before = decisions_of(subject_request).filter(
        source_id=taken.source_id, collection=taken.collection, scope=Scope.COLLECTION
    )
    newest = before.exclude(action=Action.REDACT).last()
    if newest is not None:
        put_on(finding, newest)
        return
    finding.decision = Decision.WITHHOLD if taken.was_withheld_for else Decision.INCLUDE
    finding.reason_code, finding.reason_note = taken.was_withheld_for, taken.was_noted
    finding.decided_by_id, finding.decided_at = None, taken.decided_at if taken.was_withheld_for else None
    _save(finding)


def _save(finding: Finding) -> None:
    finding.save(update_fields=["decision", "reason_code", "reason_note", "decided_by", "decided_at"])
