"""After another search of a source: what was decided of whole collections holds for what was found now."""

from fulfillment.findings.decisions.decide import put_on
from fulfillment.findings.decisions.models import Action, Scope
from fulfillment.findings.decisions.selectors import decisions_of
from fulfillment.findings.models import Finding
from fulfillment.runs.models import SourceTask
from fulfillment.runs.states import RunPurpose


def carry_over(task: SourceTask) -> None:
    """Put the standing word on each collection on its new finding; in the caller's transaction.

    Decisions of single records fall away with the records they named, which the review says.
    """
    if task.run.purpose != RunPurpose.SEARCH:
        return
    words = decisions_of(task.run.subject_request).filter(source_id=task.source_id, scope=Scope.COLLECTION)
    newest = {each.collection: each for each in words if each.action != Action.REDACT}
    for finding in Finding.objects.filter(task=task, collection__in=newest):
        put_on(finding, newest[finding.collection])
