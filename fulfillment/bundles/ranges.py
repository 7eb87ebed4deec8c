"""Byte ranges of HTTP (RFC 9110, one range), so that a broken download goes on where it stopped."""

import re
from dataclasses import dataclass

from fulfillment.bundles.errors import RangeNotSatisfiable

_ONE_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)


@dataclass(frozen=True, slots=True)
class ByteRange:
    """Bytes `first` to `last`, both included, of a file of `size` bytes."""

    first: int
    last: int
    size: int

    @property
    def length(self) -> int:
        """How many bytes."""
        return self.last - self.first + 1

    @property
    def is_whole(self) -> bool:
        """Whether it is the whole file."""
        return self.length == self.size

    @property
    def header(self) -> str:
        """The value of Content-Range."""
        return f"bytes {self.first}-{self.last}/{self.size}"


def read_range(header: str, *, size: int) -> ByteRange:
    """What a Range header asks for; the whole file where it asks in a way we do not serve (the standard's
    rule).

    Raises RangeNotSatisfiable for a range that lies behind the end.
    """
    whole = ByteRange(0, size - 1, size)
    match = _ONE_RANGE.fullmatch(header.strip())
    if match is None or match.groups() == ("", ""):
        return whole
    first, last = match.groups()
    if not first:
        found = ByteRange(max(0, size - int(last)), size - 1, size)
    elif last and int(last) < int(first):
        return whole
    else:
        found = ByteRange(int(first), min(int(last or size), size - 1), size)
    if found.first >= size or found.length < 1:
        raise RangeNotSatisfiable("The file is shorter than that.")
    return found
