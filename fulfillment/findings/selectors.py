"""Questions about findings."""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import get_language

from fulfillment.datamaps.datamap import Collection
from fulfillment.datamaps.languages import in_language
from fulfillment.findings.models import Finding
from fulfillment.runs.models import FulfillmentRun, SourceTask
from fulfillment.runs.selectors import tasks_of_latest_search
from requests_app.lifecycle.models import SubjectRequest


@dataclass(frozen=True)
class MappedFinding:
    """A finding together with what the data map of its run says about the collection."""

    finding: Finding
    collection: Collection


@dataclass(frozen=True)
class SourceFindings:
    """What one source brought, in the order of its map. Excluded sources have no findings, and say so."""

    task: SourceTask
    findings: tuple[MappedFinding, ...]

    @property
    def rows(self) -> int:
        """How many records there are."""
        return sum(each.finding.row_count for each in self.findings)


def findings_of(subject_request: SubjectRequest) -> list[SourceFindings]:
    """The findings of the latest search, source by source, empty collections included."""
    return _with_findings(tasks_of_latest_search(subject_request))


def findings_in(run: FulfillmentRun) -> list[SourceFindings]:
    """The findings of one run, source by source, empty collections included."""
    return _with_findings(run.tasks.order_by("position"))


def _with_findings(tasks: QuerySet[SourceTask]) -> list[SourceFindings]:
    found = tasks.select_related("source", "map_version").prefetch_related("findings")
    return [_with_map(task) for task in found]


def _with_map(task: SourceTask) -> SourceFindings:
    data_map = in_language(task.map_version.data_map, get_language() or "")
    found = []
    for finding in task.findings.all():
        finding.task = task
        found.append(MappedFinding(finding, data_map.collection(finding.collection)))
    return SourceFindings(task, tuple(found))
