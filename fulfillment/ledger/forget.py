"""Forget entries that are older than the oldest backup: nothing can come back that they would erase again."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import takewhile

from django.conf import settings

from fulfillment.ledger.entries import LedgerEntry
from fulfillment.ledger.shelf import current_shelf


def forget_old_entries(*, at: datetime) -> int:
    """Forget from the front what is older than `LEDGER_DAYS`. Returns how many; the chain of the rest still holds."""
    last_old: LedgerEntry | None = None
    for entry in old_entries(at=at):
        last_old = entry
    return current_shelf().forget_up_to(last_old) if last_old else 0


def old_entries(*, at: datetime) -> Iterator[LedgerEntry]:
    """Those entries, from the front."""
    before = at - timedelta(days=settings.LEDGER_DAYS)
    return takewhile(lambda entry: entry.at < before, current_shelf().entries())
