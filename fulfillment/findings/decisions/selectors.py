"""Which decisions stand, and which fell away because their source was searched again."""

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from django.db.models import QuerySet

from fulfillment.findings.decisions.models import Action, ReviewDecision, Scope
from fulfillment.findings.models import Finding
from fulfillment.findings.selectors import SourceFindings
from requests_app.lifecycle.models import SubjectRequest

Place = tuple[UUID, str]


def decisions_of(subject_request: SubjectRequest) -> "QuerySet[ReviewDecision]":
    """Every decision that nobody took back, the oldest first; items of an earlier search too."""
    return ReviewDecision.objects.filter(subject_request=subject_request, undone_at=None)


def standing_at(finding: Finding) -> list[ReviewDecision]:
    """What was decided of one finding: its own items, and the rules and word on its collection."""
    subject_request = finding.task.run.subject_request
    found = decisions_of(subject_request).filter(
        source_id=finding.task.source_id, collection=finding.collection
    )
    found = found.select_related("decided_by")
    return [each for each in found if means(each, finding)]


def means(decision: ReviewDecision, finding: Finding) -> bool:
    """Whether a decision about the collection holds for what this search gave of it."""
    is_of_what_was_seen = decision.scope == Scope.ITEM or (
        decision.scope == Scope.RULE and decision.action == Action.INCLUDE
    )
    return not is_of_what_was_seen or decision.finding_id == finding.pk


def standing_in(
    subject_request: SubjectRequest, found: Iterable[SourceFindings]
) -> dict[UUID, list[ReviewDecision]]:
    """The same for all findings of a request at once, by the finding's key."""
    by_place: dict[Place, list[ReviewDecision]] = defaultdict(list)
    for decision in decisions_of(subject_request):
        by_place[decision.source_id, decision.collection].append(decision)
    standing: dict[UUID, list[ReviewDecision]] = {}
    for part in found:
        for each in part.findings:
            here = by_place.get((part.task.source_id, each.finding.collection), ())
            standing[each.finding.pk] = [one for one in here if means(one, each.finding)]
    return standing


def fallen_away(
    subject_request: SubjectRequest, found: Iterable[SourceFindings]
) -> list[tuple[str, str, int]]:
    """Source, collection and number of decisions of single records that mean nothing any more."""
    present = {each.finding.pk for part in found for each in part.findings}
    counts: dict[tuple[str, str], int] = defaultdict(int)
    for decision in decisions_of(subject_request).filter(scope=Scope.ITEM).select_related("source"):
        if decision.finding_id not in present:
            counts[decision.source.label, decision.collection] += 1
    return [(source, collection, number) for (source, collection), number in sorted(counts.items())]


def last_act(subject_request: SubjectRequest) -> list[ReviewDecision]:
    """The decisions of the newest act that was not taken back; none when there is none."""
    newest = decisions_of(subject_request).order_by("-decided_at", "-id").first()
    return list(decisions_of(subject_request).filter(batch=newest.batch)) if newest else []
