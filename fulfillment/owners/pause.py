"""Reminders that wait while the task itself may not be done, and go on with the time that was lost."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction

from fulfillment.owners.ask import LEAST
from fulfillment.owners.models import OwnerTask, OwnerTaskState
from requests_app.leases.lease import LeaseLost, take
from requests_app.leases.models import WorkState

ASKED_AGAIN_AFTER = timedelta(minutes=30)


def put_reminder_off(*, task_id: UUID | str) -> None:
    """Take no step of reminding for now; this one is not lost."""
    lease = take(OwnerTask, task_id, length=timedelta(seconds=settings.STEP_LEASE_SECONDS))
    if lease is not None:
        with suppress(LeaseLost):
            lease.not_yet(after=ASKED_AGAIN_AFTER)


def resume_reminders(*, keys: Iterable[str], paused_at: datetime, at: datetime) -> int:
    """Give back the time for which these tasks were not to be done. Returns how many; in the caller's transaction.

    Nobody is reminded, or reported as late, for having waited as they were told to.
    """
    with transaction.atomic():
        tasks = OwnerTask.objects.select_for_update().filter(
            key__in=list(keys), state=OwnerTaskState.OPEN, work_state=WorkState.WAITING
        )
        for task in tasks:
            lost = at - max(paused_at, task.asked_at)
            task.answer_by = max(task.answer_by + lost, at + LEAST)
            left = task.answer_by - at
            task.next_attempt_at = at + left / 2 if task.reminded == 0 else task.answer_by
            task.save(update_fields=["answer_by", "next_attempt_at"])
    return len(tasks)
