"""Remove files of the store for good: their keys go with the transaction, the files after it, surely and once."""

import logging
from collections.abc import Iterable

from django.db import transaction

from requests_app.encryption.errors import StoreAway
from requests_app.encryption.models import DoomedFile
from requests_app.encryption.store import current_store

log = logging.getLogger(__name__)
_AT_ONCE = 500


def doom(names: Iterable[str]) -> int:
    """Have these files removed once the caller's transaction, which empties their rows, is certain. Returns how many.

    Whoever dies between the two leaves their names behind: `remove_doomed` finishes it.
    """
    doomed = [DoomedFile(store_name=name) for name in dict.fromkeys(names) if name]
    if doomed:
        DoomedFile.objects.bulk_create(doomed, ignore_conflicts=True)
        gone = [each.store_name for each in doomed]
        transaction.on_commit(lambda: _remove(gone))
    return len(doomed)


def remove_doomed() -> int:
    """Remove what is still named, such as what a killed worker left. Returns how many; safe at any time."""
    removed, after = 0, ""
    while True:
        waiting = DoomedFile.objects.filter(store_name__gt=after).order_by("store_name")
        names = list(waiting.values_list("store_name", flat=True)[:_AT_ONCE])
        if not names:
            return removed
        removed += _remove(names)
        after = names[-1]


def _remove(names: list[str]) -> int:
    """A store that is away costs nothing but time: the names stay for the next one who comes."""
    store, gone = current_store(), 0
    for name in names:
        try:
            store.delete(name)
        except (StoreAway, OSError):
            log.warning("The file store is away; %d files are removed later.", len(names) - gone)
            break
        DoomedFile.objects.filter(store_name=name).delete()
        gone += 1
    return gone
