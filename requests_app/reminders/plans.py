"""Which requests are to be looked at now: those whose moment has come, and those that changed since the last look."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import F, Q

from requests_app.lifecycle.models import SubjectRequest
from requests_app.reminders.models import ReminderPlan

# An open request is looked at every day or two even if nothing is known to fall due: the policy or a law may have
# changed. By its key, so that those that came together spread over the day.
_DAY = timedelta(days=1)
_MONTH = timedelta(days=30)


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


def take_plans(*, at: datetime, limit: int) -> list[ReminderPlan]:
    """Lock plans whose moment has come, the longest waiting first; inside a transaction, past those held elsewhere."""
    due = ReminderPlan.objects.select_for_update(skip_locked=True).filter(look_at__lte=at)
    return list(due.order_by("look_at")[:limit])


def next_look(key: UUID, moment: datetime | None, *, is_closed: bool, at: datetime) -> datetime:
    """Return when a request is looked at again: at its next moment, and now and then whatever happens."""
    latest = at + (_MONTH if is_closed else _DAY + timedelta(minutes=key.int % (24 * 60)))
    return min(moment, latest) if moment else latest
