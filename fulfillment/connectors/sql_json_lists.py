"""Lists inside JSON values: what each database needs to look at their elements one by one, as rows of a subquery."""

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    String,
    Text,
    case,
    cast,
    column,
    func,
    literal_column,
    not_,
    or_,
)
from sqlalchemy.dialects.postgresql import JSONB, JSONPATH
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

# Stands in a path for "each element of the list"; no name inside JSON begins so.
EACH = "\0each"
Rows = tuple[Sequence[FromClause], ColumnElement[Any]]


def segments(path: Sequence[str]) -> list[list[str]]:
    """The names between the lists of a path: before the first one, between two, behind the last."""
    parts: list[list[str]] = [[]]
    for name in path:
        if name == EACH:
            parts.append([])
        else:
            parts[-1].append(name)
    return parts


def dotted(names: Sequence[str]) -> str:
    """Names as a JSON path writes them, each in quotation marks."""
    return "".join(f".{json.dumps(name)}" for name in names)


def in_postgresql(value: ColumnElement[Any], path: Sequence[str]) -> Rows:
    """One path query; what is no list counts as a list of one."""
    whole = "$" + "[*]".join(dotted(each) for each in segments(path))
    query = func.jsonb_path_query(cast(value, JSONB), cast(whole, JSONPATH))
    found = query.table_valued(column("each", JSONB), joins_implicitly=True).render_derived()
    return [found], found.c.each.op("#>>")(literal_column("'{}'"))


class _JsonTable(FunctionElement[Any]):
    """JSON_TABLE, whose paths must be written out."""

    name = "json_table"
    inherit_cache = True


@compiles(_JsonTable)
def _written(element: _JsonTable, compiler: SQLCompiler, **how: Any) -> str:
    value, rows, own = element.clauses
    paths = [compiler.render_literal_value(each.value, String()) for each in (rows, own)]
    document = compiler.process(value, **how)
    return f"JSON_TABLE({document}, {paths[0]} COLUMNS (each_one LONGTEXT PATH {paths[1]}))"


def in_mariadb(value: ColumnElement[Any], path: Sequence[str]) -> Rows:
    """JSON_TABLE over what is JSON."""
    *before, last = segments(path)
    rows = "$" + "".join(f"{dotted(each)}[*]" for each in before)
    document = case((func.json_valid(value) == 1, value))
    found = _JsonTable(document, rows, f"${dotted(last)}").table_valued(
        column("each_one", Text), joins_implicitly=True
    )
    return [found], found.c.each_one


def in_sqlite(value: ColumnElement[Any], path: Sequence[str]) -> Rows:
    """`json_each`, once for every list of the path, over what is a list there."""
    *before, last = segments(path)
    sides: list[FromClause] = []
    document: ColumnElement[Any] = case((func.json_valid(value) == 1, value))
    for names in before:
        place = f"${dotted(names)}"
        is_list = func.json_type(document, place) == "array"
        elements = func.json_each(case((is_list, document)), place)
        found = elements.table_valued("value", "type", joins_implicitly=True)
        sides.append(found)
        # Not with IN: the text of a search is kept, and SQLAlchemy writes the values of IN only when it is asked.
        nested = or_(found.c.type == "object", found.c.type == "array")
        document = case((nested, found.c.value))
        plain = case((not_(nested), found.c.value))
    text = func.json_extract(document, f"${dotted(last)}") if last else plain
    return sides, cast(text, Text)
