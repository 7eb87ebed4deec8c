"""Conditions that find a person's rows: an identity equals, or a value is among those of rows found before.

An e-mail address is compared trimmed and without regard to case, and never by pattern: `ann@` is not
`joann@`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    FromClause,
    Select,
    and_,
    bindparam,
    column,
    exists,
    false,
    func,
    or_,
    quoted_name,
    select,
)

from fulfillment.connectors.spellings import (
    SHORTEST_PHONE,
    digits_of,
    forms,
    is_caseless,
    is_uuid,
    spellings,
)
from fulfillment.connectors.sql_dialect import ColumnShape, Family, SqlDialect, TableShape
from fulfillment.connectors.sql_entries import Entry, Sides, narrowed
from fulfillment.connectors.sql_json_lists import EACH

_LARGEST = 2**63
_MOST_DIGITS = 19


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
        if self.family is Family.TEXT:
            return f"{Family.TEXT} {self.shape.rules}".strip()
        return self.shape.type_name if self.family is Family.OTHER else self.family


def place_of(
    rows: FromClause,
    table: TableShape,
    name: str,
    *,
    is_email: bool = False,
    lists: frozenset[str] = frozenset(),
) -> Place:
    """Where a field, perhaps one with dots in its name, stands in these rows; `lists` are fields that hold lists."""
    column, *names = [name] if name in table.columns else name.split(".")
    shape = table.columns[column]
    path = [EACH] if column in lists and shape.family is not Family.ARRAY else []
    for number, each in enumerate(names):
        path += [each, EACH] if ".".join((column, *names[: number + 1])) in lists else [each]
    return Place(rows.c[column], shape, tuple(path), is_email)


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
        if EACH in place.path:
            sides, text = self._dialect.inside_json_lists(place.column, place.path)
            inner = Place(text, ColumnShape(place.shape.name, Family.TEXT, ""))
            return exists().select_from(*sides).where(self.identity(inner, kind, values))
        held = (value for value in values if not any(mark in value for mark in self._dialect.never_held))
        return or_(false(), *(self._equals(place, kind, value) for value in held))

    def key(self, own: Sequence[Place], others: Sequence[Sequence[Place]]) -> list[ColumnElement[Any]]:
        """Our side of a comparison with the values of parents."""
        modes = _modes(own, others)
        return [
            part for place, mode in zip(own, modes, strict=True) for part in self._compared(place, mode, None)
        ]

    def among(
        self, theirs: Sequence[Place], own: Sequence[Place], others: Sequence[Sequence[Place]]
    ) -> Select[Any]:
        """One parent's side of it, as a query."""
        modes = _modes(own, others)
        pairs = zip(theirs, own, modes, strict=True)
        return select(*(part for place, mine, mode in pairs for part in self._compared(place, mode, mine)))

    def _equals(self, place: Place, kind: str, value: str) -> ColumnElement[bool]:
        if place.family is Family.INTEGER:
            return self._same_number(place, digits_of(value) if kind == "phone_number" else value)
        if place.family is Family.UUID:
            return place.column == self._dialect.uuid(value) if is_uuid(value) else false()
        text = self._text(place)
        if kind == "phone_number":
            digits = digits_of(value)
            return self._dialect.digits(text) == digits if len(digits) >= SHORTEST_PHONE else false()
        if is_caseless(kind, value):
            return or_(*(self._same(place, text, each, exactly=False) for each in spellings(value)))
        return or_(*(self._same(place, text, each, exactly=True) for each in forms(value)))

    def _same(
        self, place: Place, text: ColumnElement[Any], spelling: str, *, exactly: bool
    ) -> ColumnElement[bool]:
        """Compared in full, after an index has let in where there is one."""
        full = self._dialect.same_text(text, spelling, exactly=exactly)
        if place.path or place.family is not Family.TEXT:
            return full
        as_sorted = self._dialect.sorted_as(place.column, caseless=not exactly)
        sides = Sides(place.column, as_sorted, _folded(place))
        narrow = narrowed(sides, place.shape.entries, spelling, exactly=exactly)
        return full if narrow is None else and_(narrow, full)

    def _same_number(self, place: Place, value: str) -> ColumnElement[bool]:
        digits = value.removeprefix("-")
        is_number = digits.isascii() and digits.isdecimal() and len(digits) <= _MOST_DIGITS
        number = int(value) if is_number else _LARGEST
        return place.column == bindparam(None, number, BigInteger) if abs(number) < _LARGEST else false()

    def _compared(self, place: Place, mode: str, own: Place | None) -> list[ColumnElement[Any]]:
        """What of a place is compared: of ours, or of a parent's with `own`."""
        if place.family is Family.ARRAY:
            return [self._dialect.elements(place.column)]
        if mode == "email":
            return self._compared_folded(place, own or place, is_own=own is None)
        if mode == "text" or place.path:
            return self._dialect.exact(self._text(place))
        if own is None:
            return self._dialect.own_key(place.column, place.shape)
        return self._dialect.parents_key(place.column, place.shape, own.shape)

    def _compared_folded(self, place: Place, own: Place, *, is_own: bool) -> list[ColumnElement[Any]]:
        compared = self._dialect.folded(self._text(place))
        if own.path or Entry.FOLDED not in own.shape.entries:
            return compared
        key = _folded(own) if is_own else self._dialect.folded_key(self._text(place), own.shape)
        return [key, *compared]

    def _text(self, place: Place) -> ColumnElement[Any]:
        if place.path:
            return self._dialect.inside_json(place.column, place.path)
        if place.family is Family.TEXT:
            return place.column
        return self._dialect.as_text(place.column, place.shape)


def _folded(place: Place) -> ColumnElement[Any]:
    """What an index of lower(trim(…)) holds: that expression, or a column made of it."""
    if place.shape.folded_as is None:
        return func.lower(func.trim(place.column))
    rows = getattr(place.column, "table", None)
    return column(quoted_name(place.shape.folded_as.name, quote=True), _selectable=rows)


def _modes(own: Sequence[Place], others: Sequence[Sequence[Place]]) -> list[str]:
    """How each pair of fields is compared: as addresses, as text, or as the values they are."""
    modes = []
    for position, place in enumerate(own):
        mates = [place, *(each[position] for each in others)]
        if any(each.is_email for each in mates):
            modes.append("email")
        else:
            plain = len({each.compared_as for each in mates}) == 1 and not any(each.path for each in mates)
            modes.append("value" if plain else "text")
    return modes
