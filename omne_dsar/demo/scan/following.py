"""The ways by which rows belong to a person, and the walk along them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

Row = dict[str, Any]
ReadRows = Callable[[str], Iterable[Row]]


@dataclass(frozen=True, slots=True)
class Address:
    """Rows whose field holds the person's own address."""

    field: str


@dataclass(frozen=True, slots=True)
class Follows:
    """Rows whose field holds a value that a row found before has in another field."""

    field: str
    collection: str
    their_field: str


Way = Address | Follows


def same_address(value: object, email: str) -> bool:
    """True when both are one address: blanks at the ends and letter case do not matter, all else does."""
    return isinstance(value, str) and value.strip().casefold() == email.strip().casefold()


def walk(ways: dict[str, tuple[Way, ...]], read_rows: ReadRows, email: str) -> dict[str, list[Row]]:
    """Read each collection once, in the order given, and keep what belongs to the person."""
    found: dict[str, list[Row]] = {}
    for collection, roads in ways.items():
        addresses = [road.field for road in roads if isinstance(road, Address)]
        wanted = [
            (road.field, {row[road.their_field] for row in found.get(road.collection, [])} - {None})
            for road in roads
            if isinstance(road, Follows)
        ]
        mine = [
            row
            for row in read_rows(collection)
            if any(same_address(row[field], email) for field in addresses)
            or any(row[field] in values for field, values in wanted)
        ]
        if mine:
            found[collection] = mine
    return found
