"""Citations and names of another script within words that run from right to left.

Figures and brackets that no letter holds are turned round: `1798.105(d)(1)-(8)` becomes `(8)-(1)(d)1798.105`.
Such a piece is set apart in what is typeset, and stands between two marks without width in plain text.
"""

import re
from collections.abc import Iterator
from html import escape, unescape
from itertools import pairwise

MARK = "\u200e"
# No letter that runs from right to left, no mark of a direction, no end of a line.
_RUN = re.compile(
    "[^\n\u0590-\u08ff\u200e\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufeff"
    "\U00010800-\U00010fff\U0001e800-\U0001efff]+"
)
# A figure alone before a word is the sentence's own ("12 Omne"); before a short name of a law it is the law's.
_BEGINS = re.compile(r"(?!\d{1,6} (?![A-Z]{2,}\b|[A-Z][a-z]{0,3}\.))(?:(?:§+ ?)?[^\W_]|[(\[])")
_RUNS_SO = re.compile(r"[^\W\d_]|\w[(\[]|, \.\d")
_BRACKET = re.compile(r"[(\[]")
_ADDRESS = re.compile("://|@")
_BETWEEN_TAGS = re.compile(r"(?<=>)[^<>]+(?=<)")
_OPENS, _CLOSES, _BRACKETS = "([", ")]", "()[]"


def pieces(text: str) -> Iterator[tuple[str, bool]]:
    """A text in its order, and of each piece whether it must be set apart: one of words alone stands right."""
    at = 0
    for start, end in _islands(text):
        if at < start:
            yield text[at:start], False
        yield text[start:end], True
        at = end
    if at < len(text):
        yield text[at:], False


def marked(text: str) -> str:
    """Plain text with a mark on either side of each such piece; none comes to stand at an address that is copied."""
    return "".join(
        f"{MARK}{piece}{MARK}" if is_apart and not _ADDRESS.search(piece) else piece
        for piece, is_apart in pieces(text)
    )


def marked_html(html: str) -> str:
    """The same in the words of a page's body: an element could come to stand within a mark such as `[[code]]`."""
    head, body, rest = html.partition("<body")
    return head + body + _BETWEEN_TAGS.sub(lambda words: escape(marked(unescape(words[0]))), rest)


def _islands(text: str) -> Iterator[tuple[int, int]]:
    for run in _RUN.finditer(text):
        partner = _partners(text, *run.span())
        # A bracket whose other half is elsewhere belongs to the sentence.
        lone = [at for at in range(*run.span()) if text[at] in _BRACKETS and at not in partner]
        for start, end in pairwise([run.start() - 1, *lone, run.end()]):
            yield from _island(text, start + 1, end, partner)


def _partners(text: str, start: int, end: int) -> dict[int, int]:
    """Where the bracket is that belongs to another, for each that has one."""
    opened: list[int] = []
    partner: dict[int, int] = {}
    for at in range(start, end):
        if text[at] in _OPENS:
            opened.append(at)
        elif text[at] in _CLOSES and opened:
            partner[at] = opened.pop()
            partner[partner[at]] = at
    return partner


def _island(text: str, start: int, end: int, partner: dict[int, int]) -> Iterator[tuple[int, int]]:
    """What must be set apart of words whose brackets are all in pairs, without the pair around all of them."""
    while begins := _BEGINS.search(text, start, end):
        start = begins.start()
        while not (text[end - 1].isalnum() or text[end - 1] in _CLOSES):
            end -= 1
        if partner.get(start) != end - 1:
            break
        start, end = start + 1, end - 1
    if (
        begins
        and _RUNS_SO.search(text, start, end)
        and (not text[start].isalpha() or _BRACKET.search(text, start, end))
    ):
        yield start, end
