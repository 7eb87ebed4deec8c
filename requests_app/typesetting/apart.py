"""What stays together in a line, and what runs its own way: references, and citations between words of another script.

The reader of PDFs knows no isolation by itself: it takes each element with a direction of its own.
"""

import re
from html import escape, unescape

from requests_app.left_to_right import pieces

# Each costs time to set, and somebody else's words may be full of them; those after it stand as they would without.
MOST = 5_000
_TAG_OR_TEXT = re.compile(r"<[^>]*>|[^<]+|<")
_TITLE_ENDS = re.compile(r"</title>")
_RIGHT_TO_LEFT = re.compile(r"<html\b[^>]*\bdir=\"?rtl")
_SPAN = re.compile(r"<(/?)span\b(?:[^>]*\bdir=\"(ltr|rtl)\")?")
# A reference as `references` draws it, whose hyphens stay what they are, so that a copied one is the reference; and the
# number of an article with its parts.
_WHOLE = re.compile(
    r"\bOM(?:-[0-9A-Z]{4}){2}\b|\b\d[\d.]{0,12}(?:\(\w{1,5}\)){1,5}(?:[-–](?:\(\w{1,5}\)){1,3})?"
)


def set_apart(html: str) -> str:
    """The HTML of a document with an element around each reference and, from right to left, around each such piece."""
    title = _TITLE_ENDS.search(html)
    at = title.end() if title else 0
    is_rtl = _RIGHT_TO_LEFT.search(html) is not None
    ways: list[str] = []
    out = [html[:at]]
    left = MOST
    for piece in _TAG_OR_TEXT.findall(html[at:]):
        if piece.startswith("<"):
            _follow(piece, ways)
        elif left > 0:
            piece = _whole(_apart(piece) if is_rtl and "ltr" not in ways[-1:] else piece)
            left -= piece.count("<span")
        out.append(piece)
    return "".join(out)


def _follow(tag: str, ways: list[str]) -> None:
    """Keep which way the words in a span run: its own, or that of the span around it."""
    found = _SPAN.match(tag)
    if found is None:
        return
    if found[1]:
        del ways[-1:]
    else:
        ways.append(found[2] or (ways[-1] if ways else "rtl"))


def _whole(text: str) -> str:
    return _WHOLE.sub(r'<span class="whole">\g<0></span>', text)


def _apart(text: str) -> str:
    return "".join(
        f'<span dir="ltr">{escape(piece)}</span>' if is_island else escape(piece)
        for piece, is_island in pieces(unescape(text))
    )
