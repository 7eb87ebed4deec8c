"""The lines of an object as text, whatever its letters are written in and however long they are."""

import codecs
from collections.abc import Iterator
from hashlib import blake2b
from typing import IO, Any, NamedTuple

from fulfillment.connectors.byte_lines import LONGEST_LINE, byte_lines

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


class Line(NamedTuple):
    """A line with its end; `goes_on` in the next one where it is too long to be held.

    `written` are its bytes as they stand in the object, None where they cannot be told line by line.
    """

    text: str
    goes_on: bool
    written: bytes | None


def text_lines(raw: IO[bytes]) -> Iterator[Line]:
    """Every line, without the mark that says what it is written in."""
    _mark, encoding, rest = begun(raw)
    if encoding.startswith("utf-16"):
        yield from (Line(text, goes_on, None) for text, goes_on in _wide_lines(raw, rest, encoding))
        return
    for line in byte_lines(raw, begin=rest):
        for each in line.splitlines(keepends=True):
            yield Line(decoded(each), len(each) >= LONGEST_LINE and not each.endswith(b"\n"), each)


def begun(raw: IO[bytes]) -> tuple[bytes, str, bytes]:
    """The mark an object begins with, what that says it is written in, and the bytes read behind it."""
    head = raw.read(4)
    mark, encoding = next(((mark, name) for mark, name in _MARKS if head.startswith(mark)), (b"", ""))
    return mark, encoding, head[len(mark) :]


def digest_of(content: str | bytes) -> str:
    """By what a record is known again, wherever it stands by then; the end of a line is none of it."""
    written = content.rstrip("\r\n").encode("utf-8", "surrogatepass") if isinstance(content, str) else content
    return blake2b(written, digest_size=16).hexdigest()


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
