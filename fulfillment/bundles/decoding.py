"""Records out of JSON lines and back, fast, and with every number as the source wrote it."""

import json
import re
from contextlib import suppress
from typing import Any

from msgspec import DecodeError
from msgspec.json import Decoder


class Numeral(str):
    """A number exactly as the source wrote it: no digit is lost to floating point."""

    __slots__ = ()


# Whole numbers are exact in Python, but for the one spelling that is not what they are written as.
_MINUS_ZERO = re.compile(rb"-0[,}\] \t\r]")
# Made once: making a decoder costs more than reading a line with it.
_FAST = Decoder(list[dict[str, Any]], float_hook=Numeral)
_LENIENT = json.JSONDecoder(parse_int=Numeral, parse_float=Numeral, parse_constant=Numeral)


def decoded(block: bytes) -> list[dict[str, Any]]:
    """The records of a block of JSON lines; fractions, and whatever else would change, are a Numeral."""
    # A line's end stands nowhere but between two records: one array is read faster than many objects.
    together = b"[%s]" % block.replace(b"\n", b",")
    if _MINUS_ZERO.search(together) is None:
        # Half a surrogate pair and "NaN" are no JSON, and still what the source holds: those are read below, and
        # what is no record in any spelling is raised there.
        with suppress(DecodeError):
            return _FAST.decode(together)
    records: list[dict[str, Any]] = _LENIENT.decode(together.decode("utf-8", "surrogatepass"))
    return records


def encoded(value: Any) -> bytes:
    """A record as a line of JSON; half a surrogate pair, for which UTF-8 has no bytes, is named by its escape."""
    return spelt(value, comma=",", colon=":").encode("utf-8", "backslashreplace")


def spelt(value: Any, *, comma: str = ", ", colon: str = ": ") -> str:
    """A value in JSON, its numbers as they were spelt."""
    if isinstance(value, Numeral):
        return str(value)
    if isinstance(value, dict):
        members = (
            f"{_plain(name)}{colon}{spelt(each, comma=comma, colon=colon)}" for name, each in value.items()
        )
        return f"{{{comma.join(members)}}}"
    if isinstance(value, list):
        return f"[{comma.join(spelt(each, comma=comma, colon=colon) for each in value)}]"
    return _plain(value)


def _plain(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
