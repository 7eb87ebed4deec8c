"""Which finder the decisions of a finding need: most need none, and nothing is looked for then."""

from collections.abc import Iterable

from fulfillment.findings.decisions.models import Action, ReviewDecision, Rule, Scope
from fulfillment.findings.release.plan import Finder, nobody_else
from fulfillment.findings.selectors import MappedFinding
from fulfillment.findings.suggestions.models import SuggestionScan
from fulfillment.findings.suggestions.others import Others
from fulfillment.findings.suggestions.own import own_of
from fulfillment.findings.suggestions.people import People
from requests_app.lifecycle.models import SubjectRequest


def finder_for(
    subject_request: SubjectRequest, mapped: MappedFinding, decisions: Iterable[ReviewDecision]
) -> Finder:
    """What looks for other people in the records of a collection."""
    if not any(_looks_for_others(each) for each in decisions):
        return nobody_else
    return others_in(subject_request, mapped).edits


def others_in(subject_request: SubjectRequest, mapped: MappedFinding, people: People | None = None) -> Others:
    """What finds everybody but the person of a request in a collection; `people` are those whom the scan knew.

    A number written without a country is one of the place that the request comes from: `DE-BE` is in DE.
    """
    if people is None:
        scan = SuggestionScan.objects.filter(finding=mapped.finding).first()
        people = People.read(scan.people) if scan else None
    region = subject_request.place.partition("-")[0]
    return Others(own_of(subject_request), mapped.collection, region, people)


def _looks_for_others(decision: ReviewDecision) -> bool:
    if decision.scope == Scope.COLLECTION:
        return decision.action == Action.REDACT
    return decision.rule == Rule.OTHERS and decision.action != Action.INCLUDE
