"""The lines of an object as text, whatever its letters are written in and however long they are."""

import codecs
from collections.abc import Iterator
from typing import IO, Any

LONGEST_LINE = 16_000_000
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def text_lines(raw: IO[bytes]) -> Iterator[tuple[str, bool]]:
    """Each line with its end, and whether it goes on in the next one because it is too long to be held."""
    head = raw.read(4)
    mark, encoding = next(((mark, name) for mark, name in _MARKS if head.startswith(mark)), (b"", ""))
    rest = head[len(mark) :]
    if encoding.startswith("utf-16"):
        yield from _wide_lines(raw, rest, encoding)
        return
    while line := rest + raw.readline(LONGEST_LINE):
        rest = b""
        # Four bytes may hold several short lines.
        first, *further = line.splitlines(keepends=True) or [line]
        for each in (first, *further):
            yield decoded(each), len(each) >= LONGEST_LINE and not each.endswith(b"\n")


def decoded(line: bytes) -> str:
    """UTF-8, or what old exports of Windows are written in; no letter of ASCII is lost either way."""
    try:
        return line.decode()
    except UnicodeDecodeError:
        return line.decode("cp1252", "replace")


def _wide_lines(raw: Any, rest: bytes, encoding: str) -> Iterator[tuple[str, bool]]:
    reader = codecs.getincrementaldecoder(encoding)("replace")
    left = reader.decode(rest)
    while part := raw.read(1 << 20):
        left += reader.decode(part)
        *whole, left = left.splitlines(keepends=True) or [""]
        yield from ((line, False) for line in whole)
        if len(left) >= LONGEST_LINE:
            yield left, True
            left = ""
    if left:
        yield left, False
