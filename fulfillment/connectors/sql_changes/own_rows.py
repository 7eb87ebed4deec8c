"""The keys of the person's rows, found before anything changes and kept in temporary tables of the database.

A change takes away the very values that rows are found by, so all rows are found first. Rows that must stay are moved
to a second table each, so that what leans on them can still be found.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import (
    ColumnElement,
    Connection,
    TableClause,
    column,
    delete,
    func,
    insert,
    select,
    table,
    union_all,
)

from fulfillment.connectors.changing import Kept
from fulfillment.connectors.sql_changes.dialect import ChangeDialect
from fulfillment.connectors.sql_statement import SearchStatement, Target
from fulfillment.datamaps.datamap import Collection, DataMap
from fulfillment.datamaps.traversal import Step


def overlap(name: str, other: str) -> bool:
    """Whether one of two fields is the other, or lies in it: what changes the one may take the other away."""
    return f"{name}.".startswith(f"{other}.") or f"{other}.".startswith(f"{name}.")


@dataclass
class OwnRows:
    """One collection's rows: `going` as the change concerns them, `staying` as they were taken out of it."""

    target: Target
    going: TableClause
    staying: TableClause
    is_seeded: bool
    kept: list[Kept] = field(default_factory=list)
    # Fields that stay in some of the rows that go, each with the condition on `going` under which it does.
    leaned_on: dict[str, list[ColumnElement[bool]]] = field(default_factory=dict)

    @property
    def collection(self) -> Collection:
        """What the map says of it."""
        return self.target.collection

    @property
    def key(self) -> tuple[str, ...]:
        """The columns of the primary key, as the map names them."""
        return self.collection.primary_key

    def keep(self, connection: Connection, condition: ColumnElement[bool]) -> int:
        """Move the rows that the condition on `going` holds for. Returns how many."""
        names = [each.name for each in self.going.columns]
        moved = connection.execute(
            insert(self.staying).from_select(names, select(self.going).where(condition)),
            execution_options={"preserve_rowcount": True},
        )
        if moved.rowcount:
            connection.execute(delete(self.going).where(condition))
        return moved.rowcount


class FindsOwnRows:
    """Fills the key tables of one order, parents first; a step reads the key tables of those before it."""

    def __init__(
        self, connection: Connection, data_map: DataMap, targets: dict[str, Target], dialect: ChangeDialect
    ) -> None:
        self._connection = connection
        self._map = data_map
        self._targets = targets
        self._dialect = dialect

    def find(self, steps: Sequence[Step], statement: SearchStatement) -> dict[str, OwnRows]:
        """The person's rows by collection."""
        found: dict[str, OwnRows] = {}
        ahead: dict[str, TableClause] = {}
        for number, step in enumerate(steps):
            target = self._targets[step.collection]
            names = self._columns(target)
            own = OwnRows(
                target,
                self._key_table(f"omne_going_{number}", target, names),
                self._key_table(f"omne_staying_{number}", target, names),
                is_seeded=bool(step.seeds),
            )
            before = ahead | {name: each.going for name, each in found.items()}
            ways = statement.ways(step, before)
            rows = (union_all(*ways) if len(ways) > 1 else ways[0]).subquery()
            wanted = select(*(rows.c[name] for name in names))
            self._connection.execute(insert(own.going).from_select(list(names), wanted))
            self._dialect.note_size(self._connection, own.going.name)
            if step.is_entrance:
                ahead[step.collection] = own.going
            else:
                found[step.collection] = own
        return found

    def _key_table(self, name: str, target: Target, names: Sequence[str]) -> TableClause:
        self._dialect.make_key_table(self._connection, name, target, names)
        return table(name, *(column(each) for each in names))

    def _columns(self, target: Target) -> tuple[str, ...]:
        """The key, what refers and is referred to, and the day from which a legal period counts."""
        collection = target.collection
        names = [*collection.primary_key, *self._referring(collection)]
        if collection.retention and collection.retention.period:
            names.append(collection.retention.period.counted_from)
        tops = (name if name in target.shape.columns else name.split(".")[0] for name in names)
        # What has no key and takes no part in any reference is only read; no database keeps rows of no column.
        return tuple(dict.fromkeys(tops)) or tuple(target.shape.columns)[:1]

    def _referring(self, collection: Collection) -> list[str]:
        own = [each.name for each in collection.every_field() if each.references]
        own += [name for each in collection.every_field() for ref in each.references for name, _ in ref.when]
        referred_to = [
            found[1].name
            for each in self._map.collections
            for field_of in each.every_field()
            for reference in field_of.references
            if reference.dataset == self._map.key and (found := self._map.find_field(reference.target))
            if found[0].name == collection.name
        ]
        return own + referred_to


def size(connection: Connection, rows: TableClause) -> int:
    """How many rows a key table has."""
    return int(connection.execute(select(func.count()).select_from(rows)).scalar_one())
