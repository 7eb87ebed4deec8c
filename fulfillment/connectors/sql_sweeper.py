"""Sweeping a database: every readable column as text against two expressions, by stretches of the primary key."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnClause,
    ColumnElement,
    Connection,
    LargeBinary,
    Select,
    TableClause,
    Text,
    and_,
    bindparam,
    case,
    cast,
    column,
    false,
    func,
    literal,
    or_,
    select,
    table,
    true,
    tuple_,
    type_coerce,
)
from sqlalchemy.types import UserDefinedType

from fulfillment.connectors.sql_catalog import CataloguedTable, catalogued
from fulfillment.connectors.sql_dialect import ColumnShape, Family, SqlDialect
from fulfillment.connectors.sweeping import Position, Sweeper, SweptPage, SweptRow, SweptTable
from fulfillment.traces.needles import Needles

ROWS_A_STRETCH = 20_000
ROWS_AT_ONCE = 100
# Of a longer value the beginning is looked at, and the row says so.
LONGEST_VALUE = 16 * 1024 * 1024
# PNG, JPEG, GIF, and the family of WebP: nothing in them unpacks to text.
_PICTURES = ("89504e47", "ffd8ff", "47494638", "52494646")
_Key = tuple[str, ...]


class SqlSweeper(Sweeper):
    """Goes through one snapshot of a database."""

    def __init__(self, connection: Connection, dialect: SqlDialect, needles: Needles) -> None:
        self._connection = connection
        self._dialect = dialect
        self._needles = needles
        self._by_name: dict[str, CataloguedTable] = {}

    def tables(self) -> list[SweptTable]:
        """The tables and materialised views of every schema; a plain view shows rows that stand elsewhere."""
        found = catalogued(self._connection, self._dialect)
        self._by_name = {each.name: each for each in found}
        return [SweptTable(each.name, each.rows, each.key, each.closed) for each in found]

    def pages(self, table: SweptTable, *, after: Position | None = None) -> Iterator[SweptPage]:
        """The rows that may hold the person, one stretch of the key after another, each a short statement."""
        about = self._by_name[table.name]
        if not about.columns:
            return
        rows = _Rows(about, self._dialect)
        first: _Key | None = tuple(after) if after else None
        while True:
            last = self._end_of_stretch(rows, first)
            for part in self._streamed(self._matching(rows, first, last)):
                yield SweptPage([_row(about, row) for row in part])
            if last is None:
                yield SweptPage([], self._behind(rows, first))
                return
            yield SweptPage([], ROWS_A_STRETCH, list(last))
            first = last

    def _end_of_stretch(self, rows: "_Rows", first: _Key | None) -> _Key | None:
        if not rows.keys:
            return None
        ahead = select(*(cast(key, Text) for key in rows.keys)).order_by(*rows.keys)
        if first is not None:
            ahead = ahead.where(rows.is_behind(first))
        found = self._connection.execute(ahead.offset(ROWS_A_STRETCH - 1).limit(1)).first()
        return None if found is None else tuple(str(each) for each in found)

    def _behind(self, rows: "_Rows", first: _Key | None) -> int:
        """How many rows there are from a key on: less than a stretch, or all where there is no key to stop at."""
        counted = select(func.count()).select_from(rows.table)
        if first is not None:
            counted = counted.where(rows.is_behind(first))
        return int(self._connection.execute(counted).scalar_one())

    def _matching(self, rows: "_Rows", first: _Key | None, last: _Key | None) -> Select[Any]:
        wanted = rows.filtered(select(*rows.handed_over()), self._needles, self._connection.dialect.name)
        if first is not None:
            wanted = wanted.where(rows.is_behind(first))
        return wanted if last is None else wanted.where(~rows.is_behind(last))

    def _streamed(self, statement: Select[Any]) -> Iterator[Sequence[Mapping[str, Any]]]:
        streamed = self._connection.execution_options(stream_results=True, yield_per=ROWS_AT_ONCE)
        # Whoever stops in the middle leaves no cursor open.
        with streamed.execute(statement) as result:
            for part in result.mappings().partitions(ROWS_AT_ONCE):
                yield [dict(row) for row in part]


class _Rows:
    """The rows of one table, and the expressions over them."""

    def __init__(self, about: CataloguedTable, dialect: SqlDialect) -> None:
        self._about = about
        self._dialect = dialect
        names: list[ColumnClause[Any]] = [column(name) for name in about.columns]
        self.table: TableClause = table(about.table, *names, schema=about.schema)
        self.keys: list[ColumnElement[Any]] = [self.table.c[name] for name in about.key]

    def is_behind(self, key: _Key) -> ColumnElement[bool]:
        """Whether a row comes after this key."""
        shapes = (self._about.columns[name] for name in self._about.key)
        bounds = [key_bound(shape, value) for shape, value in zip(shapes, key, strict=True)]
        return tuple_(*self.keys) > tuple_(*bounds)

    def handed_over(self) -> list[ColumnElement[Any]]:
        """Every column, of very long values the beginning."""
        return [self._beginning(name, shape).label(name) for name, shape in self._about.columns.items()]

    def filtered(self, wanted: Select[Any], needles: Needles, database: str) -> Select[Any]:
        """Only the rows that are worth a closer look."""
        binary = self._about.binary
        conditions = [_BYTES[database](self.table.c[name], needles.plain) for name in binary]
        telling = [name for name in self._about.telling if name not in binary]
        if self._dialect.types_are_loose:
            # Any column may hold bytes there, whatever its type says.
            conditions += [_is_bytes(self.table.c[name]) for name in telling]
        texts = [self._text(name) for name in telling]
        if texts:
            whole: ColumnElement[Any] = _joined(texts, database)
            small: ColumnElement[Any] = func.lower(whole)
            if database == "postgresql":
                # Written once for each row; otherwise it would be put together for each question.
                first = select(whole.collate("C").label("whole")).correlate(self.table).offset(0).lateral()
                second = select(func.lower(first.c.whole).label("small")).correlate(first).offset(0).lateral()
                wanted = wanted.select_from(self.table.join(first, true()).join(second, true()))
                whole, small = first.c.whole, second.c.small
            if database in ("mysql", "mariadb"):
                # Its texts are compared without regard to case, its bytes with.
                whole = type_coerce(cast(whole, LargeBinary), Text)
            conditions.append(_reads_like(small, needles, database))
            conditions.append(_is_packed(whole, small, needles))
        return wanted.where(or_(false(), *conditions))

    def _beginning(self, name: str, shape: ColumnShape) -> ColumnElement[Any]:
        value = self.table.c[name]
        if shape.family is Family.BYTES:
            return func.substr(value, 1, LONGEST_VALUE + 1, type_=LargeBinary)
        if self._dialect.types_are_loose and shape.family is not Family.INTEGER:
            return func.substr(value, 1, LONGEST_VALUE + 1)
        if shape.family in (Family.TEXT, Family.JSON):
            return func.substr(self._dialect.as_text(value, shape), 1, LONGEST_VALUE + 1)
        return value if shape.family is not Family.OTHER else self._dialect.as_text(value, shape)

    def _text(self, name: str) -> ColumnElement[Any]:
        value = self.table.c[name]
        text = self._dialect.as_text(value, self._about.columns[name])
        return case((_is_bytes(value), ""), else_=text) if self._dialect.types_are_loose else text


def _is_bytes(value: ColumnElement[Any]) -> ColumnElement[bool]:
    return func.typeof(value) == "blob"


def _row(about: CataloguedTable, row: Mapping[str, Any]) -> SweptRow:
    values = dict(row)
    cut = tuple(
        name for name, each in values.items() if isinstance(each, str | bytes) and len(each) > LONGEST_VALUE
    )
    return SweptRow({name: values[name] for name in about.key}, values, cut)


def key_bound(shape: ColumnShape, value: str) -> ColumnElement[Any]:
    """A part of a key as it was read, to compare its column with."""
    if shape.family is Family.INTEGER:
        return bindparam(None, int(value), BigInteger)
    if shape.family is Family.TEXT:
        return bindparam(None, value, Text)
    return cast(bindparam(None, value, Text), _Named(shape.type_name))


class _Named(UserDefinedType[Any]):
    """A type by the database's own name for it."""

    cache_ok = True

    def __init__(self, name: str) -> None:
        self.name = name

    def get_col_spec(self, **_how: Any) -> str:
        return self.name


def _pieces_of_postgresql(value: ColumnElement[Any], plain: str) -> ColumnElement[bool]:
    start = func.encode(func.substr(value, 1, 4), "hex")
    is_picture = or_(*(start.like(f"{magic}%") for magic in _PICTURES))
    seen = func.lower(func.encode(value, "escape")).regexp_match(plain)
    return case((func.octet_length(value) == 0, false()), (is_picture, seen), else_=literal(True))


def _joined(texts: Sequence[ColumnElement[Any]], database: str) -> ColumnElement[Any]:
    """All of them as one text, a line each."""
    if database != "sqlite":
        return func.concat_ws("\n", *texts)
    # It learned the function late.
    whole: ColumnElement[Any] = literal("")
    for each in texts:
        whole = whole.op("||")("\n").op("||")(func.coalesce(each, ""))
    return whole


def _reads_like(small: ColumnElement[Any], needles: Needles, database: str) -> ColumnElement[bool]:
    is_late = database == "sqlite"
    octets = func.length(cast(small, LargeBinary)) if is_late else func.octet_length(small)
    letters = func.length(small) if is_late else func.char_length(small)
    likes = (small.like(each) for each in needles.likes)
    return and_(or_(octets != letters, *likes), small.regexp_match(needles.plain))


def _is_packed(whole: ColumnElement[Any], small: ColumnElement[Any], needles: Needles) -> ColumnElement[bool]:
    """What has no capital letter is not packed."""
    likes = (whole.like(each) for each in needles.packed_likes)
    return and_(whole != small, or_(*likes, whole.regexp_match(needles.packed)))


def _anything(value: ColumnElement[Any], _plain: str) -> ColumnElement[bool]:
    return value.is_not(None)


_BYTES: dict[str, Callable[[ColumnElement[Any], str], ColumnElement[bool]]] = {
    "postgresql": _pieces_of_postgresql,
    "mysql": _anything,
    "mariadb": _anything,
    "sqlite": _anything,
}
