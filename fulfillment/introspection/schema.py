"""A live database as a value: its tables, columns and keys, whatever kind it is of."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property


class Family(StrEnum):
    """What a column can hold, as far as guessing goes."""

    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    BOOLEAN = "boolean"
    UUID = "uuid"
    DATE = "date"
    TIMESTAMP = "timestamp"
    JSON = "json"
    BYTES = "bytes"
    INET = "inet"
    OTHER = "other"


class TableKind(StrEnum):
    """What stands behind a name that can be selected from."""

    TABLE = "table"
    VIEW = "view"
    MATERIALIZED_VIEW = "materialized view"
    FOREIGN = "foreign table"

    @property
    def is_copy(self) -> bool:
        """Whether what it shows stands in tables."""
        return self in (TableKind.VIEW, TableKind.MATERIALIZED_VIEW)


@dataclass(frozen=True, slots=True)
class Column:
    """A column; `is_array` when it holds many values of its family; `made_of` is what the database makes it from."""

    name: str
    family: Family
    type_name: str
    is_array: bool = False
    nullable: bool = True
    made_of: str = ""

    @property
    def data_type(self) -> str | None:
        """Fideslang's word for its type; None where it has none that fits."""
        word = _DATA_TYPES.get(self.family)
        return f"{word}[]" if word and self.is_array else word


_DATA_TYPES = {
    Family.TEXT: "string",
    Family.UUID: "string",
    Family.INTEGER: "integer",
    Family.DECIMAL: "float",
    Family.BOOLEAN: "boolean",
}


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """Columns that the database itself keeps pointing at those of another table."""

    columns: tuple[str, ...]
    table: str
    targets: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A table; `name` is with its schema unless that is the default one; `rows` an estimate, None if unknown."""

    name: str
    columns: tuple[Column, ...]
    primary_key: tuple[str, ...] = ()
    unique: frozenset[tuple[str, ...]] = frozenset()
    foreign_keys: tuple[ForeignKey, ...] = ()
    kind: TableKind = TableKind.TABLE
    rows: int | None = None
    partitioned: bool = False

    @cached_property
    def by_name(self) -> Mapping[str, Column]:
        """The columns by name."""
        return {each.name: each for each in self.columns}

    @property
    def schema_and_name(self) -> tuple[str | None, str]:
        """The schema, None for the default one, and the bare name."""
        schema, _, name = self.name.rpartition(".")
        return schema or None, name

    def is_unique(self, column: str) -> bool:
        """Whether no two rows can share a value of this column."""
        return self.primary_key == (column,) or (column,) in self.unique


@dataclass(frozen=True)
class Schema:
    """All tables of a database that can be looked at."""

    tables: tuple[Table, ...]
    default_schema: str | None = None
    # Names that hold a dot cannot stand in a map.
    left_out: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def by_name(self) -> Mapping[str, Table]:
        """The tables by name."""
        return {each.name: each for each in self.tables}
