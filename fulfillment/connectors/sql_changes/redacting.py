"""Take the person's identifiers out of words and JSON that others wrote: row by row, as no database can decode them."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, LargeBinary, Text, bindparam, or_, select, tuple_, update

from fulfillment.connectors.errors import Fatal
from fulfillment.connectors.sql_changes.dialect import ChangeDialect
from fulfillment.connectors.sql_changes.edits import Edit, family
from fulfillment.connectors.sql_dialect import Family
from fulfillment.traces.person import KnownPerson
from fulfillment.traces.redact import redact_value

ROWS_AT_ONCE = 500


def redact_rows(connection: Connection, edit: Edit, person: KnownPerson, dialect: ChangeDialect) -> None:
    """Rewrite the fields that the map wants redacted. Raises Fatal where something had to stay in them."""
    if not edit.redacted:
        return
    names = [each.name for each in edit.redacted]
    for rows in _rows(connection, edit, names):
        changed = [new for row in rows if (new := _redacted(edit, names, row, person, dialect)) is not None]
        if changed:
            connection.execute(_statement(edit, names, dialect), changed)


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
    edit: Edit, names: Sequence[str], row: Any, person: KnownPerson, dialect: ChangeDialect
) -> dict[str, Any] | None:
    key, values = row[: len(edit.own.key)], row[len(edit.own.key) :]
    new: dict[str, Any] = {}
    taken = 0
    for name, value in zip(names, values, strict=True):
        if dialect.json_is_text and value is not None and family(edit, name) is Family.JSON:
            value = json.loads(value)
        found = redact_value(value, person, column=name, is_proven=True)
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
        new[f"new_{name}"] = _written(found.value, family(edit, name))
    keys = {f"key_{name}": value for name, value in zip(edit.own.key, key, strict=True)}
    return new | keys if taken else None


def _written(value: Any, kind: Family) -> Any:
    return json.dumps(value, ensure_ascii=False) if kind is Family.JSON and value is not None else value


def _statement(edit: Edit, names: Sequence[str], dialect: ChangeDialect) -> Any:
    types = {name: LargeBinary if family(edit, name) is Family.BYTES else Text for name in names}
    values = {
        name: dialect.typed(bindparam(f"new_{name}", type_=types[name]), edit.facts.columns[name])
        for name in names
    }
    same = (edit.live.c[name] == bindparam(f"key_{name}") for name in edit.own.key)
    return update(edit.live).where(*same).values(values)
