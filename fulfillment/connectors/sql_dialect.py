"""What differs between databases when a person is searched: types, and a few expressions."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Connection, Engine, FromClause, and_, func
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.functions import FunctionElement

from fulfillment.connectors.sql_entries import Entry
from fulfillment.connectors.sql_json_lists import Rows


class Family(StrEnum):
    """What kind of values a column has, as far as finding and writing them goes."""

    TEXT = "text"
    INTEGER = "integer"
    UUID = "uuid"
    DECIMAL = "decimal"
    BYTES = "bytes"
    JSON = "json"
    ARRAY = "array"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class ColumnShape:
    """A column as the live database has it; `elements` is what an array is made of."""

    name: str
    family: Family
    type_name: str
    readable: bool = True
    elements: Family | None = None
    collation: str | None = None
    # Texts of different rules cannot be compared as they are.
    rules: str = ""
    entries: frozenset[Entry] = frozenset()
    # The column that holds this one as lower(trim(…)), where a database has no index of expressions.
    folded_as: "ColumnShape | None" = None


@dataclass(frozen=True, slots=True)
class TableShape:
    """A table as the live database has it."""

    columns: Mapping[str, ColumnShape] = field(default_factory=dict)


class SqlDialect(ABC):
    """What a kind of database has a way of its own for."""

    driver: str
    # Whether it is reached over the network; a file is not.
    is_a_server = True
    snapshot: Mapping[str, Any]
    # Marks that no text of such a database can hold, nor a question about one.
    never_held = ""
    # Whether a transaction that only reads leaves the session as it found it, so that another may follow in it.
    leaves_no_trace = False
    # Whether a column may hold values of any type, whatever its own says.
    types_are_loose = False

    def connect_arguments(self, *, connect_timeout_seconds: int) -> dict[str, Any]:
        """What the driver is told when it connects."""
        return {"connect_timeout": connect_timeout_seconds}

    def state(self, error: DBAPIError) -> str | None:
        """The SQLSTATE of a failure in PostgreSQL's words; None when the connection itself failed."""
        return getattr(error.orig, "sqlstate", None)

    @abstractmethod
    def begin(self, connection: Connection, *, statement_timeout_seconds: int, purpose: str) -> None:
        """Set up the transaction: time limit, time zone, name shown in the source's own list of sessions."""

    @abstractmethod
    def limit(self, connection: Connection, seconds: int) -> None:
        """Let statements from here on take so long at most."""

    def guess(self, connection: Connection, rows: CompoundSelect[Any]) -> list[int] | None:
        """The planner's guess for each part of a search that is dear to count; None where it is cheap."""
        return None

    @abstractmethod
    def cancel(self, engine: Engine, driver_connection: Any) -> None:
        """Interrupt what a connection is doing; called from another thread, perhaps several times."""

    def abandoning(self, connection: Connection) -> AbstractContextManager[None]:
        """Wraps the work on a connection, for what is to be done when the work breaks off."""
        return nullcontext()

    @abstractmethod
    def describe(
        self, connection: Connection, tables: Sequence[tuple[str | None, str]]
    ) -> list[TableShape | None]:
        """The live shape of these tables (schema, name), None for those that are not there."""

    @abstractmethod
    def as_text(self, value: ColumnElement[Any], shape: ColumnShape) -> ColumnElement[Any]:
        """A value as text."""

    def size(self, text: ColumnElement[Any]) -> ColumnElement[Any]:
        """How many bytes a text has in UTF-8."""
        return func.octet_length(text)

    def same_text(
        self, text: ColumnElement[Any], spelling: str, *, exactly: bool = False
    ) -> ColumnElement[bool]:
        """Whether a text is this spelling, without regard to blank edges and to the case of ASCII letters.

        `exactly` regards the case. Comparing lengths first spares the database most of the costly lower()
        of a scan.
        """
        size = len(spelling.encode())
        known = self.exact(func.trim(text)) if exactly else self.folded(text)
        same = [mine == other for mine, other in zip(known, self.constants(spelling, exactly), strict=True)]
        return and_(self.size(text) >= size, self.size(func.trim(text)) == size, *same)

    def constants(self, spelling: str, exactly: bool) -> list[Any]:
        """What `exact` or `folded` give for a spelling."""
        return [spelling]

    def exact(self, text: ColumnElement[Any]) -> list[ColumnElement[Any]]:
        """Values that are equal for texts of the same letters only."""
        return [text]

    @abstractmethod
    def folded(self, text: ColumnElement[Any]) -> list[ColumnElement[Any]]:
        """Values that are equal for texts that differ in blank edges and the case of ASCII letters only."""

    def sorted_as(self, column: ColumnElement[Any], *, caseless: bool) -> ColumnElement[Any]:
        """A column as the index that lets in sorts it."""
        return column

    def folded_key(self, text: ColumnElement[Any], own: ColumnShape) -> ColumnElement[Any]:
        """A text of a parent as our index of lower(trim(…)) has it."""
        return func.lower(func.trim(text))

    def own_key(self, value: ColumnElement[Any], shape: ColumnShape) -> list[ColumnElement[Any]]:
        """Our side of a comparison with values of the same kind."""
        return [value]

    def parents_key(
        self, value: ColumnElement[Any], shape: ColumnShape, own: ColumnShape
    ) -> list[ColumnElement[Any]]:
        """The other side of it."""
        return [value]

    @abstractmethod
    def digits(self, value: ColumnElement[Any]) -> ColumnElement[Any]:
        """The digits of a text, without the zeros that begin an international number."""

    @abstractmethod
    def inside_json(self, value: ColumnElement[Any], path: Sequence[str]) -> ColumnElement[Any]:
        """The text that stands at a path inside a JSON value."""

    @abstractmethod
    def inside_json_lists(self, value: ColumnElement[Any], path: Sequence[str]) -> Rows:
        """What a subquery selects from, and the text at a path through lists inside JSON for each of its rows."""

    @abstractmethod
    def elements(self, value: ColumnElement[Any]) -> FunctionElement[Any]:
        """The elements of an array, as rows."""

    @abstractmethod
    def uuid(self, value: str) -> ColumnElement[Any]:
        """A UUID to compare a column of that type with."""

    @abstractmethod
    def json_row(self, rows: FromClause, shapes: Sequence[ColumnShape]) -> ColumnElement[Any]:
        """Each of the rows, with these columns, as one JSON text on one line, written without loss."""
