"""One statement that finds a person in a whole database: an expression per collection, then all their rows.

Every collection is read once, by a set-based condition on those before it, inside the database: keys never
pass through Python, and the statement as a whole sees one state of the source. Where several ways lead to a
collection, each leaves out the rows of those before it, so that a row comes once and each way can use an
index.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnClause,
    ColumnElement,
    CompoundSelect,
    FromClause,
    Select,
    TableClause,
    and_,
    column,
    exists,
    func,
    literal_column,
    or_,
    quoted_name,
    select,
    table,
    true,
    tuple_,
    union_all,
)

from fulfillment.connectors.query import SubjectQuery
from fulfillment.connectors.sql_dialect import ColumnShape, SqlDialect, TableShape
from fulfillment.connectors.sql_matching import Matching, Place, place_of
from fulfillment.datamaps.datamap import Collection, DataMap, When
from fulfillment.datamaps.traversal import Link, Seed, Step

# By the person's own identities, or by links that all concern the same fields of ours.
Way = tuple[Seed, ...] | list[Link]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a condition on an identity depends on besides the person's values; the shape's own name does not count."""

    shape: ColumnShape
    path: tuple[str, ...]
    is_email: bool
    kind: str


@dataclass(frozen=True, slots=True)
class Target:
    """A collection of the map beside the live table that holds it."""

    collection: Collection
    shape: TableShape
    schema: str | None
    name: str

    @property
    def needed(self) -> tuple[ColumnShape, ...]:
        """The columns that are read: every mapped one but the secrets."""
        return tuple(self.shape.columns[each.name] for each in self.collection.returned_fields)

    @property
    def unmapped(self) -> tuple[str, ...]:
        """Columns that the table has and the map does not mention."""
        mapped = {each.name for each in self.collection.fields}
        return tuple(name for name in self.shape.columns if name not in mapped)

    def rows(self) -> TableClause:
        """The table, to select from; each call gives one of its own."""
        columns: list[ColumnClause[Any]] = [column(_quoted(each.name)) for each in self.needed]
        return table(_quoted(self.name), *columns, schema=self.schema and _quoted(self.schema))


def _quoted(name: str) -> quoted_name:
    """A name that is always written between quotes: no list of reserved words is ever complete."""
    return quoted_name(name, quote=True)


class SearchStatement:
    """Builds the statement for one map, one live shape of its tables, and one person."""

    def __init__(
        self, query: SubjectQuery, data_map: DataMap, targets: Mapping[str, Target], dialect: SqlDialect
    ) -> None:
        self._query = query
        self._map = data_map
        self._targets = targets
        self._dialect = dialect
        self._matching = Matching(dialect)
        # Every condition on an identity that was built into it, in their order.
        self.asked: list[tuple[Asked, ColumnElement[bool]]] = []

    def rows(self, steps: Sequence[Step]) -> CompoundSelect[Any]:
        """All rows of these steps: the number of the step, and the row as JSON text."""
        found = self._found(steps)
        return union_all(
            *(
                self._json_rows(number, found[step.collection], self._targets[step.collection])
                for number, step in enumerate(steps)
                if not step.is_entrance
            )
        )

    def counts(self, steps: Sequence[Step]) -> CompoundSelect[Any]:
        """How many rows each step has."""
        found = self._found(steps)
        return union_all(
            *(
                select(literal_column(str(number)), func.count()).select_from(found[step.collection])
                for number, step in enumerate(steps)
                if not step.is_entrance
            )
        )

    def _json_rows(self, number: int, found: CTE, target: Target) -> Select[Any]:
        row = self._dialect.json_row(found, target.needed)
        return select(literal_column(str(number)), row)

    def _found(self, steps: Sequence[Step]) -> dict[str, CTE]:
        """The person's rows of each collection, as expressions that later ones refer to.

        Those of an entrance stand for its collection until all of its rows are found.
        """
        found: dict[str, CTE] = {}
        for number, step in enumerate(steps):
            ways = self.ways(step, found)
            query = union_all(*ways) if len(ways) > 1 else ways[0]
            found[step.collection] = query.cte(f"found_{number}")
        return found

    def ways(self, step: Step, found: Mapping[str, FromClause]) -> list[Select[Any]]:
        """Queries that together give every row of a step once; `found` holds the rows of the steps before it."""
        target = self._targets[step.collection]
        by_own: dict[tuple[object, ...], list[Link]] = {}
        for link in step.links:
            by_own.setdefault((*(own for _, own in link.pairs), link.own_when), []).append(link)
        ways: list[Select[Any]] = []
        taken: list[Way] = []
        waiting: list[Way] = [step.seeds] if step.seeds else []
        for way in (*waiting, *by_own.values()):
            rows = target.rows()
            others = [self._condition(rows, target, each, found, outside=True) for each in taken]
            mine = self._condition(rows, target, way, found, outside=False)
            ways.append(select(rows).where(mine, *others))
            taken.append(way)
        return ways

    def _condition(
        self,
        rows: TableClause,
        target: Target,
        way: Way,
        found: Mapping[str, FromClause],
        *,
        outside: bool,
    ) -> ColumnElement[bool]:
        """What holds for the rows of one way, or for those that it does not lead to."""
        if isinstance(way, tuple):
            condition = or_(*(self._by_identity(rows, target, seed) for seed in way))
            return condition.is_not(true()) if outside else condition
        return self._by_links(rows, target, way, found, outside=outside)

    def _by_identity(self, rows: TableClause, target: Target, seed: Seed) -> ColumnElement[bool]:
        place = self._place(rows, target, seed.field)
        condition = self._matching.identity(place, seed.kind, self._query.values(seed.kind))
        shape = replace(place.shape, name="value")
        self.asked.append((Asked(shape, place.path, place.is_email, seed.kind), condition))
        return condition

    def _by_links(
        self,
        rows: TableClause,
        target: Target,
        links: Sequence[Link],
        found: Mapping[str, FromClause],
        *,
        outside: bool,
    ) -> ColumnElement[bool]:
        """Values among those of any parent; all the links concern the same fields of ours, under one condition."""
        mine = [self._place(rows, target, own) for _, own in links[0].pairs]
        theirs = [
            [self._place(found[link.parent], self._targets[link.parent], name) for name, _ in link.pairs]
            for link in links
        ]
        key = self._matching.key(mine, theirs)
        sides = (
            self._matching.among(each, mine, theirs).where(
                *self._typed(found[link.parent], self._targets[link.parent], link.their_when)
            )
            for link, each in zip(links, theirs, strict=True)
        )
        values = union_all(*sides).subquery()
        typed = self._typed(rows, target, links[0].own_when)
        if outside:
            return ~exists().where(
                *typed, *(part == value for part, value in zip(key, values.c, strict=True))
            )
        side = key[0] if len(key) == 1 else tuple_(*key)
        return and_(*typed, side.in_(select(values)))

    def _typed(self, rows: FromClause, target: Target, when: When) -> list[ColumnElement[bool]]:
        """What must stand beside a reference for it to hold."""
        return [self._matching.identity(self._place(rows, target, name), "", values) for name, values in when]

    def _place(self, rows: FromClause, target: Target, name: str) -> Place:
        collection = self._map.by_name[target.collection.name]
        is_email = collection.by_name[name].is_email
        return place_of(rows, target.shape, name, is_email=is_email, lists=collection.lists)
