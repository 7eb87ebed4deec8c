"""Search one finding for words: block by block as the file is opened, and never longer than a page may take."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from time import monotonic

from fulfillment.findings.models import Finding
from fulfillment.findings.release.places import NAME, leaves_of, read_record
from fulfillment.findings.store import blocks_of

# What is not found by then is looked for when somebody asks to go on.
MOST_SECONDS = 0.8
SHORTEST = 2


@dataclass(frozen=True)
class SearchResult:
    """The records that hold the words, by their numbers; `next_line` is where to go on, None at the end."""

    hits: tuple[tuple[int, bytes], ...]
    seen: int
    next_line: int | None


def search_finding(
    finding: Finding, words: str, *, from_line: int = 1, seconds: float = MOST_SECONDS
) -> SearchResult:
    """Look from a record on, for as many hits as a page shows. Raises FindingsLost."""
    begun, folded = monotonic(), words.casefold()
    hits: list[tuple[int, bytes]] = []
    number = 0
    for number, line in _likely(finding, folded, from_line):
        if line and _holds(line, folded):
            hits.append((number, line))
        is_over = len(hits) >= Finding.PAGE_ROWS or monotonic() - begun > seconds
        if is_over and number < finding.row_count:
            return SearchResult(tuple(hits), number, number + 1)
    return SearchResult(tuple(hits), finding.row_count, None)


def _likely(finding: Finding, folded: str, from_line: int) -> Iterator[tuple[int, bytes]]:
    """Records whose bytes hold the words, and an empty one at the end of each block, to say how far it is."""
    page = (from_line - 1) // Finding.PAGE_ROWS
    if page >= len(finding.page_offsets):
        return
    number, holds = page * Finding.PAGE_ROWS, _quick(folded)
    for block in blocks_of(finding, start=finding.page_offsets[page]):
        count = block.count(b"\n") + 1
        if holds(block):
            for line_number, line in enumerate(block.split(b"\n"), start=number + 1):
                if line_number >= from_line and holds(line):
                    yield line_number, line
        number += count
        if number >= from_line:
            yield number, b""


def _quick(folded: str) -> Callable[[bytes], bool]:
    """Whether some bytes may hold the words: as JSON writes them, in either case."""
    written = json.dumps(folded, ensure_ascii=False)[1:-1]
    if written.isascii():
        needle = written.encode()
        return lambda content: needle in content.lower()
    # Letters beyond ASCII change their length with their case, and may be escaped.
    return lambda content: written in content.decode("utf-8", "replace").casefold() or b"\\u" in content


def _holds(line: bytes, folded: str) -> bool:
    """Whether a value says it, and not only the name of a field."""
    return any(
        folded in str(leaf.value).casefold()
        for leaf in leaves_of(read_record(line))
        if leaf.value is not None and leaf.place[-1] != NAME
    )
