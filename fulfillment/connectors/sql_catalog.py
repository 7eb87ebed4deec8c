"""What a database has, whether a map mentions it or not: every table with its key, its columns and its size."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection, inspect, text
from sqlalchemy.engine.reflection import Inspector, ObjectKind

from fulfillment.connectors.sql_dialect import ColumnShape, Family, SqlDialect

# Values that say when, whether or how much, and never who.
_NOBODY = (
    "bool",
    "date",
    "time",
    "timestamp",
    "interval",
    "real",
    "double",
    "float",
    "year",
    "oid",
    "tsvector",
)
_POSTGRESQL_SCHEMAS = text(
    """
    SELECT nspname, has_schema_privilege(oid, 'USAGE')
      FROM pg_namespace WHERE nspname !~ '^(pg_|information_schema)' ORDER BY nspname
    """
)
_POSTGRESQL_SIZES = text(
    """
    SELECT n.nspname, c.relname, greatest(c.reltuples, 0)::bigint, c.relispartition
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind IN ('r', 'p', 'm') AND n.nspname !~ '^(pg_|information_schema)'
    """
)
_OTHER_SIZES = text(
    "SELECT table_schema, table_name, coalesce(table_rows, 0), 0 FROM information_schema.tables"
)


@dataclass(frozen=True)
class CataloguedTable:
    """A table as it is swept: its columns that may hold words about somebody, and those that may not be read."""

    name: str
    schema: str | None
    table: str
    rows: int
    key: tuple[str, ...] = ()
    columns: Mapping[str, ColumnShape] = field(default_factory=dict)
    closed: tuple[str, ...] = ()

    @property
    def telling(self) -> tuple[str, ...]:
        """The columns that may say who somebody is; the others are here because the key has them."""
        return tuple(name for name, shape in self.columns.items() if not _is_nobodys(shape))

    @property
    def binary(self) -> frozenset[str]:
        """The columns that hold bytes."""
        return frozenset(name for name, shape in self.columns.items() if shape.family is Family.BYTES)


def catalogued(connection: Connection, dialect: SqlDialect) -> list[CataloguedTable]:
    """Every table and materialised view of the database, by name; a partition is part of its table."""
    inspector = inspect(connection)
    schemas, closed = _schemas(connection, inspector)
    named = [
        (None if schema == inspector.default_schema_name else schema, name, key)
        for schema in schemas
        for (_, name), key in _keys(inspector, schema).items()
    ]
    sizes = _sizes(connection, inspector.default_schema_name)
    shapes = dialect.describe(connection, [(schema, name) for schema, name, _ in named])
    found = [CataloguedTable(f"{schema}.*", schema, "*", 0, closed=("*",)) for schema in closed]
    for (schema, name, key), shape in zip(named, shapes, strict=True):
        rows, is_part = sizes.get((schema, name), (0, False))
        if shape is not None and not is_part:
            found.append(_table(schema, name, key, rows, shape.columns))
    return sorted(found, key=lambda table: table.name)


def _schemas(connection: Connection, inspector: Inspector) -> tuple[list[str | None], list[str]]:
    """The schemas that the user may look into, and those it may not."""
    if connection.dialect.name != "postgresql":
        # A database that can see others of its server is not asked about them.
        return [None], []
    found = dict(map(tuple, connection.execute(_POSTGRESQL_SCHEMAS).all()))
    return [name for name, is_open in found.items() if is_open], [
        name for name, is_open in found.items() if not is_open
    ]


def _keys(inspector: Inspector, schema: str | None) -> dict[tuple[str | None, str], tuple[str, ...]]:
    kinds = ObjectKind.TABLE | ObjectKind.MATERIALIZED_VIEW
    found = inspector.get_multi_pk_constraint(schema=schema, kind=kinds)
    return {name: tuple(each["constrained_columns"]) for name, each in found.items()}


def _sizes(connection: Connection, default: str | None) -> dict[tuple[str | None, str], tuple[int, bool]]:
    if connection.dialect.name == "sqlite":
        return {}
    statement = _POSTGRESQL_SIZES if connection.dialect.name == "postgresql" else _OTHER_SIZES
    return {
        (None if schema == default else schema, name): (int(rows), bool(is_part))
        for schema, name, rows, is_part in connection.execute(statement)
    }


def _table(
    schema: str | None, name: str, key: tuple[str, ...], rows: int, columns: Mapping[str, ColumnShape]
) -> CataloguedTable:
    telling = {each: shape for each, shape in columns.items() if not _is_nobodys(shape)}
    readable = {
        each: shape for each, shape in columns.items() if shape.readable and (each in telling or each in key)
    }
    closed = tuple(each for each, shape in telling.items() if not shape.readable)
    # Without a key that may be read the table is gone through in one go.
    key = key if all(each in readable for each in key) else ()
    return CataloguedTable(f"{schema}.{name}" if schema else name, schema, name, rows, key, readable, closed)


def _is_nobodys(shape: ColumnShape) -> bool:
    return shape.family is Family.OTHER and shape.type_name.lower().startswith(_NOBODY)
