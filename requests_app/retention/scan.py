"""Look through the file store and the rows that name its files, and say where they do not agree. Nothing is changed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from django.db.models import Model

from requests_app.encryption.models import DoomedFile
from requests_app.encryption.orphans import YOUNGEST, models_with_files, nameless
from requests_app.encryption.store import Store, current_store
from requests_app.leases.models import LeasedWork, WorkState

_AT_ONCE = 500


@dataclass(frozen=True)
class FileLost:
    """A row that names a file which is not in the store: which table, which key."""

    table: str
    key: str


@dataclass(frozen=True)
class StoreScan:
    """How store and rows agree.

    `files` lie in the store whole. `nameless` are named by no row and go with the next daily purge, `young` as well
    once they are a day old; `unfinished` were never written to their end; `doomed` are named to be removed. `lost` rows
    name a file that is gone.
    """

    files: int
    nameless: int
    young: int
    unfinished: int
    doomed: int
    lost: tuple[FileLost, ...]


def scan_store(*, at: datetime) -> StoreScan:
    """Compare every file with every row that names one. Raises StoreAway."""
    store = current_store()
    names = list(store.names())
    old = young = 0
    for name in nameless(names):
        if store.written_at(name) <= at - YOUNGEST:
            old += 1
        else:
            young += 1
    return StoreScan(
        files=len(names),
        nameless=old,
        young=young,
        unfinished=store.count_unfinished(older_than_seconds=YOUNGEST.total_seconds()),
        doomed=DoomedFile.objects.count(),
        lost=tuple(_lost(store, set(names))),
    )


def _lost(store: Store, there: set[str]) -> Iterator[FileLost]:
    for model in models_with_files():
        rows = _of_finished_files(model)
        while part := list(islice(rows, _AT_ONCE)):
            for key, name in part:
                # What came after the store was listed is asked for by itself, and the row may be gone by now.
                if name not in there and not store.exists(name) and _still_names(model, key, name):
                    yield FileLost(model._meta.label, str(key))


def _of_finished_files(model: type[Model]) -> Iterator[tuple[object, str]]:
    """Not those of work that is under way: it names its file before it is written."""
    found = model._default_manager.exclude(store_name="")
    if issubclass(model, LeasedWork):
        found = found.exclude(work_state=WorkState.WAITING)
    if model is DoomedFile:
        found = found.none()
    return iter(found.values_list("pk", "store_name").iterator())


def _still_names(model: type[Model], key: object, name: str) -> bool:
    return model._default_manager.filter(pk=key, store_name=name).exists()
