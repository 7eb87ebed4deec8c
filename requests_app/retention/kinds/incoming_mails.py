"""Mail that reached us: with its request, or some months after it came where it led to none."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from requests_app.correspondence.models import ReplyAddress
from requests_app.intake.inbox.forget import EMPTIED, forget_old_mails, old_mails
from requests_app.intake.inbox.limits import forget_old_counts
from requests_app.intake.inbox.models import AnswerCount, InboundEmail
from requests_app.retention.base import Found, Kept, OwnDay, Rows, RowsOfSubmission, Stage

STAYS = {
    "delivery_key": "how a server counted it, or a keyed hash of what it was: nobody can go back",
    "raw_hash": "a keyed hash of the whole mail, by which it is not taken in twice",
    "language": "a figure",
    "reason": "a code of ours",
    "flags": "codes of ours",
    "answer_reason": "a code of ours",
}


def _due(at: datetime) -> Found:
    return Found(old_mails(at=at).count())


def _forget(at: datetime) -> int:
    forget_old_counts(at=at)
    return forget_old_mails(at=at)


KEPT = Kept(
    label=_("Mail that reached us"),
    goes=_(
        "The mail, its files and everything read from it are deleted. That a mail came, and where it ended, stays."
    ),
    stage=Stage.RECORD,
    rows=(
        Rows(InboundEmail, "subject_request", empties=EMPTIED, stays=STAYS),
        RowsOfSubmission(
            InboundEmail,
            "submission__subject_requests",
            empties=EMPTIED,
            stays=STAYS,
            submission="submission",
        ),
        Rows(ReplyAddress, "subject_request"),
    ),
    own_day=OwnDay(
        _("Some months after it came, where it led to no request"),
        _due,
        _forget,
        models=(AnswerCount,),
    ),
)
