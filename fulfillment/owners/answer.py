"""Answer a task: something is held, nothing is, or it cannot be said; and end it when nobody wants it any more."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.dispatch import Signal

from fulfillment.connectors.asking import Held
from fulfillment.owners.errors import NothingHandedIn
from fulfillment.owners.hand_in import refuse_ended
from fulfillment.owners.models import OwnerTask, OwnerTaskState, OwnerUpload
from requests_app.audit.actors import Actor
from requests_app.audit.record import record
from requests_app.encryption.doomed import doom
from requests_app.errors import BadInput
from requests_app.leases.models import WorkState

# Sent with `task`, inside the transaction that ended it.
answered = Signal()


def answer_task(*, task_id: UUID, held: Held, note: str, at: datetime) -> OwnerTask:
    """Take down the answer to a search. Raises NothingHandedIn, BadInput, OwnerTaskEnded."""
    with transaction.atomic():
        task = locked_task(task_id)
        refuse_ended(task)
        _refuse_unfit(task, held, note)
        end_task(task, held=held, note=note, at=at)
    return task


def end_task(task: OwnerTask, *, held: Held, note: str = "", at: datetime) -> None:
    """Close a task that was done and announce it, in the caller's transaction."""
    task.held, task.note = held, note.strip()
    _close(task, OwnerTaskState.ANSWERED, at=at)
    count = sum(task.uploads.values_list("rows", flat=True))
    facts = {"source": task.source.key, "held": held.value, "records": count}
    by = Actor.owner(str(task.pk))
    record(event="owner.answered", target=task.subject_request, by=by, at=at, facts=facts)
    answered.send(OwnerTask, task=task, at=at)


def cancel_tasks(keys: Iterable[str], *, at: datetime) -> int:
    """End the open tasks of these keys: their links are dead from this moment. Returns how many."""
    with transaction.atomic():
        found = OwnerTask.objects.select_for_update().filter(key__in=list(keys), state=OwnerTaskState.OPEN)
        tasks = list(found)
        for task in tasks:
            _close(task, OwnerTaskState.CANCELLED, at=at)
            _forget(task)
    return len(tasks)


def forget_uploads(key: str) -> None:
    """Delete what was handed in for a key, once the search has taken it over; in the caller's transaction."""
    for task in OwnerTask.objects.filter(key=key):
        _forget(task)


def locked_task(task_id: UUID) -> OwnerTask:
    """The task under a lock, with its source and request."""
    found = OwnerTask.objects.select_for_update(of=("self",)).select_related("source", "subject_request")
    return found.get(pk=task_id)


def _close(task: OwnerTask, state: OwnerTaskState, *, at: datetime) -> None:
    """Nobody is looked for any more, so what the person is known by is forgotten here."""
    task.state, task.ended_at, task.identities_sealed = state, at, []
    task.code_digest, task.code_expires_at = "", None
    task.work_state, task.leased_until = WorkState.DONE, None
    task.save()
    OwnerTask.objects.filter(pk=task.pk).update(fence=F("fence") + 1)


def _forget(task: OwnerTask) -> None:
    names = list(OwnerUpload.objects.filter(task=task).values_list("store_name", flat=True))
    OwnerUpload.objects.filter(task=task).delete()
    doom(names)


def _refuse_unfit(task: OwnerTask, held: Held, note: str) -> None:
    count = task.uploads.count()
    if held is Held.FOUND and not count:
        raise NothingHandedIn("Hand in what you found first, or say that nothing is held.")
    if held is not Held.FOUND and count:
        raise BadInput("You have handed something in. Take it back first, or say that something is held.")
    if held is Held.CANNOT and not note.strip():
        raise BadInput("Say why you cannot answer: somebody will read it and help.")
