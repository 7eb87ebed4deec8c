"""Forget entries that are older than the oldest backup: nothing can come back that they would erase again."""

from datetime import datetime, timedelta

from django.conf import settings

from fulfillment.ledger.entries import LedgerEntry
from fulfillment.ledger.shelf import current_shelf


def forget_old_entries(*, at: datetime) -> int:
    """Forget from the front what is older than `LEDGER_DAYS`. Returns how many; the chain of the rest still holds."""
    before = at - timedelta(days=settings.LEDGER_DAYS)
    shelf = current_shelf()
    last_old: LedgerEntry | None = None
    for entry in shelf.entries():
        if entry.at >= before:
            break
        last_old = entry
    return shelf.forget_up_to(last_old) if last_old else 0
