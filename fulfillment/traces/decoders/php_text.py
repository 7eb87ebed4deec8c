"""PHP's serialised values and session files: strings with their length in bytes ahead, which is written anew."""

import re
from collections.abc import Iterator

from fulfillment.traces.packed import Content, TextPart, as_text

_BEGINS = re.compile(r'\s*(?:[\w.-]+\|)?(?:[aO]:\d+:[{"]|s:\d+:")')
_STRING = re.compile(r's:(\d{1,9}):"')


def is_serialised(text: str) -> bool:
    """Whether the text begins as PHP writes an array, an object, a string, or a session."""
    return _BEGINS.match(text) is not None


def parts_of(text: str) -> Iterator[TextPart]:
    """Every string; the one before it is the key that it goes by."""
    at, key = 0, ""
    while hit := _STRING.search(text, at):
        size = int(hit[1])
        content = text[hit.end() : hit.end() + size].encode()[:size].decode(errors="ignore")
        end = hit.end() + len(content)
        if len(content.encode()) != size or text[end : end + 2] != '";':
            at = hit.end()
            continue
        yield TextPart("php", hit.start(), end + 1, content, _written, key, key)
        at, key = end + 2, content[:80]


def _written(content: Content) -> str:
    text = as_text(content)
    return f's:{len(text.encode())}:"{text}"'
