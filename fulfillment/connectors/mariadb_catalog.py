"""The live shape of tables in MariaDB and MySQL, out of their information schema."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, RowMapping, text

from fulfillment.connectors.sql_dialect import ColumnShape, Family, TableShape

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
            privileges LIKE '%select%' AS readable
       FROM information_schema.columns
      WHERE table_schema = {schema} AND table_name = :name_{number}
      ORDER BY ordinal_position)
"""
# MariaDB's JSON is a text with this check, named after its column.
_JSON_CHECKS = """
    SELECT table_name, constraint_schema, constraint_name
      FROM information_schema.check_constraints
     WHERE constraint_schema IN ({schemas}) AND table_name IN ({names}) AND level = 'Column'
       AND check_clause = concat('json_valid(`', replace(constraint_name, '`', '``'), '`)')
"""


def read_shapes(connection: Connection, tables: Sequence[tuple[str | None, str]]) -> list[TableShape | None]:
    """The shape of each table (schema, name); None for those that are not there."""
    values: dict[str, Any] = {}
    branches = []
    for number, (schema, name) in enumerate(tables):
        values[f"name_{number}"] = name
        if schema:
            values[f"schema_{number}"] = schema
        place = f":schema_{number}" if schema else "database()"
        branches.append(_COLUMNS.format(number=number, schema=place))
    found: dict[int, list[RowMapping]] = {}
    for row in connection.execute(text(" UNION ALL ".join(branches)), values).mappings():
        found.setdefault(row["number"], []).append(row)
    documents = _json_columns(connection, tables)
    shapes: list[TableShape | None] = []
    for number, table in enumerate(tables):
        columns = {
            row["name"]: _column(row, (*table, row["name"]) in documents) for row in found.get(number, ())
        }
        shapes.append(TableShape(columns) if columns else None)
    return shapes


def _column(row: RowMapping, is_document: bool) -> ColumnShape:
    family = Family.JSON if is_document else _FAMILIES.get(row["data_type"], Family.OTHER)
    return ColumnShape(
        row["name"], family, row["column_type"], bool(row["readable"]), collation=row["collation"]
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
