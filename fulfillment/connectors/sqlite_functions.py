"""What SQLite is taught for a search: to write a row as JSON, and to keep the digits of a phone number."""

import json
import sqlite3
from functools import lru_cache
from typing import Any

from fulfillment.connectors.rows import json_line, parse_json
from fulfillment.connectors.spellings import digits_of

DIGITS = "omne_digits"
FIELDS = "omne_fields"


def teach(connection: sqlite3.Connection) -> None:
    """Add our functions to a connection."""
    connection.create_function(DIGITS, 1, _digits, deterministic=True)
    connection.create_function(FIELDS, -1, _fields, deterministic=True)


def names_of_fields(names: list[str], documents: list[bool]) -> str:
    """The first argument of `omne_fields`: the fields' names, and which of them hold JSON."""
    return json.dumps([names, documents], ensure_ascii=False)


def _digits(text: Any) -> str | None:
    return None if text is None else digits_of(str(text))


def _fields(described: str, *values: Any) -> str:
    """Fields as the inside of a JSON object; JSON stays as it is, on one line."""
    names, documents = _described(described)
    if not any(documents):
        return json_line(dict(zip(names, values, strict=True))).decode()[1:-1]
    written = []
    for name, is_document, value in zip(names, documents, values, strict=True):
        field = json_line({name: value}).decode()[1:-1]
        if is_document and isinstance(value, str) and _is_json(value):
            field = f"{json.dumps(name, ensure_ascii=False)}:{value.translate(_ON_ONE_LINE)}"
        written.append(field)
    return ",".join(written)


@lru_cache(maxsize=256)
def _described(described: str) -> tuple[list[str], list[bool]]:
    names, documents = json.loads(described)
    return names, documents


def _is_json(text: str) -> bool:
    try:
        parse_json(text.encode())
    except (ValueError, RecursionError):
        return False
    return True


# Between values only: a text inside JSON has no raw line ends.
_ON_ONE_LINE = str.maketrans("\n\r", "  ")
