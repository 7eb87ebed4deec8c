"""Take the person's identifiers out of words and JSON that others wrote: row by row, as no database can decode them."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, LargeBinary, Text, bindparam, or_, select, tuple_, update

from fulfillment.connectors.errors import Fatal
from fulfillment.connectors.places_inside import replaced
from fulfillment.connectors.sql_changes.dialect import ChangeDialect
from fulfillment.connectors.sql_changes.edits import Edit, family
from fulfillment.connectors.sql_dialect import Family
from fulfillment.traces.person import KnownPerson
from fulfillment.traces.redact import Redacted, redact_value

ROWS_AT_ONCE = 500


def redact_rows(connection: Connection, edit: Edit, person: KnownPerson, dialect: ChangeDialect) -> None:
    """Rewrite the fields that the map wants redacted. Raises Fatal where something had to stay in them."""
    if not edit.redacted:
        return
    columns = _columns(edit)
    for rows in _rows(connection, edit, list(columns)):
        changed = [new for row in rows if (new := _redacted(edit, columns, row, person, dialect)) is not None]
        if changed:
            connection.execute(_statement(edit, list(columns), dialect), changed)


def _columns(edit: Edit) -> dict[str, list[list[str]]]:
    """The columns, each with the paths inside it; of a whole column the empty one."""
    found: dict[str, list[list[str]]] = {}
    for each in edit.redacted:
        column = edit.inside.get(each.name, each.name)
        path = each.name.removeprefix(column).removeprefix(".")
        found.setdefault(column, []).append(path.split(".") if path else [])
    return found


def _rows(connection: Connection, edit: Edit, names: Sequence[str]) -> Iterator[Sequence[Any]]:
    """Page by page along the key: each page is read to its end before a row of it is rewritten."""
    key = [edit.live.c[name] for name in edit.own.key]
    filled = or_(*(edit.live.c[name].is_not(None) for name in names))
    wanted = select(*key, *(edit.live.c[name] for name in names)).where(edit.is_mine, filled)
    page = wanted.order_by(*key).limit(ROWS_AT_ONCE)
    rows = connection.execute(page).all()
    while rows:
        yield rows
        after = tuple_(*key) > tuple_(*(bindparam(None, part) for part in rows[-1][: len(key)]))
        rows = connection.execute(page.where(after)).all() if len(rows) == ROWS_AT_ONCE else []


def _redacted(
    edit: Edit, columns: Mapping[str, list[list[str]]], row: Any, person: KnownPerson, dialect: ChangeDialect
) -> dict[str, Any] | None:
    key, values = row[: len(edit.own.key)], row[len(edit.own.key) :]
    new: dict[str, Any] = {}
    taken = 0
    for (name, paths), value in zip(columns.items(), values, strict=True):
        is_document = family(edit, name) is Family.JSON or [] not in paths
        if (
            is_document
            and isinstance(value, str)
            and (dialect.json_is_text or family(edit, name) is Family.TEXT)
        ):
            value = json.loads(value)
        found = _without(person, name, paths, value)
        if not found.is_whole:
            raise Fatal(
                f"{edit.own.collection.label}: {name} holds something of the person in a form that cannot be "
                "rewritten. Nothing was changed; a person has to look."
            )
        written = (
            json.dumps(found.value, ensure_ascii=False) if is_document and value is not None else found.value
        )
        length = edit.facts.columns[name].length
        if found.taken and length and len(written) > length:
            raise Fatal(
                f"{edit.own.collection.label}: {name} holds at most {length} characters, too few for what is left "
                "without the person. Nothing was changed; a person has to look."
            )
        taken += found.taken
        new[f"new_{name}"] = written
    keys = {f"key_{name}": value for name, value in zip(edit.own.key, key, strict=True)}
    return new | keys if taken else None


def _without(person: KnownPerson, name: str, paths: Sequence[Sequence[str]], value: Any) -> Redacted:
    """A value without the person, as a whole or at these paths."""
    parts: list[Redacted] = []

    def new(each: Any) -> Any:
        parts.append(redact_value(each, person, column=name, is_proven=True))
        return parts[-1].value

    for path in [[]] if [] in paths else paths:
        value = replaced(value, path, new)
    stuck = tuple(way for each in parts for way in each.stuck)
    return Redacted(
        value, sum(each.taken for each in parts), stuck, tuple(cut for each in parts for cut in each.cut)
    )


def _statement(edit: Edit, names: Sequence[str], dialect: ChangeDialect) -> Any:
    types = {name: LargeBinary if family(edit, name) is Family.BYTES else Text for name in names}
    values = {
        name: dialect.typed(bindparam(f"new_{name}", type_=types[name]), edit.facts.columns[name])
        for name in names
    }
    same = (edit.live.c[name] == bindparam(f"key_{name}") for name in edit.own.key)
    return update(edit.live).where(*same).values(values)
