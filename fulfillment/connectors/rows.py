"""Rows as JSON lines, and back: the same writing for every kind of source, without loss."""

import base64
import json
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from math import isfinite, isnan
from typing import Any, NoReturn
from uuid import UUID

from msgspec import DecodeError
from msgspec.json import Decoder

from fulfillment.connectors.errors import Fatal


def json_line(row: Mapping[str, Any]) -> bytes:
    """A row as one line of JSON in UTF-8. Raises Fatal for a value that cannot be written without loss."""
    try:
        text = _dumped(row, ensure_ascii=False)
    except ValueError:
        # JSON has no word for infinity; PostgreSQL writes it as text, and so do we.
        text = _dumped(_finite(row), ensure_ascii=False)
    try:
        return text.encode()
    except UnicodeEncodeError:
        # Half a surrogate pair is no text in UTF-8, but an escape may still name it.
        return _dumped(_finite(row), ensure_ascii=True).encode()


def parse_json(content: bytes) -> Any:
    """A JSON value whose numbers have kept their digits. Raises ValueError for anything else."""
    try:
        return _FAST.decode(content)
    except (DecodeError, RecursionError):
        # Half a surrogate pair is no text to the fast one, and still what the source holds.
        return _DECODER.decode(content.decode())


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


def _finite(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _finite(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(each) for each in value]
    if isinstance(value, float) and not isfinite(value):
        return "NaN" if isnan(value) else "Infinity" if value > 0 else "-Infinity"
    return value


def _exact(digits: str) -> float | str:
    """A number with a fraction: as it is where a float holds all its digits, otherwise as their text."""
    value = float(digits)
    return value if Decimal(digits) == Decimal(repr(value)) else digits


def _refuse_constant(word: str) -> NoReturn:
    raise ValueError(f"{word} is not JSON")


# Made once: making a decoder costs more than reading a line with it.
_FAST = Decoder(float_hook=_exact)
_DECODER = json.JSONDecoder(parse_float=_exact, parse_constant=_refuse_constant)
