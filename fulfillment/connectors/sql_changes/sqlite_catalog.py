"""What a SQLite file says of the tables that are to change."""

from collections.abc import Iterator, Mapping

from sqlalchemy import Connection, text

from fulfillment.connectors.sql_changes.facts import ColumnFacts, ForeignKey, TableFacts
from fulfillment.connectors.sql_statement import Target

_KIND = text(
    """
    SELECT type, upper(sql) LIKE 'CREATE VIRTUAL%' FROM sqlite_schema WHERE name = :name AND type IN ('table', 'view')
    """
)
_COLUMNS = text(
    'SELECT name, lower(type) AS type, "notnull" AS not_null, hidden FROM pragma_table_xinfo(:name)'
)
_UNIQUES = text(
    """
    SELECT l.name AS index_name, i.name AS field FROM pragma_index_list(:name) l, pragma_index_info(l.name) i
     WHERE l."unique" AND NOT l.partial ORDER BY l.seq, i.seqno
    """
)
_FOREIGN_KEYS = text(
    """
    SELECT t.name AS their_table, k.id, k."from" AS field, k."to" AS refers_to, k.on_delete, k.on_update
      FROM sqlite_schema t, pragma_foreign_key_list(t.name) k
     WHERE t.type = 'table' AND lower(k."table") = lower(:name) ORDER BY t.name, k.id, k.seq
    """
)


def read_facts(connection: Connection, targets: Mapping[str, Target]) -> dict[str, TableFacts]:
    """The facts of each table; conditions and triggers show themselves in a rehearsal, which each of them gets."""
    return {key: _facts(connection, target) for key, target in targets.items()}


def _facts(connection: Connection, target: Target) -> TableFacts:
    asked = {"name": target.name}
    kind, is_virtual = connection.execute(_KIND, asked).one()
    is_plain = kind == "table" and not is_virtual
    return TableFacts(
        schema="",
        name=target.name,
        hindrance="" if is_plain else "is not a table; what it shows is changed where it is kept",
        may_delete=True,
        filtered=False,
        watched=True,
        columns={
            each.name: ColumnFacts(each.name, each.type, bool(each.not_null), computed=each.hidden in (2, 3))
            for each in connection.execute(_COLUMNS, asked)
        },
        uniques=tuple(_uniques(connection, target.name)),
        incoming=tuple(_foreign_keys(connection, target)),
    )


def _uniques(connection: Connection, name: str) -> Iterator[tuple[str, ...]]:
    found: dict[str, list[str | None]] = {}
    for row in connection.execute(_UNIQUES, {"name": name}):
        found.setdefault(row.index_name, []).append(row.field)
    for fields in found.values():
        # A field without a name is an expression, which only the rehearsal can try.
        named = tuple(each for each in fields if each is not None)
        if len(named) == len(fields):
            yield named


def _foreign_keys(connection: Connection, target: Target) -> Iterator[ForeignKey]:
    found: dict[tuple[str, int], list[tuple[str, str | None, str, str]]] = {}
    for row in connection.execute(_FOREIGN_KEYS, {"name": target.name}):
        place = (row.their_table, row.id)
        found.setdefault(place, []).append((row.field, row.refers_to, row.on_delete, row.on_update))
    for (table, number), parts in found.items():
        # A reference that names no field means the key.
        named = tuple(each[1] for each in parts if each[1] is not None)
        yield ForeignKey(
            name=f"{table}_{number}",
            schema="",
            table=table,
            columns=tuple(each[0] for each in parts),
            refers_to=named if len(named) == len(parts) else target.collection.primary_key,
            on_delete=parts[0][2],
            on_update=parts[0][3],
        )
