"""What MariaDB's information schema says of the tables that are to change."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, text

from fulfillment.connectors.sql_changes.facts import ColumnFacts, ForeignKey, TableFacts
from fulfillment.connectors.sql_statement import Target

_ENGINE = "SELECT table_type, engine FROM information_schema.tables WHERE table_schema = :schema AND table_name = :name"
_COLUMNS = """
    SELECT column_name AS name, column_type AS type_name, is_nullable = 'NO' AS not_null,
           is_generated <> 'NEVER' AS computed, privileges LIKE '%update%' AS writable,
           CASE WHEN data_type IN ('char', 'varchar') THEN character_maximum_length END AS length
      FROM information_schema.columns
     WHERE table_schema = :schema AND table_name = :name ORDER BY ordinal_position
"""
_UNIQUES = """
    SELECT index_name AS name, column_name AS field FROM information_schema.statistics
     WHERE table_schema = :schema AND table_name = :name AND non_unique = 0 ORDER BY index_name, seq_in_index
"""
# A column that must not be empty cannot be referred by ON DELETE SET NULL here, so nothing is said of that.
_FOREIGN_KEYS = """
    SELECT k.constraint_name AS name, k.{other}table_schema AS their_schema, k.{other}table_name AS their_table,
           k.column_name AS field, k.referenced_column_name AS refers_to, r.delete_rule, r.update_rule
      FROM information_schema.key_column_usage k
      JOIN information_schema.referential_constraints r
        ON r.constraint_schema = k.constraint_schema AND r.constraint_name = k.constraint_name
       AND r.table_name = k.table_name
     WHERE k.{mine}table_schema = :schema AND k.{mine}table_name = :name
     ORDER BY k.{other}table_schema, k.{other}table_name, k.constraint_name, k.ordinal_position
"""
_INCOMING = _FOREIGN_KEYS.format(mine="referenced_", other="")
_OUTGOING = _FOREIGN_KEYS.format(mine="", other="referenced_")


def read_facts(connection: Connection, targets: Mapping[str, Target]) -> dict[str, TableFacts]:
    """The facts of each table; rights and triggers show themselves in a rehearsal, which each of them gets."""
    here = connection.exec_driver_sql("SELECT database()").scalar_one()
    return {key: _facts(connection, target, target.schema or here, here) for key, target in targets.items()}


def _facts(connection: Connection, target: Target, schema: str, here: str) -> TableFacts:
    asked = {"schema": schema, "name": target.name}
    kind, engine = connection.execute(text(_ENGINE), asked).one()
    return TableFacts(
        # As the references of other tables name it: the database one is connected to goes without saying.
        schema="" if schema == here else schema,
        name=target.name,
        hindrance=_hindrance(kind, engine),
        may_delete=True,
        filtered=False,
        watched=True,
        columns={
            each.name: ColumnFacts(
                each.name,
                each.type_name,
                bool(each.not_null),
                bool(each.computed),
                bool(each.writable),
                each.length,
            )
            for each in connection.execute(text(_COLUMNS), asked)
        },
        uniques=tuple(_grouped(connection.execute(text(_UNIQUES), asked).all())),
        incoming=tuple(_foreign_keys(connection.execute(text(_INCOMING), asked).all(), here)),
        outgoing=tuple(_foreign_keys(connection.execute(text(_OUTGOING), asked).all(), here)),
    )


def _hindrance(kind: str, engine: str | None) -> str:
    if kind == "SYSTEM VERSIONED":
        return (
            "keeps every earlier state of its rows as well (system versioning), which a change would add to"
        )
    if kind != "BASE TABLE":
        return "is not a table; what it shows is changed where it is kept"
    if engine != "InnoDB":
        return f"is kept by the engine {engine}, which cannot take a change back"
    return ""


def _grouped(rows: Any) -> list[tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for row in rows:
        found.setdefault(row.name, []).append(row.field)
    return [tuple(each) for each in found.values()]


def _foreign_keys(rows: Any, here: str) -> list[ForeignKey]:
    found: dict[tuple[str, str, str], list[Any]] = {}
    for row in rows:
        found.setdefault((row.their_schema, row.their_table, row.name), []).append(row)
    return [
        ForeignKey(
            name=name,
            schema="" if schema == here else schema,
            table=table,
            columns=tuple(each.field for each in parts),
            refers_to=tuple(each.refers_to for each in parts),
            on_delete=parts[0].delete_rule,
            on_update=parts[0].update_rule,
        )
        for (schema, table, name), parts in found.items()
    ]
