"""Remove files that no row names: what a worker leaves that was killed between writing a file and its row."""

import logging
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import islice

from django.apps import apps
from django.db.models import Model

from requests_app.encryption.store import current_store

log = logging.getLogger(__name__)
# A row names its file minutes after the file was begun; nobody works on one step for a day.
YOUNGEST = timedelta(days=1)
_AT_ONCE = 500


def remove_orphans(*, at: datetime) -> int:
    """Remove every file that is a day old and stands in no `store_name`. Returns how many; safe at any time."""
    if not models_with_files():
        return 0
    store, removed = current_store(), 0
    for names in _in_parts(store.names()):
        for name in names - _named_among(names):
            if store.written_at(name) <= at - YOUNGEST:
                store.delete(name)
                removed += 1
    if removed:
        log.warning("Removed %d files that no row named.", removed)
    return removed


def models_with_files() -> list[type[Model]]:
    """Every model, of whatever app, that names files of the store."""
    return [
        model
        for model in apps.get_models()
        if any(field.name == "store_name" for field in model._meta.get_fields())
    ]


def _named_among(names: set[str]) -> set[str]:
    named: set[str] = set()
    for model in models_with_files():
        found = model._default_manager.filter(store_name__in=names)
        named.update(found.values_list("store_name", flat=True))
    return named


def _in_parts(names: Iterable[str]) -> Iterator[set[str]]:
    rest = iter(names)
    while part := set(islice(rest, _AT_ONCE)):
        yield part
