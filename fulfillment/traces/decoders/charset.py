"""Bytes that are text: in which encoding; and the stretches of text within bytes that are none."""

import re
from contextlib import suppress

from fulfillment.traces.packed import BytesPart, Content, Opened, as_text

_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_STRETCH = re.compile(rb"(?:[\t\x20-\x7e]|[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}){6,}")
_MARKS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig"))


def opened(data: bytes) -> Opened:
    """The bytes as text. Where they are not, whatever stands in them as text, which cannot be changed."""
    name = _encoding(data)
    # What only begins like an encoding goes the way of other bytes: every stretch of text in it is read below.
    with suppress(UnicodeDecodeError):
        if name is not None:
            return Opened("", (BytesPart(data.decode(name)),), _Writer(name))
    stretches = "\n".join(_without_length(each).decode(errors="replace") for each in _STRETCH.findall(data))
    return Opened("binary", (BytesPart(stretches),))


def _without_length(stretch: bytes) -> bytes:
    """Pickles and others write the length ahead, which may look like a letter."""
    return stretch[1:] if stretch[0] == len(stretch) - 1 else stretch


class _Writer:
    def __init__(self, encoding: str) -> None:
        self.encoding = encoding

    def __call__(self, contents: list[Content]) -> bytes:
        return as_text(contents[0]).encode(self.encoding, errors="replace")


def _encoding(data: bytes) -> str | None:
    for mark, name in _MARKS:
        if data.startswith(mark):
            return name
    sample = data[:4096]
    if sample[1::2].count(0) * 4 > len(sample[1::2]) * 3:
        return "utf-16-le"
    if _CONTROLS.search(sample):
        return None
    try:
        data.decode()
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"
