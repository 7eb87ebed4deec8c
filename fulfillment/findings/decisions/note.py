"""What the log keeps of decisions: how many of which sort, for which reason; never a word of what they cover."""

from collections.abc import Iterable
from datetime import datetime

from fulfillment.findings.decisions.models import Action, ReviewDecision, Scope
from fulfillment.findings.models import Finding
from requests_app.audit.actors import Actor
from requests_app.audit.record import record
from requests_app.lifecycle.models import SubjectRequest


def note_decided(
    rows: Iterable[ReviewDecision],
    finding: Finding,
    subject_request: SubjectRequest,
    *,
    by: Actor,
    at: datetime,
) -> None:
    """One line for all decisions of one act that say the same of different places of a finding."""
    alike: dict[tuple[str, str, str], list[ReviewDecision]] = {}
    for row in rows:
        if row.scope == Scope.RULE and row.action == Action.INCLUDE:
            # Leaving suggestions has a sentence of its own, with how many were left.
            continue
        alike.setdefault((row.scope, row.action, row.reason_code), []).append(row)
    for same in alike.values():
        _note(same[0], len(same), finding, subject_request, by=by, at=at)


def note_undone(
    rows: Iterable[ReviewDecision], subject_request: SubjectRequest, *, by: Actor, at: datetime
) -> None:
    """One line for each collection and action of what was taken back."""
    alike: dict[tuple[str, str, str], int] = {}
    for row in rows:
        place = (row.source.key, row.collection, row.action)
        alike[place] = alike.get(place, 0) + 1
    for (source, collection, action), count in alike.items():
        facts = {"source": source, "collection": collection, "action": action, "count": count}
        record(event="finding.undone", target=subject_request, by=by, at=at, facts=facts)


def _note(
    row: ReviewDecision,
    count: int,
    finding: Finding,
    subject_request: SubjectRequest,
    *,
    by: Actor,
    at: datetime,
) -> None:
    facts: dict[str, str | int] = {"source": finding.task.source.key, "collection": finding.collection}
    if row.scope == Scope.COLLECTION and row.action == Action.INCLUDE:
        record(event="finding.included", target=subject_request, by=by, at=at, facts=facts)
        return
    facts["reason"] = row.reason_code or "none"
    if row.scope == Scope.COLLECTION and row.action == Action.WITHHOLD:
        record(event="finding.withheld", target=subject_request, by=by, at=at, facts=facts)
        return
    facts |= {"action": row.action, "scope": row.rule or row.scope, "count": count}
    if row.line is not None and count == 1:
        facts["record"] = row.line
    record(event="finding.decided", target=subject_request, by=by, at=at, facts=facts)
