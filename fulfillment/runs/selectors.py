"""Questions about runs."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet, Subquery

from fulfillment.runs.models import FulfillmentRun, SourceTask
from fulfillment.runs.states import RunPurpose, RunState, SourceState
from requests_app.lifecycle.models import SubjectRequest

ENDED = frozenset({SourceState.FOUND, SourceState.NONE_FOUND, SourceState.EXCLUDED, SourceState.CANCELLED})


@dataclass(frozen=True)
class Progress:
    """How far a run is."""

    run: FulfillmentRun
    tasks: tuple[SourceTask, ...]

    @property
    def ended(self) -> int:
        """How many sources have their end."""
        return sum(task.source_state in ENDED for task in self.tasks)

    @property
    def rows(self) -> int:
        """How many records were found so far."""
        return sum(task.rows_seen for task in self.tasks)

    @property
    def is_running(self) -> bool:
        """Whether something is still to come."""
        return self.ended < len(self.tasks)

    @property
    def failed(self) -> tuple[SourceTask, ...]:
        """The sources that wait for a person."""
        return tuple(task for task in self.tasks if task.source_state is SourceState.FAILED)


def latest_run(subject_request: SubjectRequest) -> FulfillmentRun | None:
    """The newest run of a request, whatever became of it."""
    return FulfillmentRun.objects.filter(subject_request=subject_request).order_by("-number").first()


def latest_run_for(subject_request: SubjectRequest, purpose: RunPurpose) -> FulfillmentRun | None:
    """The newest run of a request that had this purpose."""
    # By the request's own relation: its runs then know it, and do not fetch it again.
    found: FulfillmentRun | None = subject_request.runs.filter(purpose=purpose).order_by("-number").first()
    return found


def tasks_of_latest_search(subject_request: SubjectRequest) -> QuerySet[SourceTask]:
    """The rows of work of the newest search of a request, in their order, by one statement; none before the first."""
    runs = subject_request.runs.filter(purpose=RunPurpose.SEARCH).order_by("-number")
    return SourceTask.objects.filter(run=Subquery(runs.values("pk")[:1])).order_by("position")


def progress(run: FulfillmentRun) -> Progress:
    """How far a run is, source by source."""
    tasks = run.tasks.select_related("source", "map_version").order_by("position")
    return Progress(run, tuple(tasks))


def runs_open_since(request_ids: Collection[UUID]) -> dict[UUID, datetime]:
    """Since when a search is running, of those of these requests that have one."""
    found = FulfillmentRun.objects.filter(subject_request__in=request_ids, state=RunState.RUNNING)
    return dict(found.values_list("subject_request", "started_at"))
