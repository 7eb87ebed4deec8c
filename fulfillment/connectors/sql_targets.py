"""Compare a map with the live tables before anything is read: what is missing is named in a sentence."""

from sqlalchemy import Connection

from fulfillment.connectors.errors import NotConfigured
from fulfillment.connectors.sql_dialect import SqlDialect, TableShape
from fulfillment.connectors.sql_statement import Target
from fulfillment.datamaps.datamap import Collection, DataMap


def read_targets(connection: Connection, dialect: SqlDialect, data_map: DataMap) -> dict[str, Target]:
    """Every collection of the map beside its live table.

    Raises NotConfigured for a table or a column that is not there or may not be read, and for a field the
    table cannot be searched by.
    """
    names = [_table_name(each, data_map) for each in data_map.collections]
    shapes = dialect.describe(connection, names)
    targets = {}
    for collection, (schema, name), shape in zip(data_map.collections, names, shapes, strict=True):
        if shape is None:
            raise NotConfigured(
                f"The map names the table {collection.name}, which {data_map.label} does not have."
            )
        _refuse_missing_columns(collection, shape, data_map)
        targets[collection.name] = Target(collection, shape, schema, name)
    return targets


def _table_name(collection: Collection, data_map: DataMap) -> tuple[str | None, str]:
    """Schema and table: the collection's own schema, or the one the Dataset gives for all."""
    schema, _, name = collection.name.rpartition(".")
    return schema or data_map.namespace.get("schema"), name


def _refuse_missing_columns(collection: Collection, shape: TableShape, data_map: DataMap) -> None:
    missing = [each.name for each in collection.fields if each.name not in shape.columns]
    if missing:
        what = "column" if len(missing) == 1 else "columns"
        raise NotConfigured(
            f"The map names the {what} {', '.join(missing)} of {collection.name}, "
            f"which {data_map.label} does not have."
        )
    closed = [each.name for each in collection.returned_fields if not shape.columns[each.name].readable]
    if closed:
        raise NotConfigured(
            f"The user of {data_map.label} may not read {', '.join(closed)} of {collection.name}: "
            "grant it SELECT on them."
        )
