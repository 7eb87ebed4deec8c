"""Conditions that find a person's rows: an identity equals, or a value is among those of rows found before.

An e-mail address is compared trimmed and without regard to case, and never by pattern: `ann@` is not
`joann@`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    FromClause,
    Select,
    String,
    and_,
    bindparam,
    exists,
    false,
    func,
    or_,
    select,
)

from fulfillment.connectors.sql_dialect import ColumnShape, Family, SqlDialect, TableShape

_LARGEST = 2**63
_SHORTEST_PHONE = 5


@dataclass(frozen=True, slots=True)
class Place:
    """A field of a map in a table: its column, and the path inside it where it lies in a JSON value."""

    column: ColumnElement[Any]
    shape: ColumnShape
    path: tuple[str, ...] = ()
    is_email: bool = False

    @property
    def family(self) -> Family:
        """The kind of value found here; what is taken out of JSON is text."""
        return Family.TEXT if self.path else self.shape.family

    @property
    def compared_as(self) -> str:
        """What its single values are: two places of one such kind can be compared as they are."""
        if self.path:
            return Family.TEXT
        if self.family is Family.ARRAY:
            return self.shape.elements or Family.OTHER
        return self.shape.type_name if self.family is Family.OTHER else self.family


def place_of(rows: FromClause, table: TableShape, name: str, *, is_email: bool = False) -> Place:
    """Where a field, perhaps one with dots in its name, stands in these rows."""
    column, *path = [name] if name in table.columns else name.split(".")
    return Place(rows.c[column], table.columns[column], tuple(path), is_email)


class Matching:
    """Writes the conditions for one database."""

    def __init__(self, dialect: SqlDialect) -> None:
        self._dialect = dialect

    def identity(self, place: Place, kind: str, values: Sequence[str]) -> ColumnElement[bool]:
        """The rows whose value here is one of the person's."""
        if place.family is Family.ARRAY:
            shape = ColumnShape(place.shape.name, place.shape.elements or Family.OTHER, "")
            element = self._dialect.elements(place.column).column_valued()
            return exists().where(self.identity(Place(element, shape), kind, values))
        return or_(false(), *(self._equals(place, kind, value) for value in values))

    def key(self, own: Sequence[Place], others: Sequence[Sequence[Place]]) -> list[ColumnElement[Any]]:
        """Our side of a comparison with the values of parents."""
        modes = _modes(own, others)
        return [self._comparable(place, mode) for place, mode in zip(own, modes, strict=True)]

    def among(
        self, theirs: Sequence[Place], own: Sequence[Place], others: Sequence[Sequence[Place]]
    ) -> Select[Any]:
        """One parent's side of it, as a query."""
        modes = _modes(own, others)
        return select(*(self._comparable(place, mode) for place, mode in zip(theirs, modes, strict=True)))

    def _equals(self, place: Place, kind: str, value: str) -> ColumnElement[bool]:
        if place.family is Family.INTEGER:
            number = int(value) if value.removeprefix("-").isdecimal() else _LARGEST
            return place.column == bindparam(None, number, BigInteger) if abs(number) < _LARGEST else false()
        if place.family is Family.UUID:
            return place.column == self._dialect.uuid(value) if _is_uuid(value) else false()
        text = self._text(place)
        if kind == "phone_number":
            digits = "".join(mark for mark in value if mark.isdecimal()).removeprefix("00")
            return self._dialect.digits(text) == digits if len(digits) >= _SHORTEST_PHONE else false()
        return _same_text(text, value)

    def _comparable(self, place: Place, mode: str) -> ColumnElement[Any]:
        if place.family is Family.ARRAY:
            return self._dialect.elements(place.column)
        if mode == "email":
            return func.lower(func.trim(self._text(place)))
        return self._text(place) if mode == "text" else place.column

    def _text(self, place: Place) -> ColumnElement[Any]:
        if place.path:
            return self._dialect.inside_json(place.column, place.path)
        if place.family is Family.TEXT:
            return place.column
        return self._dialect.as_text(place.column, place.shape)


def _modes(own: Sequence[Place], others: Sequence[Sequence[Place]]) -> list[str]:
    """How each pair of fields is compared: as addresses, as text, or as the values they are."""
    modes = []
    for position, place in enumerate(own):
        mates = [place, *(each[position] for each in others)]
        if any(each.is_email for each in mates):
            modes.append("email")
        else:
            modes.append("value" if len({each.compared_as for each in mates}) == 1 else "text")
    return modes


def _same_text(text: ColumnElement[Any], value: str) -> ColumnElement[bool]:
    """Equal when trimmed and in lower case.

    Comparing lengths first spares the database most of the costly lower() of a scan. It also keeps letters
    apart that only some languages fold, such as the Kelvin sign and k; so it is done where the value is
    plain ASCII.
    """
    same = func.lower(func.trim(text)) == func.lower(bindparam(None, value, String))
    if not value.isascii():
        return same
    size = len(value)
    return and_(func.octet_length(text) >= size, func.octet_length(func.trim(text)) == size, same)


def _is_uuid(value: str) -> bool:
    try:
        UUID(value)
    except ValueError:
        return False
    return True
