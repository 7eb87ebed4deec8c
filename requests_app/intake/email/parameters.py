"""Content-Type and Content-Disposition: a value and its parameters, after RFC 2231 and after what is really sent."""

import re
from urllib.parse import unquote_to_bytes

from requests_app.intake.email.charsets import decode
from requests_app.intake.email.header_words import decode_words

# A quoted value may hold semicolons; one whose closing quote is missing ends at the next semicolon.
# The semicolon before it is missing now and then.
PARAMETER = re.compile(r'[;\s]\s{0,80}([^\s=;"]+)\s{0,80}=\s{0,80}("(?:[^"\\]|\\.)*"|[^;]*)')
PIECE = re.compile(r"^(.+?)(?:\*(\d{1,3}))?(\*)?$")
PERCENT = re.compile(r"%[0-9A-Fa-f]{2}")
ESCAPED = re.compile(r"\\(.)")
MOST_PARAMETERS = 100


def parse_parameters(text: str) -> tuple[str, dict[str, str]]:
    """Return the value in lower case and the parameters by lower-case name, decoded."""
    value, _, _ = text.partition(";")
    value = value.split()[0] if "=" in value and value.split() else value
    plain: dict[str, str] = {}
    pieces: dict[str, list[tuple[int, bool, str]]] = {}
    for count, found in enumerate(PARAMETER.finditer(text)):
        if count >= MOST_PARAMETERS:
            break
        name, number, encoded = _name(found[1])
        raw = _unquoted(found[2].strip())
        if number is None and not encoded:
            plain.setdefault(name, _without_percents(decode_words(raw)))
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


def _without_percents(text: str) -> str:
    """Some writers use the escapes of RFC 2231 without saying so; text that is not UTF-8 then is left alone."""
    if not PERCENT.search(text):
        return text
    content = unquote_to_bytes(text)
    try:
        return text if content.isascii() else content.decode()
    except UnicodeDecodeError:
        return text


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
