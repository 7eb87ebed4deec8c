"""Compare a map with the live database: what is gone, what has another type, what nobody mentions."""

from collections.abc import Iterator

from fulfillment.connectors.sql import SqlConnector
from fulfillment.datamaps.datamap import Collection, DataField, DataMap
from fulfillment.datamaps.errors import Problem, Severity
from fulfillment.introspection.read_schema import read_schema
from fulfillment.introspection.schema import Column, Schema, Table, TableKind


def live_problems(connector: SqlConnector, data_map: DataMap) -> tuple[Problem, ...]:
    """Every difference, at the line of the map where it shows. Raises ConnectorError."""
    with connector.snapshot(data_map.label, purpose="check") as connection:
        return tuple(compare_with_live(data_map, read_schema(connection)))


def compare_with_live(data_map: DataMap, schema: Schema) -> Iterator[Problem]:
    """What is gone is an error, as a search would stop there; the rest is worth a look."""
    for collection in data_map.collections:
        table = schema.by_name.get(_live_name(collection, data_map, schema))
        if table is None:
            yield _error(collection.line, f"{collection.name} is gone: {data_map.label} has no such table.")
        else:
            yield from _columns(collection, table, data_map)
    yield from _unmentioned(data_map, schema)


def _live_name(collection: Collection, data_map: DataMap, schema: Schema) -> str:
    named = data_map.namespace.get("schema")
    if "." in collection.name:
        first, _, name = collection.name.rpartition(".")
        return name if first == schema.default_schema else collection.name
    return f"{named}.{collection.name}" if named and named != schema.default_schema else collection.name


def _columns(collection: Collection, table: Table, data_map: DataMap) -> Iterator[Problem]:
    for field in collection.fields:
        column = table.by_name.get(field.name)
        if column is None:
            yield _error(field.line, f"{collection.name}.{field.name} is gone: the table has no such column.")
        elif (was := _other_type(field, column)) is not None:
            yield _warning(
                field.line, f"{collection.name}.{field.name} was {was}, and is {column.type_name} now."
            )
    known = {each.name for each in collection.fields}
    for column in table.columns:
        if column.name not in known and f"{collection.name}.{column.name}" not in data_map.unmapped:
            yield _warning(
                collection.line,
                f"{collection.name}.{column.name} ({column.type_name}) is new: no map mentions it.",
            )


def _other_type(field: DataField, column: Column) -> str | None:
    """What the map says of a column's type, where the live one is another."""
    if field.type_name is not None:
        return None if field.type_name == column.type_name else field.type_name
    said = field.data_type
    # Maps may call a moment or a JSON value a string or an object: no type of theirs speaks against it.
    if (
        said is None
        or column.data_type is None
        or said == column.data_type
        or said in ("object", "object_id")
    ):
        return None
    return said


def _unmentioned(data_map: DataMap, schema: Schema) -> Iterator[Problem]:
    mapped = {_live_name(each, data_map, schema) for each in data_map.collections}
    for table in schema.tables:
        left_out = (
            table.name in data_map.unmapped or f"{schema.default_schema}.{table.name}" in data_map.unmapped
        )
        if table.name not in mapped and not left_out and table.kind is not TableKind.VIEW:
            yield _warning(
                0, f"{table.name} is a table that no map mentions, with {len(table.columns)} columns."
            )


def _error(line: int, sentence: str) -> Problem:
    return Problem(Severity.ERROR, line, sentence)


def _warning(line: int, sentence: str) -> Problem:
    return Problem(Severity.WARNING, line, sentence)
