"""Places in a record, in numbers: which member of which member; what stands there is read and never kept."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from msgspec import DecodeError
from msgspec.json import Decoder, Encoder

# Numbers of members from the outside in; NAME at the end means the member's name and not its value.
Place = tuple[int, ...]
NAME = -1
_MARK_OF_NAME = "k"

_DECODER = Decoder(float_hook=Decimal)
# A fraction is written with the digits it came with.
_ENCODER = Encoder(decimal_format="number")


@dataclass(frozen=True, slots=True)
class Leaf:
    """A single value (or the name of a member) in a record; `path` is its name as data maps write it."""

    place: Place
    path: str
    value: Any = field(repr=False)


def read_record(line: bytes) -> dict[str, Any]:
    """A record whose fractions keep their digits."""
    try:
        record: dict[str, Any] = _DECODER.decode(line)
    except (DecodeError, RecursionError):
        # Half a surrogate pair, which the fast one refuses and sources hold.
        record = json.loads(line, parse_float=Decimal)
    return record


def written_record(record: dict[str, Any]) -> bytes:
    """The record as one JSON line."""
    try:
        return _ENCODER.encode(record)
    except UnicodeEncodeError:
        return json.dumps(record, separators=(",", ":"), default=float).encode()


def leaves_of(record: dict[str, Any]) -> Iterator[Leaf]:
    """Every single value, and every name of a member that lies inside a value: names may be somebody's too."""
    for number, (name, value) in enumerate(record.items()):
        if isinstance(value, dict | list):
            yield from _inside(value, (number,), name)
        else:
            yield Leaf((number,), name, value)


def _inside(value: dict[str, Any] | list[Any], place: Place, path: str) -> Iterator[Leaf]:
    members = value.items() if isinstance(value, dict) else ((None, each) for each in value)
    for number, (name, each) in enumerate(members):
        here = (*place, number)
        inner = path if name is None else f"{path}.{name}"
        if name is not None:
            yield Leaf((*here, NAME), path, name)
        if isinstance(each, dict | list):
            yield from _inside(each, here, inner)
        else:
            yield Leaf(here, inner, each)


def places_at(record: dict[str, Any], path: str) -> list[Place]:
    """Where a field of the map stands in a record, in every element of the lists it lies in."""
    return list(_at(record, path, ()))


def _at(value: Any, path: str, place: Place) -> Iterator[Place]:
    if isinstance(value, list):
        for number, each in enumerate(value):
            yield from _at(each, path, (*place, number))
    elif isinstance(value, dict):
        for number, (name, each) in enumerate(value.items()):
            if name == path:
                yield (*place, number)
            elif path.startswith(f"{name}."):
                yield from _at(each, path[len(name) + 1 :], (*place, number))


def value_in(record: dict[str, Any], place: Place) -> Any:
    """What stands at a place; LookupError when the record has no such place."""
    is_name, way = place[-1:] == (NAME,), place[:-1] if place[-1:] == (NAME,) else place
    value: Any = record
    for depth, number in enumerate(way, start=1):
        if not isinstance(value, dict | list) or number < 0:
            raise LookupError("There is no such place.")
        if is_name and depth == len(way):
            return list(value)[number]
        value = list(value.values())[number] if isinstance(value, dict) else value[number]
    return value


def as_text(place: Place) -> str:
    """`4.0.2`, or `4.0.k` for a name."""
    return ".".join(_MARK_OF_NAME if number == NAME else str(number) for number in place)


def from_text(text: str) -> Place:
    """The place that `as_text` wrote; ValueError for anything else."""
    return tuple(NAME if part == _MARK_OF_NAME else int(part) for part in text.split(".")) if text else ()
