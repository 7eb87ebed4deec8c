"""Rows as JSON lines: how values that JSON has no word for are written, the same for every kind of source."""

import base64
import json
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

from fulfillment.connectors.errors import Fatal


def json_line(row: Mapping[str, Any]) -> bytes:
    """A row as one line of JSON in UTF-8. Raises Fatal for a value that cannot be written without loss."""
    text = json.dumps(row, ensure_ascii=False, separators=(",", ":"), default=_written, allow_nan=False)
    return text.encode("utf-8", "surrogatepass")


def _written(value: object) -> Any:
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, Decimal | UUID):
        return str(value)
    if isinstance(value, bytes | bytearray | memoryview):
        return {"$base64": base64.b64encode(bytes(value)).decode("ascii")}
    if isinstance(value, timedelta):
        return f"PT{value.total_seconds():f}".rstrip("0").rstrip(".") + "S"
    if isinstance(value, set | frozenset):
        return sorted(value)
    if isinstance(value, Enum):
        return value.value
    raise Fatal(
        f"The source gave a value of the type {type(value).__name__}, which cannot be written as JSON."
    )
