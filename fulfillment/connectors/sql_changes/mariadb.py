"""MariaDB's own ways of changing. It has no word on an ended transaction: its rows are asked what became of it."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    LargeBinary,
    bindparam,
    cast,
    func,
    literal,
)
from sqlalchemy.dialects import mysql
from sqlalchemy.exc import DBAPIError

from fulfillment.connectors.changing import Verdict
from fulfillment.connectors.errors import Unsupported
from fulfillment.connectors.mariadb_rows import unicode_text
from fulfillment.connectors.sql_changes.dialect import ChangeDialect, pads
from fulfillment.connectors.sql_changes.facts import ColumnFacts, TableFacts
from fulfillment.connectors.sql_changes.json_ways import MariadbJson
from fulfillment.connectors.sql_changes.mariadb_catalog import read_facts
from fulfillment.connectors.sql_dialect import Family, SqlDialect
from fulfillment.connectors.sql_statement import Target

_INDEXED = frozenset({Family.INTEGER, Family.UUID, Family.DECIMAL})
_LONGEST_INDEX = 191
# The server's numbers of a refusal, by what a person reads.
_REFUSALS = {
    **dict.fromkeys([1048, 1062, 1169, 1451, 1452, 3819, 4025], "one of its conditions would be broken"),
    **dict.fromkeys([1264, 1265, 1292, 1366, 1406, 1411], "a new value does not fit"),
    **dict.fromkeys([1044, 1142, 1143, 1370], "its user lacks a right"),
    1644: "a trigger refuses it",
}


class MariadbChanges(ChangeDialect):
    """MariaDB 10.10 and newer. MySQL cannot read a temporary table twice in one statement, and is left to people."""

    json = MariadbJson()
    snapshot: Mapping[str, Any] = {}
    json_is_text = True

    def begin(
        self, connection: Connection, sql: SqlDialect, *, statement_timeout_seconds: int, purpose: str
    ) -> None:
        """Strict, so that what does not fit is refused and never bent; one snapshot that may write."""
        if not connection.dialect.is_mariadb:  # type: ignore[attr-defined]
            raise Unsupported("MySQL cannot be changed by this connector yet, only MariaDB.")
        connection.exec_driver_sql(
            f"SET SESSION max_statement_time = {statement_timeout_seconds}, time_zone = '+00:00', "
            # Else the server would cut a list that it puts together again.
            "group_concat_max_len = 1073741824, lock_wait_timeout = 10, innodb_lock_wait_timeout = 10, "
            "sql_mode = 'STRICT_ALL_TABLES,ERROR_FOR_DIVISION_BY_ZERO'"
        )
        connection.exec_driver_sql("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        connection.exec_driver_sql("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ WRITE")

    def written(self, value: bool | float | list[Any] | dict[str, Any], facts: ColumnFacts) -> str:
        """True and false are the numbers 1 and 0, but where a text or JSON is kept."""
        if isinstance(value, bool) and "int" in facts.type_name:
            return str(int(value))
        return super().written(value, facts)

    def typed(self, value: ColumnElement[Any], facts: ColumnFacts) -> ColumnElement[Any]:
        """As it is: a cast would bend what does not fit, an assignment in strict mode refuses it."""
        return value

    def facts(self, connection: Connection, targets: Mapping[str, Target]) -> dict[str, TableFacts]:
        """Read from the information schema; what it does not tell, a rehearsal shows."""
        return read_facts(connection, targets)

    def make_key_table(
        self, connection: Connection, name: str, target: Target, columns: Sequence[str]
    ) -> None:
        """With an index over its key, as the server would else read it anew for every row."""
        quote = connection.dialect.identifier_preparer.quote_identifier
        table = f"{quote(target.schema)}.{quote(target.name)}" if target.schema else quote(target.name)
        wanted = ", ".join(quote(column) for column in columns)
        rows = f"SELECT {wanted} FROM {table} WHERE false"  # noqa: S608 - names are quoted by the driver's own rule
        connection.exec_driver_sql(f"CREATE TEMPORARY TABLE {quote(name)} ENGINE = InnoDB {rows}")
        key = [each for each in target.collection.primary_key if each in columns]
        with suppress(DBAPIError):
            # A key too long for an index is looked for without one.
            parts = ", ".join(quote(each) + _prefix(target, each) for each in key)
            connection.exec_driver_sql(f"ALTER TABLE {quote(name)} ADD INDEX ({parts})")

    def note_size(self, connection: Connection, name: str) -> None:
        """The server counts for itself."""

    def keyed_hash(self, value: ColumnElement[Any], secret: bytes) -> ColumnElement[str]:
        """Two rounds of `sha2` over bytes."""
        inner, outer = (bindparam(None, each, LargeBinary) for each in pads(secret))
        message = cast(unicode_text(cast(value, mysql.CHAR)), mysql.BINARY)
        first = func.unhex(func.sha2(func.concat(inner, message), 256))
        return func.sha2(func.concat(outer, first), 256)

    def random_text(self, length: int) -> ColumnElement[str]:
        """Out of `random_bytes`, the strong generator."""
        return func.substr(func.lower(func.hex(func.random_bytes(-(-length // 2)))), 1, length)

    def domain(self, value: ColumnElement[Any]) -> ColumnElement[str]:
        """After the last @."""
        return func.substring_index(value, "@", -1)

    def joined(self, *parts: ColumnElement[Any] | str) -> ColumnElement[str]:
        """`concat`: two bars mean OR here."""
        return func.concat(*parts)

    def first_day(self, value: ColumnElement[Any], unit: str) -> ColumnElement[Any]:
        """By a pattern, which the column reads as its own type."""
        return func.date_format(value, literal("%Y-01-01" if unit == "year" else "%Y-%m-01"))

    def digest(self, connection: Connection, keys: FromClause, columns: Sequence[str], secret: bytes) -> str:
        """Over the keys in the order of their bytes, which pass through here one by one."""
        texts = [func.hex(unicode_text(cast(keys.c[name], mysql.CHAR))) for name in columns]
        return self.digest_of(connection, texts, secret)

    def check_deferred(self, connection: Connection) -> None:
        """Nothing is put off to the end."""

    def token(self, connection: Connection) -> str:
        """None that could be asked for later."""
        return ""

    def verdict(self, connection: Connection, token: str) -> Verdict | None:
        """Its rows are asked."""
        return None

    def refusal(self, error: DBAPIError) -> str | None:
        """By the server's number."""
        arguments = getattr(error.orig, "args", ())
        number = arguments[0] if arguments and isinstance(arguments[0], int) else 0
        return _REFUSALS.get(number)


def _prefix(target: Target, name: str) -> str:
    family = target.shape.columns[name].family
    return f"({_LONGEST_INDEX})" if family in (Family.TEXT, Family.BYTES) else ""
