"""SQLite: a file, opened to be read only, one transaction of it."""

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from time import thread_time
from typing import Any
from urllib.parse import quote

from pydantic import Field
from sqlalchemy import (
    BLOB,
    URL,
    ColumnElement,
    Connection,
    Engine,
    FromClause,
    Text,
    bindparam,
    case,
    cast,
    func,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.functions import FunctionElement

from fulfillment.connectors.errors import NotConfigured, Unsupported
from fulfillment.connectors.sql_changes.connector import ChangingSqlConnector
from fulfillment.connectors.sql_changes.sqlite import SqliteChanges
from fulfillment.connectors.sql_dialect import ColumnShape, Family, SqlDialect, TableShape
from fulfillment.connectors.sql_json_lists import Rows, in_sqlite
from fulfillment.connectors.sql_settings import SqlLimits
from fulfillment.connectors.sqlite_catalog import read_shapes
from fulfillment.connectors.sqlite_file import allowed_file
from fulfillment.connectors.sqlite_functions import DIGITS, FIELDS, names_of_fields, teach

# What the library's numbers mean, in SQLSTATE.
_STATES = {
    sqlite3.SQLITE_BUSY: "55P03",
    sqlite3.SQLITE_LOCKED: "55P03",
    sqlite3.SQLITE_CANTOPEN: "08001",
    sqlite3.SQLITE_INTERRUPT: "57014",
    sqlite3.SQLITE_READONLY: "25006",
    sqlite3.SQLITE_IOERR: "58030",
    sqlite3.SQLITE_NOMEM: "53200",
    sqlite3.SQLITE_AUTH: "25006",
}
_ALLOWED = frozenset(
    (
        sqlite3.SQLITE_SELECT,
        sqlite3.SQLITE_READ,
        sqlite3.SQLITE_FUNCTION,
        sqlite3.SQLITE_RECURSIVE,
        sqlite3.SQLITE_TRANSACTION,
    )
)
# By name: what reads the catalogue and changes nothing.
_PRAGMAS = (
    *("table_xinfo", "table_info", "foreign_key_list", "index_list", "index_info", "index_xinfo"),
    *("table_list", "data_version"),
)
_LOOKS = {(sqlite3.SQLITE_UPDATE, "sqlite_master"), *((sqlite3.SQLITE_PRAGMA, name) for name in _PRAGMAS)}
_INSTRUCTIONS_BETWEEN_LOOKS = 20_000
# A function takes 127 values, the first of ours is the names.
_VALUES_AT_ONCE = 100


class SqliteDialect(SqlDialect):
    """SQLite's own ways."""

    driver = "sqlite+pysqlite"
    is_a_server = False
    types_are_loose = True
    snapshot: Mapping[str, Any] = {}

    def connect_arguments(self, *, connect_timeout_seconds: int) -> dict[str, Any]:
        """`timeout` is how long somebody else's lock is waited for; transactions are begun by us."""
        return {"timeout": connect_timeout_seconds, "isolation_level": None, "uri": True}

    def begin(self, connection: Connection, *, statement_timeout_seconds: int, purpose: str) -> None:
        """Nothing but reading is allowed from here on; what a file of strangers defines is not trusted."""
        driver: Any = connection.connection.driver_connection
        for setting in ("query_only = ON", "trusted_schema = OFF", "cell_size_check = ON"):
            driver.execute(f"PRAGMA {setting}")
        teach(driver)
        self.limit(connection, statement_timeout_seconds)
        connection.exec_driver_sql("BEGIN")
        connection.exec_driver_sql("SELECT count(*) FROM sqlite_schema").all()
        driver.set_authorizer(_may_only_read)

    def limit(self, connection: Connection, seconds: int) -> None:
        """By looking at the clock between instructions."""
        driver: Any = connection.connection.driver_connection
        driver.set_progress_handler(_stopping_after(seconds), _INSTRUCTIONS_BETWEEN_LOOKS)

    def cancel(self, engine: Engine, driver_connection: Any) -> None:
        """Interrupt, which is allowed from any thread; a connection that was closed meanwhile has nothing to end."""
        with suppress(sqlite3.ProgrammingError):
            driver_connection.interrupt()

    def state(self, error: DBAPIError) -> str | None:
        """The SQLSTATE for the library's number."""
        number = getattr(error.orig, "sqlite_errorcode", None)
        if number is None:
            return "HY000"
        if number == sqlite3.SQLITE_ERROR and "user-defined function" in str(error.orig):
            return "22021"
        return _STATES.get(number & 0xFF, f"SQLite {number}")

    def describe(
        self, connection: Connection, tables: Sequence[tuple[str | None, str]]
    ) -> list[TableShape | None]:
        """Read table by table, which costs nothing in a file; generated columns are columns too."""
        return read_shapes(connection, tables)

    def as_text(self, value: ColumnElement[Any], shape: ColumnShape) -> ColumnElement[Any]:
        """Cast, which every value allows."""
        return cast(value, Text)

    def size(self, text: ColumnElement[Any]) -> ColumnElement[Any]:
        """The bytes of a text; length() of the text itself would end at a NUL."""
        return func.length(cast(text, BLOB))

    def exact(self, text: ColumnElement[Any]) -> list[ColumnElement[Any]]:
        """Byte for byte, whatever the column's collation."""
        return [cast(text, Text).collate("BINARY")]

    def folded(self, text: ColumnElement[Any]) -> list[ColumnElement[Any]]:
        """SQLite's own lower() knows ASCII only."""
        return [func.lower(func.trim(text))]

    def sorted_as(self, column: ColumnElement[Any], *, caseless: bool) -> ColumnElement[Any]:
        """By the rules of the index."""
        return column.collate("NOCASE" if caseless else "BINARY")

    def own_key(self, value: ColumnElement[Any], shape: ColumnShape) -> list[ColumnElement[Any]]:
        """A text as its collation compares it, which an index can be used for, and its very bytes."""
        return [value, *self.exact(value)] if shape.family is Family.TEXT else [value]

    def parents_key(
        self, value: ColumnElement[Any], shape: ColumnShape, own: ColumnShape
    ) -> list[ColumnElement[Any]]:
        """The same of the parent's."""
        return self.own_key(value, own)

    def digits(self, value: ColumnElement[Any]) -> ColumnElement[Any]:
        """By a function of ours."""
        return getattr(func, DIGITS)(value)  # type: ignore[no-any-return]

    def inside_json(self, value: ColumnElement[Any], path: Sequence[str]) -> ColumnElement[Any]:
        """`json_extract`, of what is JSON."""
        if any('"' in part for part in path):
            raise NotConfigured("SQLite has no path to a name with a quotation mark inside JSON.")
        place = "$" + "".join(f'."{part}"' for part in path)
        return case((func.json_valid(value) == 1, cast(func.json_extract(value, place), Text)))

    def inside_json_lists(self, value: ColumnElement[Any], path: Sequence[str]) -> Rows:
        """As `sql_json_lists` writes it."""
        return in_sqlite(value, path)

    def elements(self, value: ColumnElement[Any]) -> FunctionElement[Any]:
        """There are no arrays."""
        raise NotConfigured("SQLite has no arrays.")

    def uuid(self, value: str) -> ColumnElement[Any]:
        """Its text."""
        return bindparam(None, value, Text)

    def json_row(self, rows: FromClause, shapes: Sequence[ColumnShape]) -> ColumnElement[Any]:
        """By a function of ours: SQLite's own JSON rounds numbers and knows no bytes."""
        written: Any = "{"
        for start in range(0, len(shapes), _VALUES_AT_ONCE):
            part = shapes[start : start + _VALUES_AT_ONCE]
            names = names_of_fields(
                [each.name for each in part], [each.family is Family.JSON for each in part]
            )
            values = (rows.c[each.name] for each in part)
            fields = cast(getattr(func, FIELDS)(names, *values), Text)
            written = bindparam(None, "{", Text) + fields if start == 0 else written + "," + fields
        return written + "}" if shapes else bindparam(None, "{}", Text)


def _may_only_read(action: int, first: str | None, *_rest: Any) -> int:
    """Whether a statement may do this: SQLite calls it an update of the catalogue to look at a virtual table."""
    looks = (action, first) in _LOOKS
    return sqlite3.SQLITE_OK if looks or action in _ALLOWED else sqlite3.SQLITE_DENY


def _stopping_after(seconds: int) -> Callable[[], int]:
    """Counts the thread's own work, so that a slow reader of the rows is not held against the file."""
    end = thread_time() + seconds
    return lambda: int(thread_time() > end)


class SqliteSettings(SqlLimits):
    """Where the file is; its folder must be one of SQLITE_FOLDERS. It is changed only where that is allowed."""

    path: str = Field(min_length=1)
    may_change: bool = False


class SqliteConnector(ChangingSqlConnector):
    """A SQLite file, in any journal mode."""

    kind = "sqlite"
    label = "SQLite"
    settings_model = SqliteSettings
    settings: SqliteSettings
    dialect = SqliteDialect()
    change_dialect = SqliteChanges()

    def address(self) -> URL:
        """The file as a URI; a path can neither end nor add to it."""
        return self._file("ro")

    def change_address(self) -> URL:
        """The same, to be written, where the settings allow it."""
        if not self.settings.may_change:
            raise Unsupported("The settings of this SQLite source do not allow changes (may_change).")
        return self._file("rw")

    def _file(self, mode: str) -> URL:
        path = quote(str(allowed_file(self.settings.path)))
        return URL.create(self.dialect.driver, database=f"file:{path}", query={"mode": mode, "uri": "true"})


CONNECTOR = SqliteConnector
