"""The live shape of tables in MariaDB and MySQL, out of their information schema."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, RowMapping, text

from fulfillment.connectors.sql_dialect import ColumnShape, Family, TableShape
from fulfillment.connectors.sql_entries import Entry

_FAMILIES = {
    **dict.fromkeys(
        ["char", "varchar", "tinytext", "text", "mediumtext", "longtext", "enum", "set"], Family.TEXT
    ),
    **dict.fromkeys(["tinyint", "smallint", "mediumint", "int", "bigint"], Family.INTEGER),
    **dict.fromkeys(["binary", "varbinary", "tinyblob", "blob", "mediumblob", "longblob"], Family.BYTES),
    "decimal": Family.DECIMAL,
    "json": Family.JSON,
    "uuid": Family.UUID,
}
# A branch per table with constants of its own: only so does the server open that one table and no other.
_COLUMNS = """
    (SELECT {number} AS number, column_name AS name, data_type, column_type, collation_name AS collation,
            privileges LIKE '%select%' AS readable, generation_expression AS made_of
       FROM information_schema.columns
      WHERE table_schema = {schema} AND table_name = :name_{number}
      ORDER BY ordinal_position)
"""
_INDEXED = """
    (SELECT {number} AS number, column_name AS name
       FROM information_schema.statistics
      WHERE table_schema = {schema} AND table_name = :name_{number}
        AND seq_in_index = 1 AND index_type = 'BTREE')
"""
# Collations in which ASCII letters of both cases are one, and no two letters make a third.
_CASELESS = re.compile(
    r"(utf8|utf8mb3|utf8mb4|latin1)_(general|unicode|unicode_520|swedish|uca1400_a[is]|0900_a[is])_(nopad_)?ci"
)
# MariaDB's JSON is a text with this check, named after its column.
_JSON_CHECKS = """
    SELECT table_name, constraint_schema, constraint_name
      FROM information_schema.check_constraints
     WHERE constraint_schema IN ({schemas}) AND table_name IN ({names}) AND level = 'Column'
       AND check_clause = concat('json_valid(`', replace(constraint_name, '`', '``'), '`)')
"""


def read_shapes(connection: Connection, tables: Sequence[tuple[str | None, str]]) -> list[TableShape | None]:
    """The shape of each table (schema, name); None for those that are not there."""
    found: dict[int, list[RowMapping]] = {}
    for row in _of_each(connection, _COLUMNS, tables):
        found.setdefault(row["number"], []).append(row)
    indexed = {(row["number"], row["name"]) for row in _of_each(connection, _INDEXED, tables)}
    documents = _json_columns(connection, tables)
    shapes: list[TableShape | None] = []
    for number, table in enumerate(tables):
        columns = {
            row["name"]: _column(row, (*table, row["name"]) in documents, (number, row["name"]) in indexed)
            for row in found.get(number, ())
        }
        made = {row["made_of"]: row["name"] for row in found.get(number, ()) if row["made_of"]}
        for name in columns:
            folded = columns.get(made.get(f"lcase(trim(`{name.replace('`', '``')}`))", ""))
            if folded is not None and Entry.VALUE in folded.entries:
                entries = columns[name].entries | {Entry.FOLDED}
                columns[name] = replace(columns[name], entries=entries, folded_as=folded)
        shapes.append(TableShape(columns) if columns else None)
    return shapes


def _of_each(
    connection: Connection, branch: str, tables: Sequence[tuple[str | None, str]]
) -> Sequence[RowMapping]:
    values: dict[str, Any] = {}
    branches = []
    for number, (schema, name) in enumerate(tables):
        values[f"name_{number}"] = name
        if schema:
            values[f"schema_{number}"] = schema
        place = f":schema_{number}" if schema else "database()"
        branches.append(branch.format(number=number, schema=place))
    return connection.execute(text(" UNION ALL ".join(branches)), values).mappings().all()


def _column(row: RowMapping, is_document: bool, is_indexed: bool) -> ColumnShape:
    family = Family.JSON if is_document else _FAMILIES.get(row["data_type"], Family.OTHER)
    collation = row["collation"]
    entries: set[Entry] = {Entry.VALUE} if is_indexed else set()
    if is_indexed and collation and _CASELESS.fullmatch(collation):
        entries |= {Entry.BLANKS_FIRST, Entry.CASELESS}
    elif is_indexed and collation and collation.endswith("_bin"):
        entries.add(Entry.BLANKS_FIRST)
    return ColumnShape(
        row["name"],
        family,
        row["column_type"],
        bool(row["readable"]),
        collation=collation,
        entries=frozenset(entries),
    )


def _json_columns(
    connection: Connection, tables: Sequence[tuple[str | None, str]]
) -> frozenset[tuple[str | None, str, str]]:
    """Columns (schema as it was given, table, column) that hold JSON in MariaDB; MySQL has a type for it."""
    if not connection.dialect.is_mariadb:  # type: ignore[attr-defined]
        return frozenset()
    here = connection.exec_driver_sql("SELECT database()").scalar_one()
    schemas = {schema or here for schema, _ in tables}
    values = {f"schema_{number}": name for number, name in enumerate(sorted(schemas))}
    values |= {f"name_{number}": name for number, (_, name) in enumerate(tables)}
    holes = {
        "schemas": ", ".join(f":schema_{number}" for number in range(len(schemas))),
        "names": ", ".join(f":name_{number}" for number in range(len(tables))),
    }
    checks = connection.execute(text(_JSON_CHECKS.format(**holes)), values).all()
    known = {(schema, table, column) for table, schema, column in checks}
    return frozenset(
        (given, table, column)
        for given, table in tables
        for schema, name, column in known
        if (schema, name) == (given or here, table)
    )
