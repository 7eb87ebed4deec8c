"""What differs between databases when a person's rows are changed."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause

from fulfillment.connectors.changing import Verdict
from fulfillment.connectors.sql_changes.facts import TableFacts
from fulfillment.connectors.sql_statement import Target


class ChangeDialect(ABC):
    """What a kind of database has a way of its own for."""

    snapshot: Mapping[str, Any]

    @abstractmethod
    def facts(self, connection: Connection, targets: Mapping[str, Target]) -> dict[str, TableFacts]:
        """What the live table of each collection allows."""

    @abstractmethod
    def make_key_table(
        self, connection: Connection, name: str, target: Target, columns: Sequence[str]
    ) -> None:
        """An empty temporary table with these columns of the target's, gone when the transaction ends."""

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
    def first_day(self, value: ColumnElement[Any], unit: str) -> ColumnElement[Any]:
        """The first moment of the month or year of a date or time."""

    @abstractmethod
    def digest(self, connection: Connection, keys: FromClause, columns: Sequence[str], secret: bytes) -> str:
        """A keyed hash over the keys in order, as hexadecimal digits."""

    @abstractmethod
    def check_deferred(self, connection: Connection) -> None:
        """Check now what the database would check only when the transaction ends."""

    @abstractmethod
    def token(self, connection: Connection) -> str:
        """The database's own name of this transaction; empty where it has none that can be asked for later."""

    @abstractmethod
    def verdict(self, connection: Connection, token: str) -> Verdict:
        """What became of the transaction of this name. Raises Retryable while it is still open."""
