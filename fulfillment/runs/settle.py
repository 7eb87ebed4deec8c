"""What a person does about a source that has failed: try it again now, or leave it out with a reason."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from fulfillment.owners.answer import cancel_tasks
from fulfillment.owners.ask import ask_again
from fulfillment.runs.models import SourceTask
from fulfillment.runs.states import RunState
from requests_app.audit.actors import Actor
from requests_app.audit.record import record
from requests_app.errors import BadInput, DomainError, NotPermitted
from requests_app.leases.models import WorkState
from requests_app.roles import Permission, permissions_of


class SourceAlreadyEnded(DomainError):
    """The source has given its answer, or the run is over."""

    code = "source_already_ended"


def retry_source(*, task_id: UUID, by: Actor, at: datetime) -> SourceTask:
    """Let a failed or waiting source be searched at once."""
    with transaction.atomic():
        task = _open_task(task_id, by)
        SourceTask.objects.filter(pk=task.pk).update(
            work_state=WorkState.WAITING, next_attempt_at=Now(), attempts=0, last_error=""
        )
        ask_again(key=task.owner_key, at=at)
        facts = {"source": task.source.key}
        record(event="source.retried", target=task.run.subject_request, by=by, at=at, facts=facts)
    return task


def exclude_source(*, task_id: UUID, reason: str, by: Actor, at: datetime) -> SourceTask:
    """Take a source out of the run; the answer to the person will say that it was not searched."""
    if not reason.strip():
        raise BadInput("Say why this source is left out: the person is told.")
    with transaction.atomic():
        task = _open_task(task_id, by)
        task.work_state, task.leased_until, task.ended_at = WorkState.CANCELLED, None, at
        task.fence = F("fence") + 1
        task.excluded_because, task.excluded_by_id = reason.strip(), UUID(by.key)
        task.save()
        cancel_tasks([task.owner_key], at=at)
        facts = {"source": task.source.key}
        record(event="source.excluded", target=task.run.subject_request, by=by, at=at, facts=facts)
    return task


def _open_task(task_id: UUID, by: Actor) -> SourceTask:
    if Permission.WORK_CASES not in permissions_of(by.roles):
        raise NotPermitted("Your role does not allow this.")
    task = (
        SourceTask.objects.select_for_update(of=("self",))
        .select_related("run__subject_request", "source")
        .get(pk=task_id)
    )
    if task.run.state != RunState.RUNNING or task.work_state not in (WorkState.WAITING, WorkState.DEAD):
        raise SourceAlreadyEnded("This source has already given its answer, or the search is over.")
    return task
