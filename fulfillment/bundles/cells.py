"""A record's value as text: for people (words, dates, lists) and for spreadsheets (plain and harmless)."""

import re
from datetime import date
from functools import lru_cache
from typing import Any

from django.template.defaultfilters import filesizeformat
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from fulfillment.bundles.decoding import Numeral, spelt
from requests_app.spreadsheets import harmless

NOTHING = "–"
_MOMENT = re.compile(
    r"(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(?::(\d\d)(?:\.\d{1,9})?)?(Z|[+-]\d\d(?::?\d\d)?)?)?"
)


def readable(value: Any, language: str | None = None) -> str:
    """The text a person reads; nested values become lines of "name: value".

    `language` is the one in force; whoever asks for thousands of cells finds it out once.
    """
    if type(value) is str:
        return _moment(value, language) if value else NOTHING
    if isinstance(value, Numeral):
        return str(value)
    if value is None:
        return NOTHING
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, int):
        return str(value)
    return "\n".join(_nested(value, depth=0)) or NOTHING


def spreadsheet(value: Any) -> str:
    """The text of a CSV cell; one that a spreadsheet would run as a formula gets an apostrophe in front."""
    if isinstance(value, Numeral):
        return str(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if value is None:
        return ""
    return harmless(value if isinstance(value, str) else spelt(value))


def _nested(value: Any, *, depth: int) -> list[str]:
    pad = "  " * depth
    if is_binary(value):
        return [pad + _binary(value)]
    if isinstance(value, dict):
        members = list(value.items())
    elif isinstance(value, list):
        members = [("•", each) for each in value]
    else:
        return [pad + readable(value)]
    lines: list[str] = []
    for name, member in members:
        mark = name if name == "•" else f"{name}:"
        if is_binary(member):
            lines.append(f"{pad}{mark} {_binary(member)}")
        elif isinstance(member, (dict, list)) and member:
            lines += [pad + mark, *_nested(member, depth=depth + 1)]
        else:
            lines.append(f"{pad}{mark} {readable(member) if member not in ([], {}) else NOTHING}")
    return lines


def is_binary(value: Any) -> bool:
    """Whether a value is how findings hold bytes: {"$base64": text}."""
    return isinstance(value, dict) and len(value) == 1 and isinstance(value.get("$base64"), str)


def _binary(value: dict[str, str]) -> str:
    # Signs of base64 tell a reader nothing; the JSON files hold every one of them.
    text = value["$base64"]
    size = filesizeformat(len(text) * 3 // 4 - text[-2:].count("="))
    return _("Binary data, %(size)s (in the JSON files)") % {"size": size}


def may_be_moment(text: str) -> bool:
    """Whether a text may be a date or a moment: most are none, which their fifth mark tells sooner than a pattern."""
    return text[4:5] == "-"


def _moment(text: str, language: str | None) -> str:
    match = _MOMENT.fullmatch(text) if may_be_moment(text) else None
    if match is None:
        return text
    day, clock, seconds, offset = match.groups()
    try:
        words = _day(day, language or get_language() or "")
    except ValueError:
        return text
    if clock is None:
        return words
    shown = f"{words}, {clock}" if seconds in (None, "00") else f"{words}, {clock}:{seconds}"
    return f"{shown} {_zone(offset)}" if offset else shown


def _zone(offset: str) -> str:
    digits = offset[1:].replace(":", "").ljust(4, "0")
    return "UTC" if offset == "Z" or digits == "0000" else f"UTC{offset[0]}{digits[:2]}:{digits[2:]}"


@lru_cache(maxsize=4096)
def _day(text: str, _language: str) -> str:
    # Thousands of records share a few hundred days, and Django's formatter is slow.
    return date_format(date.fromisoformat(text), "DATE_FORMAT")
