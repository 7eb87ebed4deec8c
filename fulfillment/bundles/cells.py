"""A record's value as text: for people (words, dates, lists) and for spreadsheets (plain and harmless)."""

import json
import re
from datetime import date, datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from fulfillment.bundles.contents import Numeral

NOTHING = "–"
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d(:?\d\d)?)?")
# What a spreadsheet takes for the start of a formula, full-width forms too.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def readable(value: Any) -> str:
    """The text a person reads; nested values become lines of "name: value"."""
    if value is None or value == "":
        return NOTHING
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, Numeral):
        return str(value)
    if isinstance(value, str):
        return _moment(value)
    return "\n".join(_nested(value, depth=0)) or NOTHING


def spreadsheet(value: Any) -> str:
    """The text of a CSV cell; one that a spreadsheet would run as a formula gets an apostrophe in front."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Numeral):
        return str(value)
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return f"'{text}" if text.startswith(_FORMULA) else text


def _nested(value: Any, *, depth: int) -> list[str]:
    pad = "  " * depth
    if isinstance(value, dict):
        members = list(value.items())
    elif isinstance(value, list):
        members = [("•", each) for each in value]
    else:
        return [pad + readable(value)]
    lines: list[str] = []
    for name, member in members:
        mark = name if name == "•" else f"{name}:"
        if isinstance(member, (dict, list)) and member:
            lines += [pad + mark, *_nested(member, depth=depth + 1)]
        else:
            lines.append(f"{pad}{mark} {readable(member) if member not in ([], {}) else NOTHING}")
    return lines


def _moment(text: str) -> str:
    try:
        if _DAY.fullmatch(text):
            return date_format(date.fromisoformat(text), "j F Y")
        if _MOMENT.fullmatch(text):
            return _clock_time(datetime.fromisoformat(text))
    except ValueError:
        return text
    return text


def _clock_time(moment: datetime) -> str:
    shown = date_format(moment, "j F Y, H:i:s" if moment.second else "j F Y, H:i")
    if moment.tzinfo is None:
        return shown
    offset = moment.strftime("%z")
    return f"{shown} UTC" if offset in ("+0000", "-0000") else f"{shown} UTC{offset[:3]}:{offset[3:5]}"
