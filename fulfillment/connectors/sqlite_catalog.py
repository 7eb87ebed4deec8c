"""The live shape of tables in SQLite, and what their indexes begin with."""

import re
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, text

from fulfillment.connectors.sql_dialect import ColumnShape, Family, TableShape
from fulfillment.connectors.sql_entries import Entry

_COLUMNS = text("SELECT name, upper(type) FROM pragma_table_xinfo(:name, :schema) WHERE hidden <> 1")
_INDEXES = text(
    """
    SELECT x.name, upper(x.coll), s.sql
      FROM pragma_index_list(:name, :schema) i, pragma_index_xinfo(i.name, :schema) x
      LEFT JOIN sqlite_schema s ON s.type = 'index' AND s.name = i.name
     WHERE x.seqno = 0 AND NOT i.partial
    """
)
_KEY = text(
    "SELECT name, 'BINARY', NULL FROM pragma_table_xinfo(:name, :schema) WHERE pk = 1 AND type = 'INTEGER'"
)
_EXPRESSIONS = {Entry.LOWER: "lower({})", Entry.FOLDED: "lower(trim({}))"}


def read_shapes(connection: Connection, tables: Sequence[tuple[str | None, str]]) -> list[TableShape | None]:
    """The shape of each table (schema, name); None for those that are not there."""
    return [_read_shape(connection, {"name": name, "schema": schema or "main"}) for schema, name in tables]


def _read_shape(connection: Connection, place: dict[str, str]) -> TableShape | None:
    heads = [*connection.execute(_INDEXES, place).all(), *connection.execute(_KEY, place).all()]
    columns = {
        name: ColumnShape(name, _family(declared), declared.lower(), entries=_entries(name, heads))
        for name, declared in connection.execute(_COLUMNS, place)
    }
    return TableShape(columns) if columns else None


def _family(declared: str) -> Family:
    """What a declared type promises; SQLite itself lets any value stand anywhere."""
    if "INT" in declared:
        return Family.INTEGER
    if "JSON" in declared:
        return Family.JSON
    return Family.TEXT if any(word in declared for word in ("CHAR", "CLOB", "TEXT")) else Family.OTHER


def _entries(column: str, heads: Sequence[Any]) -> frozenset[Entry]:
    """What the indexes of a table let a search enter by: each a column or None, its rules, and its SQL."""
    entries: set[Entry] = set()
    for name, collation, statement in heads:
        if name == column:
            entries |= {Entry.VALUE, *([Entry.BLANKS_FIRST] if collation == "BINARY" else ())}
            entries |= {Entry.CASELESS} if collation == "NOCASE" else set()
        elif name is None and statement:
            entries |= {entry for entry, ways in _EXPRESSIONS.items() if _begins(statement, column, ways)}
    return frozenset(entries)


def _begins(statement: str, column: str, ways: str) -> bool:
    """Whether an index begins with this expression of a column, however it is spaced and quoted."""
    bare = re.sub(r"[\s\"`\[\]]", "", statement).casefold()
    wanted = ways.format(re.sub(r"[\s\"`\[\]]", "", column).casefold())
    return any(f"({wanted}{end}" in bare for end in (",", ")", "asc", "desc"))
