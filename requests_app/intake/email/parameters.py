"""Content-Type and Content-Disposition: a value and its parameters, after RFC 2231 and after what is really sent."""

import re
from urllib.parse import unquote_to_bytes

from requests_app.intake.email.charsets import decode
from requests_app.intake.email.header_words import decode_words

# A quoted value may hold semicolons; one whose closing quote is missing ends at the next semicolon.
PARAMETER = re.compile(r';\s*([^\s=;"]+)\s*=\s*("(?:[^"\\]|\\.)*"|[^;]*)')
PIECE = re.compile(r"^(.+?)(?:\*(\d{1,3}))?(\*)?$")
ESCAPED = re.compile(r"\\(.)")
MOST_PARAMETERS = 100


def parse_parameters(text: str) -> tuple[str, dict[str, str]]:
    """Return the value in lower case and the parameters by lower-case name, decoded."""
    value, _, _ = text.partition(";")
    plain: dict[str, str] = {}
    pieces: dict[str, list[tuple[int, bool, str]]] = {}
    for count, found in enumerate(PARAMETER.finditer(text)):
        if count >= MOST_PARAMETERS:
            break
        name, number, encoded = _name(found[1])
        raw = _unquoted(found[2].strip())
        if number is None and not encoded:
            plain.setdefault(name, decode_words(raw))
        else:
            pieces.setdefault(name, []).append((int(number or 0), encoded, raw))
    return value.strip().lower(), plain | {name: _joined(found) for name, found in pieces.items()}


def _name(text: str) -> tuple[str, str | None, bool]:
    found = PIECE.match(text.lower())
    return (found[1], found[2], bool(found[3])) if found else (text.lower(), None, False)


def _unquoted(text: str) -> str:
    if len(text) > 1 and text[0] == text[-1] == '"':
        # A Windows path inside quotes is written without doubling its backslashes.
        return ESCAPED.sub(r"\1", text[1:-1]) if re.search(r'\\["\\]', text) else text[1:-1]
    return text.strip("\"'")


def _joined(pieces: list[tuple[int, bool, str]]) -> str:
    """The value of numbered or percent-encoded pieces, in the order of their numbers."""
    charset = "utf-8"
    content = b""
    for position, (_, encoded, raw) in enumerate(sorted(pieces, key=lambda piece: piece[0])):
        if position == 0 and encoded and raw.count("'") >= 2:
            named, _, raw = raw.split("'", 2)
            charset = named or charset
        content += unquote_to_bytes(raw) if encoded else raw.encode("utf-8", "replace")
    return decode_words(decode(content, charset))
