"""What each database needs to take a JSON value apart and put it together again, piece by piece, as expressions.

A *piece* is JSON as the database works with it: `jsonb` in PostgreSQL, a text elsewhere; NULL is what is not there.
"""

import json
from abc import ABC, abstractmethod
from collections.abc import Mapping
from itertools import chain, islice
from typing import Any, ClassVar

from sqlalchemy import (
    ColumnElement,
    FromClause,
    String,
    Text,
    case,
    cast,
    column,
    false,
    func,
    literal,
    literal_column,
    null,
)
from sqlalchemy.dialects import mysql
from sqlalchemy.dialects.postgresql import JSONB, aggregate_order_by, array
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from fulfillment.connectors.mariadb_rows import unicode_text
from fulfillment.connectors.sql_json_lists import dotted

Piece = ColumnElement[Any]
# SQLite gives a function 127 arguments at most where nobody says otherwise, and older ones 100.
_MOST_PAIRS = 40
OBJECT, LIST, EMPTY = "object", "array", "null"


class JsonWays(ABC):
    """The pieces of JSON in one kind of database."""

    # What `kind` says of numbers, and of true and false.
    numbers: ClassVar[tuple[str, ...]]
    truths: ClassVar[tuple[str, ...]]

    @abstractmethod
    def document(self, value: ColumnElement[Any]) -> Piece:
        """What a column holds; NULL where it holds nothing."""

    def is_broken(self, piece: Piece) -> ColumnElement[bool]:
        """Whether a document is no JSON, where the database does not fail over that by itself."""
        return false()

    @abstractmethod
    def kind(self, piece: Piece) -> ColumnElement[Any]:
        """`object`, `array`, `null` or another; NULL of what is not there."""

    @abstractmethod
    def inner(self, piece: Piece, name: str) -> Piece:
        """What an object has under a name."""

    @abstractmethod
    def put(self, piece: Piece, values: Mapping[str, Piece], *, anew: bool) -> Piece:
        """An object with other values under these names; where it has none, only with `anew`. NULL becomes null."""

    @abstractmethod
    def text(self, piece: Piece) -> ColumnElement[Any]:
        """A string or a number as it reads; NULL of null."""

    @abstractmethod
    def quoted(self, text: ColumnElement[Any]) -> Piece:
        """A text as a string of JSON."""

    @abstractmethod
    def constant(self, value: Any) -> Piece:
        """A value of the map or of a person."""

    @abstractmethod
    def elements(self, piece: Piece) -> tuple[FromClause, Piece, ColumnElement[Any]]:
        """The elements of a list as rows: what to select from, the element, and its place; none of what is no list."""

    @abstractmethod
    def listed(self, element: Piece, place: ColumnElement[Any]) -> Piece:
        """An aggregate that makes a list of them again."""

    def _list(self, piece: Piece) -> Piece:
        return case((self.kind(piece) == LIST, piece))


class PostgresqlJson(JsonWays):
    """By the functions of `jsonb`, which keeps the digits of numbers and orders names as it likes."""

    numbers, truths = ("number",), ("boolean",)

    def document(self, value: ColumnElement[Any]) -> Piece:
        return cast(func.nullif(func.btrim(cast(value, Text)), ""), JSONB)

    def kind(self, piece: Piece) -> ColumnElement[Any]:
        return func.jsonb_typeof(piece)

    def inner(self, piece: Piece, name: str) -> Piece:
        return func.jsonb_extract_path(piece, literal(name, Text))

    def put(self, piece: Piece, values: Mapping[str, Piece], *, anew: bool) -> Piece:
        for name, value in values.items():
            never_null = func.coalesce(value, self.constant(None))
            piece = func.jsonb_set(piece, array([literal(name, Text)]), never_null, anew)
        return piece

    def text(self, piece: Piece) -> ColumnElement[Any]:
        return piece.op("#>>")(literal_column("'{}'"))

    def quoted(self, text: ColumnElement[Any]) -> Piece:
        return func.to_jsonb(cast(text, Text))

    def constant(self, value: Any) -> Piece:
        return cast(literal(json.dumps(value), Text), JSONB)

    def elements(self, piece: Piece) -> tuple[FromClause, Piece, ColumnElement[Any]]:
        called = func.jsonb_array_elements(self._list(piece))
        rows = called.table_valued(column("each", JSONB), with_ordinality="place", joins_implicitly=True)
        found = rows.render_derived()
        return found, found.c.each, found.c.place

    def listed(self, element: Piece, place: ColumnElement[Any]) -> Piece:
        return func.coalesce(func.jsonb_agg(aggregate_order_by(element, place)), self.constant([]))


class _Places(FunctionElement[Any]):
    """The numbers of a list's elements, by JSON_TABLE, which has a syntax of its own."""

    name = "json_table"
    inherit_cache = True


@compiles(_Places)
def _written(element: _Places, compiler: SQLCompiler, **how: Any) -> str:
    (document,) = element.clauses
    every = compiler.render_literal_value("$[*]", String())
    return f"JSON_TABLE({compiler.process(document, **how)}, {every} COLUMNS (place FOR ORDINALITY))"


class MariadbJson(JsonWays):
    """By the functions over JSON texts, which keep numbers as they are written."""

    numbers, truths = ("integer", "double"), ("boolean",)

    def document(self, value: ColumnElement[Any]) -> Piece:
        return func.nullif(func.trim(value), "")

    def is_broken(self, piece: Piece) -> ColumnElement[bool]:
        return func.json_valid(piece) == 0

    def kind(self, piece: Piece) -> ColumnElement[Any]:
        return func.lower(func.json_type(piece))

    def inner(self, piece: Piece, name: str) -> Piece:
        return func.json_extract(piece, f"${dotted([name])}")

    def put(self, piece: Piece, values: Mapping[str, Piece], *, anew: bool) -> Piece:
        write = func.json_set if anew else func.json_replace
        # Taken out of itself: else a piece would be written as a text.
        pieces = {name: func.json_extract(_never_null(value), "$") for name, value in values.items()}
        pairs = ((f"${dotted([name])}", value) for name, value in pieces.items())
        return write(piece, *chain.from_iterable(pairs))

    def text(self, piece: Piece) -> ColumnElement[Any]:
        return case((func.json_type(piece) == "NULL", null()), else_=func.json_unquote(piece))

    def quoted(self, text: ColumnElement[Any]) -> Piece:
        return func.json_quote(unicode_text(cast(text, mysql.CHAR)))

    def constant(self, value: Any) -> Piece:
        return literal(json.dumps(value), Text)

    def elements(self, piece: Piece) -> tuple[FromClause, Piece, ColumnElement[Any]]:
        rows = _Places(self._list(piece)).table_valued(column("place"), joins_implicitly=True)
        each = func.json_extract(piece, func.concat("$[", rows.c.place - 1, "]"))
        return rows, each, rows.c.place

    def listed(self, element: Piece, place: ColumnElement[Any]) -> Piece:
        together = func.group_concat(_never_null(element).op("ORDER BY")(place))
        return func.concat("[", func.coalesce(together, ""), "]")


class SqliteJson(JsonWays):
    """By its functions over JSON texts, which keep numbers as they are written; `->` since 3.38."""

    numbers, truths = ("integer", "real"), ("true", "false")

    def document(self, value: ColumnElement[Any]) -> Piece:
        return func.nullif(func.trim(value), "")

    def kind(self, piece: Piece) -> ColumnElement[Any]:
        return func.json_type(piece)

    def inner(self, piece: Piece, name: str) -> Piece:
        return piece.op("->")(_place(name))

    def put(self, piece: Piece, values: Mapping[str, Piece], *, anew: bool) -> Piece:
        write = func.json_set if anew else func.json_replace
        pairs = ((_place(name), func.json(value)) for name, value in values.items())
        # As many in one call as it takes: calls within calls are more than its parser bears.
        while some := list(islice(pairs, _MOST_PAIRS)):
            piece = write(piece, *chain.from_iterable(some))
        return piece

    def text(self, piece: Piece) -> ColumnElement[Any]:
        return cast(func.json_extract(piece, "$"), Text)

    def quoted(self, text: ColumnElement[Any]) -> Piece:
        return func.json_quote(cast(text, Text))

    def constant(self, value: Any) -> Piece:
        return literal(json.dumps(value, ensure_ascii=False), Text)

    def elements(self, piece: Piece) -> tuple[FromClause, Piece, ColumnElement[Any]]:
        rows = func.json_each(self._list(piece)).table_valued(column("key"), joins_implicitly=True)
        each = piece.op("->")(literal("$[", Text).op("||")(rows.c.key).op("||")("]"))
        return rows, each, rows.c.key

    def listed(self, element: Piece, place: ColumnElement[Any]) -> Piece:
        return func.json_group_array(func.json(element))


def _never_null(piece: Piece) -> Piece:
    return func.coalesce(piece, "null")


def _place(name: str) -> ColumnElement[Any]:
    """A name as it stands; one with a quotation mark leads nowhere, and a look beforehand says so."""
    return literal(f'$."{name}"', Text)
