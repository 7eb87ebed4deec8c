"""What a SQLite file says of the tables that are to change."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, TextClause, text

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
_INCOMING = text(
    """
    SELECT t.name AS their_table, k.id, k."from" AS field, k."to" AS refers_to, k.on_delete, k.on_update,
           (SELECT "notnull" FROM pragma_table_info(t.name) WHERE name = k."from") AS required
      FROM sqlite_schema t, pragma_foreign_key_list(t.name) k
     WHERE t.type = 'table' AND lower(k."table") = lower(:name) ORDER BY t.name, k.id, k.seq
    """
)
# A reference that names no field means the key.
_OUTGOING = text(
    """
    SELECT k."table" AS their_table, k.id, k."from" AS field, k.on_delete, k.on_update, 0 AS required,
           coalesce(k."to", (SELECT name FROM pragma_table_info(k."table") WHERE pk = k.seq + 1)) AS refers_to
      FROM pragma_foreign_key_list(:name) k ORDER BY k.id, k.seq
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
        incoming=tuple(_foreign_keys(connection, target, _INCOMING)),
        outgoing=tuple(_foreign_keys(connection, target, _OUTGOING)),
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


def _foreign_keys(connection: Connection, target: Target, asking: TextClause) -> Iterator[ForeignKey]:
    found: dict[tuple[str, int], list[Any]] = {}
    for row in connection.execute(asking, {"name": target.name}):
        found.setdefault((row.their_table, row.id), []).append(row)
    for (table, number), parts in found.items():
        named = tuple(each.refers_to for each in parts if each.refers_to is not None)
        yield ForeignKey(
            name=f"{table}_{number}",
            schema="",
            table=table,
            columns=tuple(each.field for each in parts),
            refers_to=named if len(named) == len(parts) else target.collection.primary_key,
            on_delete=parts[0].on_delete,
            on_update=parts[0].on_update,
            required=len(parts) == 1 and bool(parts[0].required),
        )
