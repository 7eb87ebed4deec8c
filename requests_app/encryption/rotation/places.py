"""Every column that holds something sealed, found from the models; other apps name those that no model shows."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from django.apps import apps
from django.db.models import Model

from requests_app.encryption.fields import sealed_fields
from requests_app.encryption.orphans import models_with_files


@dataclass(frozen=True)
class SealedColumn:
    """A column of bytes, each sealed for its row: `context` says for what, from the key of the row and `beside`."""

    table: str
    column: str
    key: str
    beside: str
    context: Callable[[str, str], str]

    @property
    def name(self) -> str:
        """As it is told."""
        return f"{self.table}.{self.column}"


@dataclass(frozen=True)
class OtherPlace:
    """Sealed values that stand in no column of their own.

    `opened` counts them by key id, and opens each. `renewed` seals up to so many again; it returns how many.
    """

    name: str
    opened: Callable[[], Mapping[str, int]]
    renewed: Callable[[int], int]


def add_place(place: OtherPlace) -> None:
    """Name a place; called once, at start-up."""
    _others[place.name] = place


def other_places() -> list[OtherPlace]:
    """Those that were named."""
    return list(_others.values())


def sealed_columns() -> Iterator[SealedColumn]:
    """Every sealed column and every wrapped key of a file."""
    for model in apps.get_models():
        if not model._meta.proxy:
            yield from (_of_row(model, str(field.column)) for field in sealed_fields(model))
    for model in models_with_files():
        if not _has(model, "wrapped_key"):
            continue
        yield SealedColumn(
            model._meta.db_table, "wrapped_key", _key(model), "store_name", lambda _key, name: f"file:{name}"
        )


def _of_row(model: type[Model], column: str) -> SealedColumn:
    place = f"{model._meta.db_table}.{column}"
    return SealedColumn(model._meta.db_table, column, _key(model), "", lambda key, _beside: f"{place}:{key}")


def _has(model: type[Model], name: str) -> bool:
    return any(field.name == name for field in model._meta.get_fields())


def _key(model: type[Model]) -> str:
    return str(model._meta.pk.column)


_others: dict[str, OtherPlace] = {}
