"""What a table of the ERP is: a name, columns and a way to make its rows."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from omne_dsar.demo.company.chance import Chance
from omne_dsar.demo.company.world import World

Row = tuple[Any, ...]
MakeRows = Callable[[World, Chance], Iterator[Row]]


@dataclass(frozen=True, slots=True)
class Table:
    """One table and its rows, made while they are read."""

    name: str
    columns: tuple[str, ...]
    make_rows: MakeRows

    def rows(self, world: World) -> Iterator[Row]:
        """The rows, from this table's own stream of chance."""
        return self.make_rows(world, world.chance(self.name))


TABLES: list[Table] = []


def table(name: str, columns: str) -> Callable[[MakeRows], MakeRows]:
    """Name the table that a generator of rows fills."""

    def keep(make_rows: MakeRows) -> MakeRows:
        TABLES.append(Table(name, tuple(columns.split()), make_rows))
        return make_rows

    return keep
