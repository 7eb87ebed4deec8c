"""A few rows of each table, column by column, as text cut short: what guesses are made from and nothing else."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Connection,
    FromClause,
    Select,
    String,
    any_,
    bindparam,
    cast,
    column,
    func,
    select,
    table,
    tablesample,
)
from sqlalchemy.exc import DBAPIError

from fulfillment.introspection.schema import Column, Family, Schema, Table, TableKind

CUT_AT = 400
JSON_CUT_AT = 4000
# Above so many rows the first ones that the server finds are no fair sample.
_LARGE = 50_000
_NOT_SAMPLED = (Family.OTHER, Family.BOOLEAN, Family.DECIMAL, Family.TIMESTAMP)
_MOST_ASKED = 100
_LONGEST_CHARACTER = 3

Values = Sequence[str | None]


@dataclass(frozen=True)
class Samples:
    """Sampled values by table and column, rows side by side; never shown, written or logged."""

    by_table: Mapping[str, Mapping[str, Values]] = field(default_factory=dict, repr=False)
    unread: frozenset[str] = frozenset()

    def of(self, table: str, column: str) -> list[str]:
        """The values of a column that are there."""
        return [each for each in self.by_table.get(table, {}).get(column, ()) if each is not None]


def sample_tables(
    connection: Connection, schema: Schema, size: int, *, progress: Callable[[int], None] = lambda _: None
) -> Samples:
    """Read up to `size` rows of every table; one that cannot be read in time, or at all, is noted and left."""
    found: dict[str, Mapping[str, Values]] = {}
    unread: set[str] = set()
    for number, each in enumerate(schema.tables):
        if size and each.kind is not TableKind.VIEW:
            sampled = _sample(connection, each, size)
            if sampled is None:
                unread.add(each.name)
            else:
                found[each.name] = sampled
        progress(number + 1)
    return Samples(found, frozenset(unread))


def _sample(connection: Connection, source: Table, size: int) -> Mapping[str, Values] | None:
    wanted = [each for each in source.columns if each.is_array or each.family not in _NOT_SAMPLED]
    if not wanted:
        return {}
    for rows in _ways_in(connection, source, size):
        cut = [_as_text(connection, rows.c[each.name], each) for each in wanted]
        answered = _bounded(connection, select(*cut).select_from(rows).limit(size))
        if answered is None:
            return None
        if answered:
            columns = zip(*answered, strict=True)
            pairs = list(zip(wanted, columns, strict=True))
            return {each.name: _read(each, values) for each, values in pairs}
    return {}


def _ways_in(connection: Connection, source: Table, size: int) -> Iterator[FromClause]:
    """A random part of a large table where the server can give one, and otherwise the table from its beginning."""
    schema, name = source.schema_and_name
    plain = table(name, *(column(each.name) for each in source.columns), schema=schema)
    can = connection.dialect.name == "postgresql" and source.kind is TableKind.TABLE
    if can and (source.rows or 0) > _LARGE:
        part = min(100.0, 400.0 * size / (source.rows or 1))
        yield tablesample(plain, func.system(part), name="sampled")
    yield plain


def _as_text(connection: Connection, value: ColumnElement[Any], held: Column) -> ColumnElement[Any]:
    if held.family is Family.BYTES and not held.is_array:
        cut = func.substr(value, 1, CUT_AT)
        return func.encode(cut, "hex") if connection.dialect.name == "postgresql" else func.hex(cut)
    return func.substr(cast(value, String), 1, JSON_CUT_AT if held.family is Family.JSON else CUT_AT)


def _read(held: Column, values: Sequence[str | None]) -> Values:
    """Values as they came; bytes only where all of a column are text, for else none of it means anything."""
    if held.family is not Family.BYTES or held.is_array:
        return list(values)
    read = [None if each is None else _utf8(bytes.fromhex(each)) for each in values]
    is_text = all(each is None or text is not None for each, text in zip(values, read, strict=True))
    return read if is_text else [None] * len(read)


def _utf8(held: bytes) -> str | None:
    """The text that bytes are, or None; a character that the cut went through is let go."""
    text = held.decode("utf-8", errors="ignore")
    lost = len(held) - len(text.encode())
    is_whole = lost <= (_LONGEST_CHARACTER if len(held) == CUT_AT else 0)
    return text if is_whole and not any(_is_control(each) for each in text) else None


def _is_control(mark: str) -> bool:
    return mark < " " and mark not in "\t\r\n"


def _bounded(connection: Connection, statement: Select[Any]) -> Sequence[Any] | None:
    """The rows of a statement; None when the server refused it or it took too long."""
    try:
        with _to_come_back_to(connection):
            return connection.execute(statement).all()
    except DBAPIError as refused:
        if refused.connection_invalidated:
            raise
        return None


def _one_of(connection: Connection, held: ColumnElement[Any], wanted: list[Any]) -> ColumnElement[bool]:
    """Whether a column holds one of these; as one parameter where there are lists, which is cheaper than a hundred."""
    if connection.dialect.name != "postgresql":
        return held.in_(wanted)
    kind = BigInteger if isinstance(wanted[0], int) else String
    return held == any_(bindparam(None, wanted, ARRAY(kind)))


@contextmanager
def _to_come_back_to(connection: Connection) -> Iterator[None]:
    """PostgreSQL ends a transaction in which one statement fails; a savepoint keeps the rest of it.

    One serves for all statements until one fails: nothing is written that a step back could lose, and to set one for
    each would triple the round trips of a look at thousands of columns.
    """
    if connection.dialect.name != "postgresql":
        yield
        return
    place = connection.get_nested_transaction() or connection.begin_nested()
    try:
        yield
    except DBAPIError as refused:
        if not refused.connection_invalidated:
            place.rollback()
        raise


def overlap(
    connection: Connection, values: Iterable[str], target: Table, name: str
) -> tuple[int, int] | None:
    """How many of some values stand in a column of another table, and of how many; None when that is not known."""
    asked = list(dict.fromkeys(values))[:_MOST_ASKED]
    schema, bare = target.schema_and_name
    rows = table(bare, column(name), schema=schema)
    family = target.by_name[name].family
    held: ColumnElement[Any] = rows.c[name]
    wanted: list[Any] = asked
    if family is Family.INTEGER:
        wanted = [int(each) for each in asked if each.lstrip("-").isdecimal() and len(each) < 19]
    elif family is not Family.TEXT:
        held, wanted = cast(held, String), [each.lower() for each in asked]
    if not wanted:
        return (0, len(asked))
    counted = select(func.count(held.distinct())).select_from(rows).where(_one_of(connection, held, wanted))
    answered = _bounded(connection, counted)
    return None if answered is None else (int(answered[0][0] or 0), len(asked))
