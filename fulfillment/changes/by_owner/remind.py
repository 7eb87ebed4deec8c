"""Remind whoever answers for a source of a change, but not while the changes of its request are held back."""

from datetime import datetime
from uuid import UUID

from fulfillment.changes.models import ChangeHold
from fulfillment.owners.models import OwnerTask, Purpose
from fulfillment.owners.pause import put_reminder_off
from fulfillment.owners.remind import remind_owner


def remind_unless_held(*, task_id: UUID | str, at: datetime) -> bool:
    """Take the next step of reminding, or put it off while a hold stands. Returns whether somebody was reminded.

    A hold stops changes and no search: whoever was only asked to look is reminded as ever.
    """
    held = ChangeHold.objects.filter(lifted_at=None).values("subject_request")
    asked = OwnerTask.objects.filter(pk=task_id, purpose=Purpose.CHANGE, subject_request__in=held)
    if asked.exists():
        put_reminder_off(task_id=task_id)
        return False
    return remind_owner(task_id=task_id, at=at)
