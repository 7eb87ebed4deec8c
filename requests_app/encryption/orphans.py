"""Remove what a worker leaves that was killed: files that no row names, and what was never written to its end."""

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
    """Remove every file that is a day old and stands in no `store_name`, and whatever is a day old and unfinished.

    Returns how many; safe at any time.
    """
    store, removed = current_store(), 0
    for name in orphans(at=at):
        store.delete(name)
        removed += 1
    removed += store.delete_unfinished(older_than_seconds=YOUNGEST.total_seconds())
    if removed:
        log.warning("Removed %d files that no row named, or that were never finished.", removed)
    return removed


def orphans(*, at: datetime) -> Iterator[str]:
    """Every such file."""
    if not models_with_files():
        return
    store = current_store()
    for name in nameless(store.names()):
        if store.written_at(name) <= at - YOUNGEST:
            yield name


def nameless(names: Iterable[str]) -> Iterator[str]:
    """Of these files those that no row names, of whatever age."""
    for part in _in_parts(names):
        yield from part - _named_among(part)


def count_orphans(*, at: datetime) -> int:
    """How many `remove_orphans` would remove."""
    unfinished = current_store().count_unfinished(older_than_seconds=YOUNGEST.total_seconds())
    return unfinished + sum(1 for _name in orphans(at=at))


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
