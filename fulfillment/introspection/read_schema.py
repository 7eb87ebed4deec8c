"""Read the schema of a live database through SQLAlchemy: PostgreSQL in a few set-based queries, others as they can."""

import warnings
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, inspect, text, types
from sqlalchemy.dialects import mysql, postgresql
from sqlalchemy.engine.reflection import Inspector, ObjectKind
from sqlalchemy.exc import SAWarning

from fulfillment.introspection.schema import Column, Family, ForeignKey, Schema, Table, TableKind

_SYSTEM = frozenset({"information_schema", "mysql", "performance_schema", "sys", "pg_catalog", "pg_toast"})
# The first that fits; a type may be several of them.
_FAMILIES: tuple[tuple[tuple[type[Any], ...], Family], ...] = (
    ((types.Boolean,), Family.BOOLEAN),
    ((types.Integer,), Family.INTEGER),
    ((types.Numeric, postgresql.MONEY), Family.DECIMAL),
    ((types.Uuid,), Family.UUID),
    ((types.DateTime,), Family.TIMESTAMP),
    ((types.Date, mysql.YEAR), Family.DATE),
    ((types.JSON, postgresql.HSTORE), Family.JSON),
    (
        (types.LargeBinary, types.BINARY, types.VARBINARY, mysql.TINYBLOB, mysql.MEDIUMBLOB, mysql.LONGBLOB),
        Family.BYTES,
    ),
    ((postgresql.INET, postgresql.CIDR, postgresql.MACADDR), Family.INET),
    ((types.String, postgresql.CITEXT), Family.TEXT),
)
_POSTGRESQL_FACTS = text(
    """
    SELECT n.nspname, c.relname, c.relkind, c.relispartition,
           CASE WHEN c.relkind = 'p'
                THEN (SELECT sum(greatest(leaf.reltuples, 0)) FROM pg_partition_tree(c.oid) AS tree
                        JOIN pg_class leaf ON leaf.oid = tree.relid WHERE tree.isleaf)
                ELSE c.reltuples END
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')
       AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg\\_%'
       AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
    """
)
_MYSQL_FACTS = text(
    "SELECT NULL, table_name, table_type, 0, table_rows FROM information_schema.tables "
    "WHERE table_schema = database()"
)
_KINDS = {
    "v": TableKind.VIEW,
    "m": TableKind.MATERIALIZED_VIEW,
    "f": TableKind.FOREIGN,
    "VIEW": TableKind.VIEW,
}

Key = tuple[str | None, str]


def read_schema(connection: Connection, schemas: Iterable[str] = ()) -> Schema:
    """Every table of these schemas, or of all that are not the server's own; partitions are their table's."""
    inspector = inspect(connection)
    default = inspector.default_schema_name if connection.dialect.name == "postgresql" else None
    wanted = tuple(schemas) or _schemas(connection, inspector)
    facts = _facts(connection)
    tables: list[Table] = []
    left_out: dict[str, str] = {}
    with warnings.catch_warnings():
        # Types of extensions that SQLAlchemy does not know are told by their name alone.
        warnings.simplefilter("ignore", SAWarning)
        for schema in wanted:
            named = None if schema == default else schema
            for table in _tables_of(inspector, named, default, facts):
                # In the schema that needs no name a dot can only be the table's own.
                if "." in (table.name if named is None else table.name.removeprefix(f"{named}.")):
                    left_out[table.name] = "Its name holds a dot, which a map cannot say."
                else:
                    tables.append(table)
    return Schema(tuple(sorted(tables, key=lambda each: each.name)), default, left_out)


def _schemas(connection: Connection, inspector: Inspector) -> tuple[str | None, ...]:
    if connection.dialect.name != "postgresql":
        return (None,)
    return tuple(
        name
        for name in inspector.get_schema_names()
        if name not in _SYSTEM and not name.startswith(("pg_temp", "pg_toast"))
    )


def _facts(connection: Connection) -> Mapping[Key, tuple[TableKind, bool, bool, int | None]] | None:
    """Kind, whether it is a partition or has some, and the estimated rows; None where the server does not say."""
    query = {"postgresql": _POSTGRESQL_FACTS, "mysql": _MYSQL_FACTS, "mariadb": _MYSQL_FACTS}.get(
        connection.dialect.name
    )
    if query is None:
        return None
    return {
        (schema, name): (
            _KINDS.get(kind, TableKind.TABLE),
            bool(is_partition),
            kind == "p",
            int(rows) if rows is not None and rows >= 0 else None,
        )
        for schema, name, kind, is_partition, rows in connection.execute(query)
    }


def _tables_of(
    inspector: Inspector,
    schema: str | None,
    default: str | None,
    facts: Mapping[Key, tuple[TableKind, bool, bool, int | None]] | None,
) -> Iterable[Table]:
    columns = inspector.get_multi_columns(schema=schema, kind=ObjectKind.ANY)
    primary = inspector.get_multi_pk_constraint(schema=schema)
    foreign = inspector.get_multi_foreign_keys(schema=schema)
    constraints = inspector.get_multi_unique_constraints(schema=schema)
    indexes = inspector.get_multi_indexes(schema=schema)
    views = set() if facts else set(inspector.get_view_names(schema=schema))
    for key, listed in columns.items():
        name = key[1]
        fact = (facts or {}).get((schema or default, name))
        if facts is not None and (fact is None or fact[1]):
            continue  # Of an extension, or a partition, whose rows its table gives.
        kind = fact[0] if fact else TableKind.VIEW if name in views else TableKind.TABLE
        unique: list[list[Any]] = [list(each["column_names"]) for each in constraints.get(key) or ()]
        unique += [list(each["column_names"]) for each in indexes.get(key) or () if each["unique"]]
        yield Table(
            name=f"{schema}.{name}" if schema else name,
            columns=tuple(_column(each, inspector) for each in listed),
            primary_key=tuple(_key_of(primary.get(key))),
            unique=frozenset(tuple(each) for each in unique if each and None not in each),
            foreign_keys=tuple(_foreign_key(each, default) for each in foreign.get(key) or ()),
            kind=kind,
            rows=fact[3] if fact else None,
            partitioned=bool(fact and fact[2]),
        )


def _key_of(primary: Mapping[str, Any] | None) -> Iterable[str]:
    """The columns of a primary key, none where there is no key."""
    return (primary or {}).get("constrained_columns") or ()


def _column(raw: Mapping[str, Any], inspector: Inspector) -> Column:
    kind = raw["type"]
    is_array = isinstance(kind, types.ARRAY)
    inner = kind.item_type if is_array else kind
    if isinstance(inner, postgresql.DOMAIN):
        inner = inner.data_type
    # In SQLite a column of no type takes any text; those of an index of words have none.
    if isinstance(inner, types.NullType) and inspector.dialect.name == "sqlite":
        return Column(raw["name"], Family.TEXT, "unknown")
    family = next((family for classes, family in _FAMILIES if isinstance(inner, classes)), Family.OTHER)
    made_of = str((raw.get("computed") or {}).get("sqltext", ""))
    nullable = bool(raw.get("nullable", True))
    return Column(raw["name"], family, _type_name(kind, inspector), is_array, nullable, made_of)


def _type_name(kind: Any, inspector: Inspector) -> str:
    if isinstance(kind, types.NullType):
        return "unknown"
    return str(kind.compile(dialect=inspector.dialect)).lower()


def _foreign_key(raw: Mapping[str, Any], default: str | None) -> ForeignKey:
    schema = raw["referred_schema"]
    name = raw["referred_table"] if schema in (None, default) else f"{schema}.{raw['referred_table']}"
    return ForeignKey(tuple(raw["constrained_columns"]), name, tuple(raw["referred_columns"]))
