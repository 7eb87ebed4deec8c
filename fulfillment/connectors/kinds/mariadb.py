"""MariaDB and MySQL: one consistent snapshot that may not write, and rows written as JSON by the server."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    FromClause,
    Text,
    bindparam,
    cast,
    event,
    func,
    literal_column,
)
from sqlalchemy.dialects import mysql
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.sql.functions import FunctionElement

from fulfillment.connectors.errors import NotConfigured
from fulfillment.connectors.mariadb_catalog import read_shapes
from fulfillment.connectors.mariadb_rows import json_text, unicode_text
from fulfillment.connectors.sql_changes.connector import ChangingServerConnector
from fulfillment.connectors.sql_changes.mariadb import MariadbChanges
from fulfillment.connectors.sql_dialect import ColumnShape, Family, SqlDialect, TableShape
from fulfillment.connectors.sql_json_lists import Rows, in_mariadb

# What the server's numbers mean, in the SQLSTATE of PostgreSQL, which tells more of them apart.
_STATES = {
    1044: "3D000",
    1045: "28P01",
    1049: "3D000",
    1142: "42501",
    1143: "42501",
    1356: "42501",
    1698: "28P01",
    1146: "42P01",
    1054: "42703",
    1317: "57014",
    1969: "57014",
    3024: "57014",
    1040: "53300",
    1203: "53300",
    1226: "53300",
    1205: "55P03",
    1213: "40P01",
    1053: "57P01",
    1927: "57P01",
    1792: "25006",
}
# The client's own words for a connection that is not there or broke off.
_UNREACHABLE = range(2000, 2056)
# Nobody takes rows faster than they are stored: let the server wait for us.
_WRITE_TIMEOUT_SECONDS = 600


class MariadbDialect(SqlDialect):
    """The ways of MariaDB and MySQL."""

    driver = "mysql+pymysql"
    snapshot: Mapping[str, Any] = {}

    def connect_arguments(self, *, connect_timeout_seconds: int) -> dict[str, Any]:
        """`sql_mode` is emptied before anything is said: quotes and backslashes then mean one thing."""
        return {
            "connect_timeout": connect_timeout_seconds,
            "charset": "utf8mb4",
            "sql_mode": "",
            # No server may ask for files of this machine.
            "local_infile": False,
        }

    def begin(self, connection: Connection, *, statement_timeout_seconds: int, purpose: str) -> None:
        """A snapshot that may not write; the request's reference goes before each statement as a remark."""
        self.limit(connection, statement_timeout_seconds)
        connection.exec_driver_sql(
            "SET SESSION time_zone = '+00:00', lock_wait_timeout = 10,"
            f" net_write_timeout = {_WRITE_TIMEOUT_SECONDS}"
        )
        connection.exec_driver_sql("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        connection.exec_driver_sql("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY")
        remark = "".join(mark for mark in purpose if mark.isalnum() or mark in "-_ ")
        event.listen(connection, "before_cursor_execute", _remarking(remark), retval=True)

    def limit(self, connection: Connection, seconds: int) -> None:
        """For this session, in each product's own words."""
        is_mariadb: bool = connection.dialect.is_mariadb  # type: ignore[attr-defined]
        limit = f"max_statement_time = {seconds}" if is_mariadb else f"max_execution_time = {seconds * 1000}"
        connection.exec_driver_sql(f"SET SESSION {limit}")

    def cancel(self, engine: Engine, driver_connection: Any) -> None:
        """Ask the server to stop, by a connection of its own; one that is gone has nothing to stop."""
        with suppress(SQLAlchemyError), engine.connect() as other:
            other.exec_driver_sql("KILL QUERY %s", (driver_connection.thread_id(),))

    @contextmanager
    def abandoning(self, connection: Connection) -> Iterator[None]:
        """Hang up instead of reading rows that nobody wants any more, as the driver would."""
        driver: Any = connection.connection.driver_connection
        try:
            yield
        except BaseException:
            if getattr(driver, "_result", None) is not None:
                driver._result.unbuffered_active = False
            if not connection.invalidated:
                connection.invalidate()
            raise

    def state(self, error: DBAPIError) -> str | None:
        """The SQLSTATE that PostgreSQL has for it, or the number that the server gave."""
        arguments = getattr(error.orig, "args", ())
        number = arguments[0] if arguments and isinstance(arguments[0], int) else 0
        if number == 0 or number in _UNREACHABLE:
            return None
        return _STATES.get(number, f"MariaDB {number}")

    def describe(
        self, connection: Connection, tables: Sequence[tuple[str | None, str]]
    ) -> list[TableShape | None]:
        """Read from the information schema, which lists what the user has a right to."""
        return read_shapes(connection, tables)

    def as_text(self, value: ColumnElement[Any], shape: ColumnShape) -> ColumnElement[Any]:
        """Cast, which every type allows."""
        return cast(value, mysql.CHAR)

    def same_text(
        self, text: ColumnElement[Any], spelling: str, *, exactly: bool = False
    ) -> ColumnElement[bool]:
        """Compared byte for byte: the column's collation may take accents and blanks lightly."""
        return super().same_text(unicode_text(text), spelling, exactly=exactly)

    def constants(self, spelling: str, exactly: bool) -> list[Any]:
        """Made by the server too, whose lower() knows more letters than ours."""
        given = bindparam(None, spelling, Text)
        return self.exact(given) if exactly else self.folded(given)

    def exact(self, text: ColumnElement[Any]) -> list[ColumnElement[Any]]:
        """The bytes of the text in UTF-8."""
        return [cast(unicode_text(text), mysql.BINARY)]

    def folded(self, text: ColumnElement[Any]) -> list[ColumnElement[Any]]:
        """In lower case, and beside it where the ASCII letters stand.

        The server's lower() folds letters of other scripts too, the Kelvin sign into k; the pattern keeps
        such a letter apart.
        """
        written = func.trim(unicode_text(text)).collate("utf8mb4_bin")
        return [func.lower(written), func.regexp_replace(written, "[A-Za-z]", "a")]

    def own_key(self, value: ColumnElement[Any], shape: ColumnShape) -> list[ColumnElement[Any]]:
        """A text as its collation compares it, which an index can be used for, and its very bytes."""
        return [value, *self.exact(value)] if shape.family is Family.TEXT else [value]

    def parents_key(
        self, value: ColumnElement[Any], shape: ColumnShape, own: ColumnShape
    ) -> list[ColumnElement[Any]]:
        """In our collation, since two different ones cannot be compared."""
        if own.family is not Family.TEXT:
            return [value]
        return [_ruled_as(value, own), *self.exact(value)]

    def folded_key(self, text: ColumnElement[Any], own: ColumnShape) -> ColumnElement[Any]:
        """In the collation of the column that we compare it with."""
        return _ruled_as(func.lower(func.trim(text)), own.folded_as or own)

    def digits(self, value: ColumnElement[Any]) -> ColumnElement[Any]:
        """Everything but digits removed, then the leading 00."""
        return func.regexp_replace(func.regexp_replace(unicode_text(value), "[^0-9]+", ""), "^00", "")

    def inside_json(self, value: ColumnElement[Any], path: Sequence[str]) -> ColumnElement[Any]:
        """`JSON_VALUE`, which gives what is no object or list."""
        return func.json_value(value, "$" + "".join(f'."{_escaped(part)}"' for part in path))

    def inside_json_lists(self, value: ColumnElement[Any], path: Sequence[str]) -> Rows:
        """As `sql_json_lists` writes it."""
        return in_mariadb(value, path)

    def elements(self, value: ColumnElement[Any]) -> FunctionElement[Any]:
        """There are no arrays."""
        raise NotConfigured("This database has no arrays.")

    def uuid(self, value: str) -> ColumnElement[Any]:
        """Its text, which the server understands."""
        return bindparam(None, value, Text)

    def json_row(self, rows: FromClause, shapes: Sequence[ColumnShape]) -> ColumnElement[Any]:
        """Written piece by piece: JSON_OBJECT would round numbers, and MySQL's would order the names."""
        return json_text([(each, rows.c[each.name]) for each in shapes])


def _ruled_as(text: ColumnElement[Any], shape: ColumnShape) -> ColumnElement[Any]:
    """A text in the character set and collation of a column."""
    collation = shape.collation or "utf8mb4_bin"
    charset: ColumnElement[Any] = literal_column(collation.partition("_")[0])
    return func.convert(text.op("USING")(charset)).collate(collation)


def _escaped(name: str) -> str:
    return name.replace("\\", "\\\\").replace('"', '\\"')


def _remarking(remark: str) -> Callable[..., tuple[str, Any]]:
    def with_remark(
        _connection: Any, _cursor: Any, statement: str, given: Any, *_rest: Any
    ) -> tuple[str, Any]:
        return f"/* omne-dsar {remark} */ {statement}", given

    return with_remark


class MariadbConnector(ChangingServerConnector):
    """A MariaDB or MySQL database, read as a user who may only select; MariaDB is changed as another."""

    kind = "mariadb"
    label = "MariaDB or MySQL"
    dialect = MariadbDialect()
    change_dialect = MariadbChanges()


CONNECTOR = MariadbConnector
