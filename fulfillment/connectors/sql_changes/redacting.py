"""Take the person's identifiers out of words and JSON that others wrote: row by row, as no database can decode them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    LargeBinary,
    Text,
    bindparam,
    cast,
    literal,
    or_,
    select,
    tuple_,
    update,
)

from fulfillment.connectors.errors import Fatal
from fulfillment.connectors.json_redacting import redacted_inside
from fulfillment.connectors.sql_changes.dialect import ChangeDialect
from fulfillment.connectors.sql_changes.edits import Edit, family, is_leaned_on
from fulfillment.connectors.sql_dialect import Family
from fulfillment.traces.person import KnownPerson
from fulfillment.traces.redact import Redacted, redact_value

ROWS_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class _Words:
    """A field with words: its column and the path in it, and the condition under which a kept record rests on it."""

    name: str
    column: str
    path: tuple[str, ...]
    kept: ColumnElement[bool] | None


def redact_rows(connection: Connection, edit: Edit, person: KnownPerson, dialect: ChangeDialect) -> None:
    """Rewrite the fields that the map wants redacted. Raises Fatal where something had to stay in them.

    What records that stay rest on is left as it is.
    """
    if not edit.redacted:
        return
    fields = [_words(edit, each.name) for each in edit.redacted]
    names = list(dict.fromkeys(each.column for each in fields))
    for rows in _rows(connection, edit, [_as_written(edit, each, dialect) for each in names], fields):
        changed = [new for row in rows if (new := _redacted(edit, names, fields, row, person)) is not None]
        if changed:
            connection.execute(_statement(edit, names, dialect), changed)


def _words(edit: Edit, name: str) -> _Words:
    column = edit.inside.get(name, name)
    path = name.removeprefix(column).removeprefix(".")
    return _Words(name, column, tuple(path.split(".") if path else ()), is_leaned_on(edit, name))


def _rows(
    connection: Connection, edit: Edit, values: Sequence[ColumnElement[Any]], fields: Sequence[_Words]
) -> Iterator[Sequence[Any]]:
    """Page by page along the key: each page is read to its end before a row of it is rewritten."""
    key = [edit.live.c[name] for name in edit.own.key]
    filled = or_(*(each.is_not(None) for each in values))
    kept = [
        (literal(0) if each.kept is None else each.kept).label(f"kept_{at}") for at, each in enumerate(fields)
    ]
    wanted = select(*key, *values, *kept).where(edit.is_mine, filled)
    page = wanted.order_by(*key).limit(ROWS_AT_ONCE)
    rows = connection.execute(page).all()
    while rows:
        yield rows
        after = tuple_(*key) > tuple_(*(bindparam(None, part) for part in rows[-1][: len(key)]))
        rows = connection.execute(page.where(after)).all() if len(rows) == ROWS_AT_ONCE else []


def _as_written(edit: Edit, name: str, dialect: ChangeDialect) -> ColumnElement[Any]:
    """A column as it is; JSON as its text: what a driver makes of it has lost digits, and names that stand twice."""
    value: ColumnElement[Any] = edit.live.c[name]
    if family(edit, name) is not Family.JSON or dialect.json_is_text:
        return value
    return cast(value, Text)


def _redacted(
    edit: Edit,
    names: Sequence[str],
    fields: Sequence[_Words],
    row: Any,
    person: KnownPerson,
) -> dict[str, Any] | None:
    size = len(edit.own.key)
    key, values, kept = row[:size], row[size : size + len(names)], row[size + len(names) :]
    going = [each for each, stays in zip(fields, kept, strict=True) if not stays]
    new: dict[str, Any] = {}
    taken = 0
    for name, value in zip(names, values, strict=True):
        found = _without(edit, name, [each.path for each in going if each.column == name], value, person)
        if not found.is_whole:
            raise Fatal(
                f"{edit.own.collection.label}: {name} holds something of the person in a form that cannot be "
                "rewritten. Nothing was changed; a person has to look."
            )
        length = edit.facts.columns[name].length
        if found.taken and length and len(found.value) > length:
            raise Fatal(
                f"{edit.own.collection.label}: {name} holds at most {length} characters, too few for what is left "
                "without the person. Nothing was changed; a person has to look."
            )
        taken += found.taken
        new[f"new_{name}"] = found.value
    keys = {f"key_{name}": value for name, value in zip(edit.own.key, key, strict=True)}
    return new | keys if taken else None


def _without(
    edit: Edit, name: str, paths: Sequence[tuple[str, ...]], value: Any, person: KnownPerson
) -> Redacted:
    """A value without the person, as a whole or at these paths."""
    if not paths or value is None:
        return Redacted(value, 0)
    if family(edit, name) is not Family.JSON and () in paths:
        return redact_value(value, person, column=name, is_proven=True)
    try:
        return redacted_inside(value, paths, person, column=name)
    except ValueError:
        return Redacted(value, 0, stuck=(name,))


def _statement(edit: Edit, names: Sequence[str], dialect: ChangeDialect) -> Any:
    types = {name: LargeBinary if family(edit, name) is Family.BYTES else Text for name in names}
    values = {
        name: dialect.typed(bindparam(f"new_{name}", type_=types[name]), edit.facts.columns[name])
        for name in names
    }
    same = (edit.live.c[name] == bindparam(f"key_{name}") for name in edit.own.key)
    return update(edit.live).where(*same).values(values)
