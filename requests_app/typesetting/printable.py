"""A document's HTML as it can be set: no longer than a PDF may be, and without characters that no picture stands for.

What cannot be shown leaves a mark that can be seen, so that nobody takes what is printed for all that was written.
PDF/UA wants a glyph and a text for every sign, which neither a control character nor half a surrogate pair has.
"""

import re

from requests_app.typesetting.apart import set_apart

# Of one text, and of all of them; about seven pages and a hundred and thirty.
LONGEST_TEXT, LONGEST_DOCUMENT = 20_000, 400_000
# An element costs more to set than its words: so many characters for each tag.
TAG_COSTS = 20
LONGEST_WORD = 200
MOST_INVISIBLE, MOST_ON_ONE_LETTER = 8, 8
CUT_HERE = "Cut here, as it is too long to print."

_UNKNOWN = "\ufffd"
_IN_PLACE_OF: dict[int, str] = {
    code: chr(0x2400 + code) for code in range(0x20) if code not in (0x09, 0x0A, 0x0D)
}
_IN_PLACE_OF |= dict.fromkeys(range(0x80, 0xA0), _UNKNOWN) | {0x7F: "\u2421"}
_IN_PLACE_OF |= dict.fromkeys((0x09, 0x85, 0x2028, 0x2029), " ")
# Embeddings and isolates only advise; each text is set apart from the next without them.
_IN_PLACE_OF |= dict.fromkeys((*range(0x202A, 0x202D), *range(0x2066, 0x206A)), "")
# Halves of pairs, private use, what annotates or stands for an object, no characters; and the two overrides, which
# would have the words after them read from the wrong end.
_NO_PICTURE = re.compile(
    "[\ud800-\udfff\ue000-\uf8ff\ufdd0-\ufdef\ufff9-\ufffc\ufffe\uffff\u202d\u202e\U000f0000-\U0010ffff]"
)
# Tags draw the flags of countries within countries; anywhere else they are words that nobody sees.
_TAGS = re.compile("(\U0001f3f4[\U000e0020-\U000e007f]{1,8})|[\U000e0000-\U000e007f]")
_INVISIBLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2060-\u2065\u206a-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\U000e0100-\U000e01ef"
)
_TOO_MUCH_OF_NOTHING = re.compile(f"[{_INVISIBLE}]{{{MOST_INVISIBLE + 1},}}")
_MARKS = "\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
_TOO_MANY_MARKS = re.compile(f"([{_MARKS}]{{{MOST_ON_ONE_LETTER}}})[{_MARKS}]+")

# A list or table must not hold the sentence; what else is open is closed by the end, and what is not open stays.
_ENDS = "</ul></ol></dl></table></ul></ol></dl>"
_TAG_OR_TEXT = re.compile(r"<[^>]*>|[^<]+|<")
# A line is sought for the whole of a word at each of its breaks, so that one without an end would take for ever.
_LONG_WORD = re.compile(rf"[^\s&;]{{{LONGEST_WORD}}}(?=[!-%'-;=?-~\w])")
_MAY_BREAK = "\\g<0>\u200b"
_OPEN_REFERENCE = re.compile(r"&[#\w]{0,8}\Z")
_SENTENCE = re.compile(r'<html\b[^>]*\bdata-cut="([^"<>]+)"')


def printable(html: str) -> str:
    """The HTML to set. What is cut off is followed by the words that `data-cut` of the document says then."""
    return set_apart(_within(_drawable(html)))


def _drawable(html: str) -> str:
    if html.isascii():
        return html.translate(_IN_PLACE_OF)
    shown = _NO_PICTURE.sub(_UNKNOWN, html.translate(_IN_PLACE_OF))
    shown = _TAGS.sub(lambda found: found[1] or _UNKNOWN, shown)
    return _TOO_MANY_MARKS.sub(rf"\1{_UNKNOWN}", _TOO_MUCH_OF_NOTHING.sub(_UNKNOWN, shown))


def _within(html: str) -> str:
    found = _SENTENCE.search(html)
    sentence = found[1] if found else CUT_HERE
    kept, cost = [], 0
    for piece in _TAG_OR_TEXT.findall(html):
        is_tag = piece.startswith("<")
        cost += TAG_COSTS if is_tag else min(len(piece), LONGEST_TEXT)
        if cost > LONGEST_DOCUMENT:
            kept.append(f"{_ENDS}<p>[{sentence}]</p>")
            break
        kept.append(piece if is_tag else _fit(piece, sentence))
    return "".join(kept)


def _fit(text: str, sentence: str) -> str:
    if len(text) <= LONGEST_WORD:
        return text
    kept = _LONG_WORD.sub(_MAY_BREAK, text[:LONGEST_TEXT])
    return kept if len(text) <= LONGEST_TEXT else f"{_OPEN_REFERENCE.sub('', kept)} … [{sentence}]"
