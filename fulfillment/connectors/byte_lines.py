"""The lines of an open file, whatever kind of store it is in: not every one knows how to read a part of a line."""

from collections.abc import Iterator
from typing import IO

LONGEST_LINE = 16_000_000
_BYTES_AT_ONCE = 1 << 20


def byte_lines(raw: IO[bytes], *, begin: bytes = b"") -> Iterator[bytes]:
    """Every line with its end, `begin` before all; one that is too long to be held comes in pieces."""
    rest = begin
    while block := raw.read(_BYTES_AT_ONCE):
        *whole, rest = (rest + block).split(b"\n")
        for line in whole:
            yield from _pieces(line + b"\n")
        while len(rest) >= LONGEST_LINE:
            yield rest[:LONGEST_LINE]
            rest = rest[LONGEST_LINE:]
    if rest:
        # Two lines may stand in what was read before.
        for line in rest.splitlines(keepends=True) if b"\n" in rest else (rest,):
            yield from _pieces(line)


def _pieces(line: bytes) -> Iterator[bytes]:
    for start in range(0, len(line), LONGEST_LINE):
        yield line[start : start + LONGEST_LINE]
