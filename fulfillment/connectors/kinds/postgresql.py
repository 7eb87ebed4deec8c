"""PostgreSQL: rows leave the database as JSON text, so a large person costs little in Python."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any
from uuid import UUID as PythonUUID

from psycopg import Error
from sqlalchemy import (
    UUID,
    ColumnElement,
    CompoundSelect,
    Connection,
    Engine,
    FromClause,
    Text,
    bindparam,
    case,
    cast,
    func,
    literal,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSON, JSONB
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.functions import FunctionElement

from fulfillment.connectors.postgresql_indexes import USUAL, entries_of, quoted
from fulfillment.connectors.sql_changes.connector import ChangingServerConnector
from fulfillment.connectors.sql_changes.postgresql import PostgresqlChanges
from fulfillment.connectors.sql_dialect import ColumnShape, Family, SqlDialect, TableShape
from fulfillment.connectors.sql_entries import Entry
from fulfillment.connectors.sql_json_lists import Rows, in_postgresql

_FAMILIES = {
    "text": Family.TEXT,
    "character varying": Family.TEXT,
    "character": Family.TEXT,
    "name": Family.TEXT,
    "smallint": Family.INTEGER,
    "integer": Family.INTEGER,
    "bigint": Family.INTEGER,
    "uuid": Family.UUID,
    "numeric": Family.DECIMAL,
    "money": Family.DECIMAL,
    "bytea": Family.BYTES,
    "json": Family.JSON,
    "jsonb": Family.JSON,
}
# What an index begins with counts: a b-tree (403) of all rows, sorted in the usual way.
_DESCRIBE = text(
    """
    WITH wanted AS (
        SELECT number, to_regclass(name)::oid AS id
          FROM unnest(cast(:names AS text[])) WITH ORDINALITY AS given (name, number)
    ), indexed AS MATERIALIZED (
        SELECT i.indrelid, array_agg(i.indcollation[0]::text || ' ' || pg_get_indexdef(i.indexrelid, 1, true)) AS by
          FROM pg_index i
          JOIN pg_opclass o ON o.oid = i.indclass[0] AND o.opcdefault AND o.opcmethod = 403
         WHERE i.indrelid IN (SELECT id FROM wanted) AND i.indisvalid AND i.indpred IS NULL
         GROUP BY i.indrelid
    )
    SELECT wanted.number, a.attname, format_type(coalesce(nullif(t.typbasetype, 0), t.oid), NULL),
           has_column_privilege(a.attrelid, a.attnum, 'SELECT'), a.attcollation::text, indexed.by,
           ' z' < '!' AND ' z' > ' ' AND 'a b' < 'a!' AND 'a' < 'a '
           AND lower('ABCDEFGHIJKLMNOPQRSTUVWXYZ') = 'abcdefghijklmnopqrstuvwxyz'
      FROM wanted
      JOIN pg_attribute a ON a.attrelid = wanted.id AND a.attnum > 0 AND NOT a.attisdropped
      JOIN pg_type t ON t.oid = a.atttypid
      LEFT JOIN indexed ON indexed.indrelid = wanted.id
     ORDER BY wanted.number, a.attnum
    """
)
_REFUSED_AT_THE_DOOR = {
    "password authentication failed": "28P01",
    "no pg_hba.conf entry": "28000",
    "does not exist": "3D000",
}


# In the planner's units; a scan of a million narrow rows is about a tenth of it.
_DEAR = 500_000


class PostgresqlDialect(SqlDialect):
    """PostgreSQL's own ways."""

    driver = "postgresql+psycopg"
    never_held = "\x00"
    leaves_no_trace = True
    snapshot: Mapping[str, Any] = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}

    def begin(self, connection: Connection, *, statement_timeout_seconds: int, purpose: str) -> None:
        """One round trip: limits, and forms of writing that do not depend on the server's habits."""
        wanted = {
            "statement_timeout": f"{statement_timeout_seconds}s",
            "lock_timeout": "10s",
            "application_name": f"omne-dsar {purpose}"[:63],
            "timezone": "UTC",
            "datestyle": "ISO",
            "intervalstyle": "iso_8601",
            "extra_float_digits": "1",
            "lc_monetary": "C",
            # The whole answer is fetched: plan for that, and not for its first rows.
            "cursor_tuple_fraction": "1.0",
            "jit": "off",
        }
        settings = (func.set_config(name, literal(value), True) for name, value in wanted.items())
        connection.execute(select(*settings))

    def state(self, error: DBAPIError) -> str | None:
        """The SQLSTATE; a refusal at the door carries none, only its English words."""
        state: str | None = getattr(error.orig, "sqlstate", None)
        if state is None and not error.connection_invalidated:
            words = str(error.orig)
            state = next((code for phrase, code in _REFUSED_AT_THE_DOOR.items() if phrase in words), None)
        return state

    def limit(self, connection: Connection, seconds: int) -> None:
        """For this transaction."""
        connection.execute(select(func.set_config("statement_timeout", f"{seconds}s", True)))

    def guess(self, connection: Connection, rows: CompoundSelect[Any]) -> list[int] | None:
        """By EXPLAIN, whose parts stand in the order of the statement's."""
        written = rows.compile(dialect=connection.dialect)
        asked = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {written}", written.params)
        top = asked.scalar_one()[0]["Plan"]
        if top["Total Cost"] < _DEAR:
            return None
        parts = [part for part in top.get("Plans", ()) if part["Parent Relationship"] == "Member"]
        return [part["Plan Rows"] for part in parts or [top]]

    def cancel(self, engine: Engine, driver_connection: Any) -> None:
        """Ask the server to stop; a connection that is gone has nothing to stop."""
        with suppress(Error):
            driver_connection.cancel_safe(timeout=5)

    def describe(
        self, connection: Connection, tables: Sequence[tuple[str | None, str]]
    ) -> list[TableShape | None]:
        """Read from the catalogue in one query, within the snapshot of the search."""
        names = [f"{quoted(schema)}.{quoted(name)}" if schema else quoted(name) for schema, name in tables]
        found: dict[int, dict[str, ColumnShape]] = {}
        for number, name, type_name, readable, collation, heads, is_plain in connection.execute(
            _DESCRIBE, {"names": names}
        ):
            entries = entries_of(name, collation, heads or (), is_plain=is_plain)
            found.setdefault(number - 1, {})[name] = replace(
                _shape(name, type_name, readable, entries), rules="" if collation in USUAL else collation
            )
        return [TableShape(found[number]) if number in found else None for number in range(len(tables))]

    def as_text(self, value: ColumnElement[Any], shape: ColumnShape) -> ColumnElement[Any]:
        """Cast, which every type allows; of bytes that are ASCII the text, while others are written as numbers."""
        return func.encode(value, "escape") if shape.family is Family.BYTES else cast(value, Text)

    def exact(self, text: ColumnElement[Any]) -> list[ColumnElement[Any]]:
        """By the rules of "C", byte for byte; texts of two other rules could not be compared."""
        return [text.collate("C")]

    def folded(self, text: ColumnElement[Any]) -> list[ColumnElement[Any]]:
        """In lower case by the rules of "C", which knows ASCII only and is the cheapest."""
        return [func.lower(func.trim(text).collate("C"))]

    def digits(self, value: ColumnElement[Any]) -> ColumnElement[Any]:
        """Everything but digits removed, then the leading 00."""
        return func.regexp_replace(func.regexp_replace(value, "[^0-9]+", "", "g"), "^00", "")

    def inside_json(self, value: ColumnElement[Any], path: Sequence[str]) -> ColumnElement[Any]:
        """`#>>` as a function."""
        return func.jsonb_extract_path_text(cast(value, JSONB), *path)

    def inside_json_lists(self, value: ColumnElement[Any], path: Sequence[str]) -> Rows:
        """As `sql_json_lists` writes it."""
        return in_postgresql(value, path)

    def elements(self, value: ColumnElement[Any]) -> FunctionElement[Any]:
        """`unnest`."""
        return func.unnest(value)

    def uuid(self, value: str) -> ColumnElement[Any]:
        """A parameter of the type."""
        return bindparam(None, PythonUUID(value), UUID)

    def json_row(self, rows: FromClause, shapes: Sequence[ColumnShape]) -> ColumnElement[Any]:
        """`row_to_json` over the columns, those it would write with loss made into text before."""
        written = select(*(_written(rows.c[each.name], each).label(each.name) for each in shapes)).subquery()
        return cast(func.row_to_json(written.table_valued()), Text)


def _shape(name: str, type_name: str, readable: bool, entries: frozenset[Entry]) -> ColumnShape:
    if type_name.endswith("[]"):
        elements = _FAMILIES.get(type_name.removesuffix("[]"), Family.OTHER)
        return ColumnShape(name, Family.ARRAY, type_name, readable, elements)
    return ColumnShape(name, _FAMILIES.get(type_name, Family.OTHER), type_name, readable, entries=entries)


def _written(value: ColumnElement[Any], shape: ColumnShape) -> ColumnElement[Any]:
    """A column in a form whose JSON has lost nothing: decimals keep their digits, bytes stay whole."""
    if shape.family is Family.DECIMAL:
        return cast(value, Text)
    if shape.family is Family.BYTES:
        return _base64(value)
    if shape.family is Family.ARRAY and shape.elements is Family.DECIMAL:
        return cast(value, ARRAY(Text))
    if shape.type_name == "json":
        # The type keeps its text as it was written, line ends between values too; a row is one line.
        return cast(func.translate(cast(value, Text), "\n\r", "  "), JSON)
    return value


def _base64(value: ColumnElement[Any]) -> ColumnElement[Any]:
    encoded = func.translate(func.encode(value, "base64"), "\n", "")
    return case((value.is_not(None), func.jsonb_build_object("$base64", encoded)))


class PostgresqlConnector(ChangingServerConnector):
    """A PostgreSQL database, read with a role that may only select, changed with another."""

    kind = "postgresql"
    label = "PostgreSQL"
    dialect = PostgresqlDialect()
    change_dialect = PostgresqlChanges()


CONNECTOR = PostgresqlConnector
