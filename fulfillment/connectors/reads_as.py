"""Whether a value that was read is the value that was wanted, however a kind of source writes it."""

from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

_TRUTHS = {
    "true": True,
    "t": True,
    "1": True,
    "yes": True,
    "false": False,
    "f": False,
    "0": False,
    "no": False,
}


def reads_as(value: Any, wanted: Any) -> bool:
    """Whether a value of a source is what was wanted, however its kind of source writes it."""
    if _is_empty(value) or _is_empty(wanted):
        return _is_empty(value) and _is_empty(wanted)
    if isinstance(value, bool) or isinstance(wanted, bool):
        return _truth(value) is _truth(wanted)
    if isinstance(value, dict | list) or isinstance(wanted, dict | list):
        return bool(value == wanted)
    mine, other = plain(str(value)), plain(str(wanted))
    return mine == other or _as_number(mine, other) or _as_day(mine, other)


def _is_empty(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def plain(text: str) -> str:
    """A text with single blanks between its words and none at its edges."""
    return " ".join(text.split())


def _truth(value: Any) -> bool | None:
    return value if isinstance(value, bool) else _TRUTHS.get(str(value).strip().casefold())


def _as_number(mine: str, other: str) -> bool:
    try:
        return Decimal(mine) == Decimal(other)
    except InvalidOperation:
        return False


def _as_day(mine: str, other: str) -> bool:
    """A day is the same as its midnight."""
    return _day(mine) is not None and _day(mine) == _day(other)


def _day(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        try:
            found = datetime.combine(date.fromisoformat(text), datetime.min.time())
        except ValueError:
            return None
    return found.replace(tzinfo=None)
