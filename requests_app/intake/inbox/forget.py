"""Mail that led to no request, and counts of answers, when their time is over. What is left says that it was there."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from requests_app.encryption.doomed import doom
from requests_app.intake.inbox.models import FOR_A_PERSON, InboundEmail
from requests_app.policy.company import COMPANY

# What becomes of each column when the content goes. The row stays, so that the mail is not taken in once more.
EMPTIED = {
    "store_name": "",
    "wrapped_key": b"",
    "mail_from": "",
    "rcpt_to": list,
    "said": dict,
    "message_id_hash": "",
    "content_hash": "",
    "sender_hash": "",
    "last_error": "",
}
_AT_ONCE = 500


def forget_old_mails(*, at: datetime) -> int:
    """Empty every mail that belongs to no request and has come to its day. Returns how many."""
    count = 0
    while True:
        with transaction.atomic():
            rows = list(old_mails(at=at).select_for_update(skip_locked=True)[:_AT_ONCE])
            doom(row.store_name for row in rows)
            for row in rows:
                for name, value in EMPTIED.items():
                    setattr(row, name, value() if callable(value) else value)
                row.save(update_fields=list(EMPTIED))
        count += len(rows)
        if len(rows) < _AT_ONCE:
            return count


def old_mails(*, at: datetime) -> "QuerySet[InboundEmail]":
    """Those mails: longer than any answer takes after they came, so that whoever asks about one is answered."""
    before = at - timedelta(days=COMPANY.keeping.other_mail_days)
    ended = InboundEmail.objects.filter(ended_at__lte=before, submission=None, subject_request=None)
    return ended.exclude(store_name="").exclude(outcome__in=FOR_A_PERSON).order_by("ended_at")
