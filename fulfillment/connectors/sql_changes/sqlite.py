"""SQLite's own ways of changing: functions of ours for what it lacks, and its rows for what became of a change."""

import hmac
import secrets
import sqlite3
from collections.abc import Mapping, Sequence
from datetime import date
from hashlib import sha256
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    LargeBinary,
    Text,
    bindparam,
    cast,
    func,
    literal,
)
from sqlalchemy.exc import DBAPIError

from fulfillment.connectors.changing import Verdict
from fulfillment.connectors.sql_changes.dialect import ChangeDialect
from fulfillment.connectors.sql_changes.facts import ColumnFacts, TableFacts
from fulfillment.connectors.sql_changes.json_ways import SqliteJson
from fulfillment.connectors.sql_changes.sqlite_catalog import read_facts
from fulfillment.connectors.sql_dialect import SqlDialect
from fulfillment.connectors.sql_statement import Target
from fulfillment.connectors.sqlite_functions import teach

HASH, RANDOM = "omne_keyed_hash", "omne_random"
_REFUSALS = {
    sqlite3.SQLITE_CONSTRAINT: "one of its conditions would be broken",
    sqlite3.SQLITE_READONLY: "it may only be read",
    sqlite3.SQLITE_TOOBIG: "a new value does not fit",
    sqlite3.SQLITE_MISMATCH: "a new value does not fit",
    sqlite3.SQLITE_AUTH: "its user lacks a right",
}
_NEVER = frozenset({sqlite3.SQLITE_ATTACH, sqlite3.SQLITE_DETACH})


class SqliteChanges(ChangeDialect):
    """SQLite 3.38 and newer."""

    json = SqliteJson()
    snapshot: Mapping[str, Any] = {}
    json_is_text = True

    def begin(
        self, connection: Connection, sql: SqlDialect, *, statement_timeout_seconds: int, purpose: str
    ) -> None:
        """The file's one writer from here on; its references are kept, what it defines is not trusted."""
        driver: Any = connection.connection.driver_connection
        for setting in ("foreign_keys = ON", "trusted_schema = OFF", "cell_size_check = ON"):
            driver.execute(f"PRAGMA {setting}")
        teach(driver)
        driver.create_function(HASH, 2, _keyed_hash, deterministic=True)
        driver.create_function(RANDOM, 1, _random)
        driver.set_authorizer(_may_not_reach_out)
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    def written(self, value: bool | float | list[Any] | dict[str, Any], facts: ColumnFacts) -> str:
        """True and false are the numbers 1 and 0, but where a text or JSON is kept."""
        if isinstance(value, bool) and any(word in facts.type_name for word in ("int", "bool", "num")):
            return str(int(value))
        return super().written(value, facts)

    def typed(self, value: ColumnElement[Any], facts: ColumnFacts) -> ColumnElement[Any]:
        """As it is: a column takes any value, and its conditions are tried in a rehearsal."""
        return value

    def facts(self, connection: Connection, targets: Mapping[str, Target]) -> dict[str, TableFacts]:
        """Read from the file's own list of tables."""
        return read_facts(connection, targets)

    def make_key_table(
        self, connection: Connection, name: str, target: Target, columns: Sequence[str]
    ) -> None:
        """In the connection's own memory, with an index over its key."""
        quote = connection.dialect.identifier_preparer.quote_identifier
        table = f"{quote(target.schema)}.{quote(target.name)}" if target.schema else quote(target.name)
        wanted = ", ".join(quote(column) for column in columns)
        rows = f"SELECT {wanted} FROM {table} WHERE false"  # noqa: S608 - names are quoted by the driver's own rule
        connection.exec_driver_sql(f"CREATE TEMP TABLE {quote(name)} AS {rows}")
        key = ", ".join(quote(each) for each in target.collection.primary_key if each in columns)
        if key:
            connection.exec_driver_sql(f"CREATE INDEX temp.{quote(name + '_key')} ON {quote(name)} ({key})")

    def note_size(self, connection: Connection, name: str) -> None:
        """It has no need of it."""

    def keyed_hash(self, value: ColumnElement[Any], secret: bytes) -> ColumnElement[str]:
        """By a function of ours."""
        return cast(func.omne_keyed_hash(cast(value, Text), bindparam(None, secret, LargeBinary)), Text)

    def random_text(self, length: int) -> ColumnElement[str]:
        """By a function of ours, over the system's generator."""
        return cast(func.omne_random(literal(length)), Text)

    def domain(self, value: ColumnElement[Any]) -> ColumnElement[str]:
        """What is left when everything but an @ is trimmed from the right end is what comes before."""
        text = cast(value, Text)
        before = func.rtrim(text, func.replace(text, "@", ""))
        return func.substr(text, func.length(before) + 1)

    def joined(self, *parts: ColumnElement[Any] | str) -> ColumnElement[str]:
        """Two bars."""
        first, *others = (bindparam(None, each, Text) if isinstance(each, str) else each for each in parts)
        for each in others:
            first = first.op("||")(each)
        return first

    def day(self, value: ColumnElement[Any]) -> ColumnElement[Any]:
        """As a text; numbers are not days here, as nobody says of what."""
        return func.date(cast(value, Text))

    def constant_day(self, day: date) -> Any:
        """As a text too."""
        return day.isoformat()

    def first_day(self, value: ColumnElement[Any], unit: str) -> ColumnElement[Any]:
        """`date`, of a text that it reads as one."""
        return func.date(value, f"start of {unit}")

    def digest(self, connection: Connection, keys: FromClause, columns: Sequence[str], secret: bytes) -> str:
        """Over the keys in the order of their bytes, which pass through here one by one."""
        texts = [func.hex(cast(keys.c[name], Text)) for name in columns]
        return self.digest_of(connection, texts, secret)

    def check_deferred(self, connection: Connection) -> None:
        """References that are put off to the commit keep it from happening; then nothing has changed."""

    def token(self, connection: Connection) -> str:
        """None that could be asked for later."""
        return ""

    def verdict(self, connection: Connection, token: str) -> Verdict | None:
        """Its rows are asked."""
        return None

    def refusal(self, error: DBAPIError) -> str | None:
        """By the library's number."""
        number = getattr(error.orig, "sqlite_errorcode", None)
        return None if number is None else _REFUSALS.get(number & 0xFF)


def _keyed_hash(value: str | None, secret: bytes) -> str | None:
    return None if value is None else hmac.new(secret, value.encode(), sha256).hexdigest()


def _random(length: int) -> str:
    return secrets.token_hex(-(-length // 2))[:length]


def _may_not_reach_out(action: int, *_rest: Any) -> int:
    return sqlite3.SQLITE_DENY if action in _NEVER else sqlite3.SQLITE_OK
