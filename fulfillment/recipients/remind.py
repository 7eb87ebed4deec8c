"""Remind a recipient that has not answered: after its time, twice, and then a person sees it."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from fulfillment.recipients.letters import write_letter
from fulfillment.recipients.models import RecipientLetter, RecipientNotice, Way
from requests_app.leases.models import WorkState

MOST_REMINDERS = 2


def remind_due(*, at: datetime, limit: int = 200) -> list[RecipientLetter]:
    """Write the reminders that are due. Returns them; two who call at once write each once."""
    due = RecipientNotice.objects.filter(ending="", remind_at__lte=at, reminders__lt=MOST_REMINDERS)
    written = [
        _remind(key, at=at) for key in list(due.order_by("remind_at").values_list("pk", flat=True)[:limit])
    ]
    return [each for each in written if each is not None]


def _remind(key: UUID, *, at: datetime) -> RecipientLetter | None:
    with transaction.atomic():
        found = RecipientNotice.objects.select_for_update(of=("self",), skip_locked=True)
        notice = found.select_related("recipient").filter(pk=key, ending="", remind_at__lte=at).first()
        if notice is None or notice.recipient is None:
            return None
        notice.remind_at = at + timedelta(days=notice.recipient.remind_after_days)
        # One that never left is no reason to send another; it is tried on its own, or a person mends it.
        if notice.recipient.way == Way.BY_HAND or _has_unsent(notice) or not notice.recipient.enabled:
            notice.save(update_fields=["remind_at"])
            return None
        notice.reminders += 1
        notice.save(update_fields=["remind_at", "reminders"])
        return write_letter(notice, at=at)


def _has_unsent(notice: RecipientNotice) -> bool:
    return notice.letters.exclude(work_state=WorkState.DONE).exists()
