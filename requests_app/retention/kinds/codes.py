"""Mailed codes, kept as keyed hashes beside the index of the address; the counters of wrong ones after a day."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from requests_app.identity.models import MailedCode, WrongTries
from requests_app.identity.tries import forget_old, old_tries
from requests_app.retention.base import Found, Kept, OwnDay, Rows, Stage


def _old(at: datetime) -> Found:
    return Found(old_tries(at=at).count())


def _forget(at: datetime) -> int:
    return forget_old(at=at)


KEPT = Kept(
    label=_("Mailed codes"),
    goes=_("Deleted, with the keyed index of the address. The audit keeps what a code was for, and when."),
    stage=Stage.RECORD,
    rows=(Rows(MailedCode, "subject_request"),),
    own_day=OwnDay(_("Counters of wrong codes after a day"), _old, _forget, models=(WrongTries,)),
)
