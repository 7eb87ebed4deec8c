"""What a live table allows: its columns, what makes rows unique, what refers where, who watches it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.types import UserDefinedType


class Named(UserDefinedType[Any]):
    """A type by the name that the database itself gives it."""

    cache_ok = True

    def __init__(self, name: str) -> None:
        self.name = name

    def get_col_spec(self, **_arguments: Any) -> str:
        """The name as it stands in a statement."""
        return self.name


@dataclass(frozen=True, slots=True)
class ColumnFacts:
    """A column; `type_name` with its length, `length` in characters where the type has a limit."""

    name: str
    type_name: str
    not_null: bool = False
    computed: bool = False
    writable: bool = True
    length: int | None = None

    @property
    def type(self) -> Named:
        """Its type, to cast to."""
        return Named(self.type_name)


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """`columns` of one table that refer to `refers_to` of another; actions as NO ACTION, CASCADE, SET NULL, …

    `schema` and `table` are the other side, as seen from the table whose facts these are. `required`: the one column
    that refers must not be empty.
    """

    name: str
    schema: str
    table: str
    columns: tuple[str, ...]
    refers_to: tuple[str, ...]
    on_delete: str
    on_update: str
    required: bool = False

    @property
    def spoken(self) -> str:
        """The table as a person names it."""
        return self.table if self.schema in ("", "public") else f"{self.schema}.{self.table}"


@dataclass(frozen=True, slots=True)
class TableFacts:
    """One table: `uniques` as tuples of columns, `checks` by name as expressions over its columns.

    `hindrance` says in a sentence's end why its rows cannot be changed at all; empty where they can. `watched` is
    true where only a rehearsal can tell what happens: triggers, rules, a unique index over an expression. `filtered`
    is true where the database hides rows from this user.
    """

    schema: str
    name: str
    hindrance: str
    may_delete: bool
    filtered: bool
    watched: bool
    columns: Mapping[str, ColumnFacts]
    uniques: tuple[tuple[str, ...], ...] = ()
    checks: Mapping[str, str] = field(default_factory=dict)
    incoming: tuple[ForeignKey, ...] = ()
    outgoing: tuple[ForeignKey, ...] = ()
