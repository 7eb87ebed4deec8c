"""The contract of sweeping: a source hands over whatever may hold a person, table by table, wherever no map leads."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

Position = Any


@dataclass(frozen=True, slots=True)
class SweptTable:
    """A table, or what goes for one: `rows` is an estimate, `closed` names columns that may not be read.

    `why` says why nothing of it can be gone through, where that is so.
    """

    name: str
    rows: int
    key: tuple[str, ...] = ()
    closed: tuple[str, ...] = ()
    why: str = ""


@dataclass(frozen=True, slots=True)
class SweptRow:
    """A row that may hold the person. `cut` names values of which only the beginning was handed over.

    `place` is the object it stands in, whose name may itself be personal; empty where there are no objects. `digest` is
    of all that is written in it, where rows have no key of their own and are known again by nothing else.
    """

    key: Mapping[str, Any] = field(repr=False)
    values: Mapping[str, Any] = field(repr=False)
    cut: tuple[str, ...] = ()
    place: str = field(default="", repr=False)
    digest: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class SweptPage:
    """What came of a stretch of a table.

    `looked` counts the rows it had, `position` is where to go on after it; None while its rows are still coming.
    `unread` says of objects, by their names, what could not be read.
    """

    rows: list[SweptRow]
    looked: int = 0
    position: Position | None = None
    unread: tuple[str, ...] = field(default=(), repr=False)


class Sweeper(ABC):
    """An open source while it is swept: one state of it as far as it can be held."""

    @abstractmethod
    def tables(self) -> list[SweptTable]:
        """Everything there is, in a stable order. Raises ConnectorError."""

    @abstractmethod
    def pages(self, table: SweptTable, *, after: Position | None = None) -> Iterator[SweptPage]:
        """The rows of a table that may hold the person, from a position on. Raises ConnectorError."""
