"""The erasure ledger: keyed hashes of what an erased person was known by, as long as a backup may bring them back."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from fulfillment.ledger.forget import forget_old_entries, old_entries
from requests_app.retention.base import Found, Kept, OwnDay


def _due(at: datetime) -> Found:
    named = [entry.reference for entry in old_entries(at=at)]
    return Found(len(named), tuple(dict.fromkeys(named)))


def _forget(at: datetime) -> int:
    return forget_old_entries(at=at)


KEPT = Kept(
    label=_("Entries of the erasure ledger"),
    goes=_("Deleted once the oldest backup is younger than they are. The chain of the rest still holds."),
    own_day=OwnDay(_("After LEDGER_DAYS"), _due, _forget),
)
