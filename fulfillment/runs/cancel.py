"""Stop a run: rows that nobody finished are cancelled, and what they would write is refused by the fence."""

from datetime import datetime

from django.db.models import F

from fulfillment.owners.answer import cancel_tasks
from fulfillment.runs.models import FulfillmentRun, SourceTask
from fulfillment.runs.states import RunState
from requests_app.leases.models import WorkState
from requests_app.lifecycle.models import SubjectRequest


def cancel_runs(*, subject_request: SubjectRequest, at: datetime) -> None:
    """Cancel what is running for a request; in the transaction that moved the request away."""
    running = list(FulfillmentRun.objects.filter(subject_request=subject_request, state=RunState.RUNNING))
    if not running:
        return
    SourceTask.objects.filter(run__in=running, work_state__in=(WorkState.WAITING, WorkState.DEAD)).update(
        work_state=WorkState.CANCELLED, leased_until=None, fence=F("fence") + 1, ended_at=at
    )
    stopped = SourceTask.objects.filter(run__in=running)
    cancel_tasks([task.owner_key for task in stopped], at=at)
    FulfillmentRun.objects.filter(pk__in=[run.pk for run in running]).update(
        state=RunState.CANCELLED, ended_at=at
    )
