"""Bring every blind index under BLIND_INDEX_KEY, while people go on being found by the keys beside it."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.apps import apps
from django.db import IntegrityError, transaction
from django.db.models import Model

from requests_app.encryption.blind_index import BlindIndexField, blind_indexes
from requests_app.encryption.rotation.renew import BATCH, MOST_ROUNDS


@dataclass(frozen=True)
class IndexedColumn:
    """A column that is found, or compared, by a keyed hash under BLIND_INDEX_KEY.

    `meant` says what a row would hold by each key, the one in use first; nothing where it holds none. A column that
    `may_differ` was written for something that may have changed since, such as an address, and is left as it is then.
    """

    model: type[Model]
    column: str
    meant: Callable[[Any], tuple[str, ...]]
    beside: tuple[str, ...] = ()
    may_differ: bool = True

    @property
    def name(self) -> str:
        """As it is told."""
        return f"{self.model._meta.db_table}.{self.column}"


class By(StrEnum):
    """By which key a row is found."""

    ACTIVE = "active"
    OTHER = "other"
    NEITHER = "neither"


def add_indexed(column: IndexedColumn) -> None:
    """Name a column; called once, at start-up. Those that are `BlindIndexField` name themselves."""
    _columns[column.name] = column


def indexed_columns() -> list[IndexedColumn]:
    """Every one."""
    fields = [
        _of_field(model, field)
        for model in apps.get_models()
        for field in model._meta.local_fields
        if isinstance(field, BlindIndexField)
    ]
    return [*fields, *_columns.values()]


def index_standing() -> Counter[By]:
    """By which key how many rows are found."""
    found: Counter[By] = Counter()
    for column in indexed_columns():
        for row in _rows(column):
            if stored := getattr(row, column.column):
                found[_by(column, stored, column.meant(row))] += 1
    return found


def renew_indexes(*, told: Callable[[str, int], None]) -> int:
    """Write every index anew that is not by the key in use. Returns how many; may be broken off and repeated."""
    total = 0
    for _ in range(MOST_ROUNDS):
        done = sum(_renew(column, told) for column in indexed_columns())
        total += done
        if not done:
            break
    return total


def _renew(column: IndexedColumn, told: Callable[[str, int], None]) -> int:
    done, waiting = 0, {}
    for row in _rows(column):
        stored, meant = getattr(row, column.column), column.meant(row)
        if stored and meant and _is_due(column, stored, meant):
            waiting[row.pk] = (stored, meant[0])
        if len(waiting) >= BATCH:
            done, waiting = done + _write(column, waiting), {}
    done += _write(column, waiting)
    if done:
        told(column.name, done)
    return done


def _is_due(column: IndexedColumn, stored: str, meant: tuple[str, ...]) -> bool:
    by = _by(column, stored, meant)
    return by is By.OTHER or (by is By.NEITHER and not column.may_differ)


def _write(column: IndexedColumn, waiting: dict[Any, tuple[str, str]]) -> int:
    """A row that somebody holds, or that changed meanwhile, is left for a later round."""
    done = 0
    rows = column.model._default_manager
    with transaction.atomic():
        free = (
            rows.select_for_update(skip_locked=True).filter(pk__in=list(waiting)).values_list("pk", flat=True)
        )
        for key in list(free.order_by("pk")):
            before, after = waiting[key]
            # Where the same stands there by the other key already, the row stays found by both: a person looks.
            with suppress(IntegrityError), transaction.atomic():
                done += rows.filter(pk=key, **{column.column: before}).update(**{column.column: after})
    return done


def _by(column: IndexedColumn, stored: str, meant: tuple[str, ...]) -> By:
    if meant and stored == meant[0]:
        return By.ACTIVE
    return By.OTHER if stored in meant else By.NEITHER


def _rows(column: IndexedColumn) -> Iterator[Any]:
    """Every row, in small pieces: no list of them is ever held, and no transaction stays open."""
    after = None
    while True:
        rows = column.model._default_manager.select_related(*column.beside).order_by("pk")
        piece = list((rows if after is None else rows.filter(pk__gt=after))[: 5 * BATCH])
        if not piece:
            return
        yield from piece
        after = piece[-1].pk


def _of_field(model: type[Model], field: BlindIndexField) -> IndexedColumn:
    def meant(row: Any) -> tuple[str, ...]:
        value = getattr(row, field.of)
        return blind_indexes(field.kind, value) if value else ()

    return IndexedColumn(model, field.attname, meant, may_differ=False)


_columns: dict[str, IndexedColumn] = {}
