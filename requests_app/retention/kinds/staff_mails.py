"""Reminders: plans go with the record; mails to the staff some time after they were sent."""

from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from requests_app.leases.models import WorkState
from requests_app.policy.company import COMPANY
from requests_app.reminders.models import ReminderPlan, StaffMail
from requests_app.retention.base import Found, Kept, OwnDay, Rows, Stage

# Deleting a mail would delete what it told of, and tell it again.
EMPTIED = {"to_address": "", "subject": "", "text": "", "html": "", "secrets": dict, "last_error": ""}


def _old(at: datetime) -> QuerySet[StaffMail]:
    before = at - timedelta(days=COMPANY.keeping.staff_mails_days)
    ended = StaffMail.objects.exclude(work_state=WorkState.WAITING).filter(written_at__lte=before)
    return ended.exclude(subject="")


def _due(at: datetime) -> Found:
    return Found(_old(at).count())


def _forget(at: datetime) -> int:
    mails = list(_old(at))
    for mail in mails:
        for name, value in EMPTIED.items():
            setattr(mail, name, value() if callable(value) else value)
        mail.save(update_fields=list(EMPTIED))
    return len(mails)


KEPT = Kept(
    label=_("Reminders and digests to the staff"),
    goes=_("Text and address of the mails are emptied. Which reminder was sent, and when, stays."),
    stage=Stage.RECORD,
    rows=(Rows(ReminderPlan, "subject_request"),),
    own_day=OwnDay(_("Some weeks after they were written"), _due, _forget, models=(StaffMail,)),
)
