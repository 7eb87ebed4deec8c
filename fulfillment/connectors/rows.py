"""Rows as JSON lines, and back: the same writing for every kind of source, without loss."""

import base64
import json
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, NoReturn
from uuid import UUID

from fulfillment.connectors.errors import Fatal


def json_line(row: Mapping[str, Any]) -> bytes:
    """A row as one line of JSON in UTF-8. Raises Fatal for a value that cannot be written without loss."""
    try:
        try:
            return _dumped(row, ensure_ascii=False).encode()
        except UnicodeEncodeError:
            # Half a surrogate pair is no text in UTF-8, but an escape may still name it.
            return _dumped(row, ensure_ascii=True).encode()
    except ValueError:
        raise Fatal("The source gave a number that JSON has no word for, such as infinity.") from None


def parse_json(content: bytes) -> Any:
    """A JSON value whose numbers have kept their digits. Raises ValueError for anything else."""
    return json.loads(content, parse_float=_exact, parse_constant=_refuse_constant)


def _dumped(row: Mapping[str, Any], *, ensure_ascii: bool) -> str:
    return json.dumps(
        row, ensure_ascii=ensure_ascii, separators=(",", ":"), default=_written, allow_nan=False
    )


def _written(value: object) -> Any:
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, Decimal | UUID):
        return str(value)
    if isinstance(value, bytes | bytearray | memoryview):
        return {"$base64": base64.b64encode(bytes(value)).decode("ascii")}
    if isinstance(value, timedelta):
        return f"PT{Decimal(value // timedelta(microseconds=1)) / 1_000_000:f}S"
    raise Fatal(
        f"The source gave a value of the type {type(value).__name__}, which cannot be written as JSON."
    )


def _exact(digits: str) -> float | str:
    """A number with a fraction: as it is where a float holds all its digits, otherwise as their text."""
    value = float(digits)
    return value if Decimal(digits) == Decimal(repr(value)) else digits


def _refuse_constant(word: str) -> NoReturn:
    raise ValueError(f"{word} is not JSON")
