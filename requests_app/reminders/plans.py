"""Which requests are to be looked at now: those whose moment has come, and those that changed since the last look."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import F, Q

from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.states import RequestState
from requests_app.reminders.models import ReminderPlan

# An open request is looked at every day or two even if nothing is known to fall due: the policy or a law may have
# changed. By its key, so that those that came together spread over the day. A proof can come at any hour.
_DAY, _MONTH, _HOURS = timedelta(days=1), timedelta(days=30), timedelta(hours=4)


def note_changes(*, at: datetime) -> None:
    """Have every request looked at that is new, was moved, or has another date; each in one question."""
    unplanned = SubjectRequest.objects.filter(reminder_plan__isnull=True).values_list("pk", flat=True)
    ReminderPlan.objects.bulk_create(
        (ReminderPlan(subject_request_id=key, look_at=at) for key in unplanned.iterator()),
        batch_size=1000,
        ignore_conflicts=True,
    )
    moved = ~Q(version=F("subject_request__version")) | ~Q(due_on=F("subject_request__response_due_on"))
    changed = list(ReminderPlan.objects.filter(moved, look_at__gt=at).values_list("pk", flat=True))
    ReminderPlan.objects.filter(pk__in=changed).update(look_at=at)


def look_soon(*, subject_request_id: UUID, at: datetime) -> None:
    """Have a request looked at in the next tick, for something has changed that stands in other rows than its own."""
    ReminderPlan.objects.filter(subject_request=subject_request_id, look_at__gt=at).update(look_at=at)


def take_plans(*, at: datetime, limit: int) -> list[ReminderPlan]:
    """Lock plans whose moment has come, the longest waiting first; inside a transaction, past those held elsewhere."""
    due = ReminderPlan.objects.select_for_update(skip_locked=True).filter(look_at__lte=at)
    return list(due.order_by("look_at")[:limit])


def keep_plans(plans: list[ReminderPlan]) -> None:
    """Store plans that were taken: one statement for all, many times faster than an update of each."""
    ReminderPlan.objects.bulk_create(
        plans,
        update_conflicts=True,
        unique_fields=["subject_request"],
        update_fields=["look_at", "version", "due_on", "notes", "has_notes"],
    )


def is_behind(*, at: datetime) -> bool:
    """Whether requests still wait to be looked at, here or in another tick that has not finished."""
    return ReminderPlan.objects.filter(look_at__lte=at).exists()


def next_look(subject_request: SubjectRequest, moment: datetime | None, *, at: datetime) -> datetime:
    """Return when a request is looked at again: at its next moment, and now and then whatever happens."""
    latest = at + _DAY + timedelta(minutes=subject_request.pk.int % (24 * 60))
    if subject_request.is_closed:
        latest = at + _MONTH
    elif subject_request.state == RequestState.AWAITING_IDENTITY:
        latest = at + _HOURS
    return min(moment, latest) if moment else latest
