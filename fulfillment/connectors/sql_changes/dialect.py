"""What differs between databases when a person's rows are changed."""

import hmac
import json
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from datetime import date
from hashlib import sha256
from typing import Any, ClassVar

from sqlalchemy import ColumnElement, Connection, Date, FromClause, cast, select
from sqlalchemy.exc import DBAPIError

from fulfillment.connectors.changing import Verdict
from fulfillment.connectors.sql_changes.facts import ColumnFacts, TableFacts
from fulfillment.connectors.sql_changes.json_ways import JsonWays
from fulfillment.connectors.sql_dialect import SqlDialect
from fulfillment.connectors.sql_statement import Target

# Bytes that SHA-256 takes in at once.
_BLOCK = 64


class ChangeDialect(ABC):
    """What a kind of database has a way of its own for."""

    snapshot: Mapping[str, Any]
    # Whether the driver hands JSON over as it is written, and not as the value it is.
    json_is_text: ClassVar[bool] = False
    json: ClassVar[JsonWays]

    def begin(
        self, connection: Connection, sql: SqlDialect, *, statement_timeout_seconds: int, purpose: str
    ) -> None:
        """Set up a transaction that is to write; as a search does, where that does not forbid writing."""
        sql.begin(connection, statement_timeout_seconds=statement_timeout_seconds, purpose=purpose)

    def written(self, value: bool | float | list[Any] | dict[str, Any], facts: ColumnFacts) -> str:
        """A value that is no text, in a form that the column reads."""
        return json.dumps(value)

    @abstractmethod
    def typed(self, value: ColumnElement[Any], facts: ColumnFacts) -> ColumnElement[Any]:
        """A value as its column's type, so that what does not fit is found before it is written; never cut to fit."""

    def tried(self, value: ColumnElement[Any], facts: ColumnFacts) -> ColumnElement[Any]:
        """The same as it is asked for beforehand, where more can be found out by that."""
        return value

    @abstractmethod
    def facts(self, connection: Connection, targets: Mapping[str, Target]) -> dict[str, TableFacts]:
        """What the live table of each collection allows."""

    @abstractmethod
    def make_key_table(
        self, connection: Connection, name: str, target: Target, columns: Sequence[str]
    ) -> None:
        """An empty temporary table with these columns of the target's, gone with the connection at the latest."""

    @abstractmethod
    def note_size(self, connection: Connection, name: str) -> None:
        """Let the planner know how many rows a filled key table has."""

    @abstractmethod
    def keyed_hash(self, value: ColumnElement[Any], secret: bytes) -> ColumnElement[str]:
        """HMAC-SHA-256 (RFC 2104) of a text as 64 hexadecimal digits; NULL stays NULL."""

    @abstractmethod
    def random_text(self, length: int) -> ColumnElement[str]:
        """Random hexadecimal digits, anew for every row."""

    @abstractmethod
    def domain(self, value: ColumnElement[Any]) -> ColumnElement[str]:
        """What follows the last @ of an address."""

    @abstractmethod
    def joined(self, *parts: ColumnElement[Any] | str) -> ColumnElement[str]:
        """Texts one after another."""

    def day(self, value: ColumnElement[Any]) -> ColumnElement[Any]:
        """The day of a date, of a time, or of a text that is one."""
        return cast(value, Date)

    def constant_day(self, day: date) -> Any:
        """A day to compare with it."""
        return day

    @abstractmethod
    def first_day(self, value: ColumnElement[Any], unit: str) -> ColumnElement[Any]:
        """The first moment of the month or year of a date or time."""

    @abstractmethod
    def digest(self, connection: Connection, keys: FromClause, columns: Sequence[str], secret: bytes) -> str:
        """A keyed hash over the keys in order, as hexadecimal digits."""

    def digest_of(self, connection: Connection, texts: Sequence[ColumnElement[Any]], secret: bytes) -> str:
        """The same, for databases without an aggregate that could do it: the keys pass through here one by one."""
        found = hmac.new(secret, digestmod=sha256)
        streamed = connection.execute(
            select(*texts).order_by(*texts), execution_options={"stream_results": True, "yield_per": 2000}
        )
        for key in streamed:
            found.update(f"{'.'.join(str(part) for part in key)}\n".encode())
        return found.hexdigest()

    @abstractmethod
    def check_deferred(self, connection: Connection) -> None:
        """Check now what the database would check only when the transaction ends."""

    @abstractmethod
    def token(self, connection: Connection) -> str:
        """The database's own name of this transaction; empty where it has none that can be asked for later."""

    @abstractmethod
    def verdict(self, connection: Connection, token: str) -> Verdict | None:
        """What became of the transaction of this name; None where only its rows can tell. Raises Retryable."""

    @abstractmethod
    def refusal(self, error: DBAPIError) -> str | None:
        """Why the database refused a change that was tried, in a sentence's end; None where it was not reached."""


def pads(secret: bytes) -> tuple[bytes, bytes]:
    """The inner and the outer pad of HMAC-SHA-256 (RFC 2104), for databases that have the hash alone."""
    key = (sha256(secret).digest() if len(secret) > _BLOCK else secret).ljust(_BLOCK, b"\0")
    return bytes(each ^ 0x36 for each in key), bytes(each ^ 0x5C for each in key)
