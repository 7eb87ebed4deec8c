"""Headers into text: RFC 2047 words as people really write them, and raw bytes where none should be."""

import binascii
import re
from itertools import groupby

from requests_app.intake.email.charsets import decode
from requests_app.intake.email.storable import storable_line
from requests_app.intake.email.transfer import from_base64

# Wider than the RFC: blanks and question marks inside, no blank between words. The bounds keep it linear.
WORD = re.compile(r"=\?([^?*\s]{1,40})(?:\*[^?]{0,20})?\?([bBqQ])\?([^?]{0,4000}|.{0,400}?)\?=", re.DOTALL)
SPLIT_ESCAPE = re.compile(rb"=([0-9A-Fa-f])\s+([0-9A-Fa-f])(?![0-9A-Fa-f])")
FOLD = re.compile(r"\r?\n(?=[ \t])|\r?\n")


def header_text(value: bytes, *, hint: str | None = None) -> str:
    """Return the text of a header on one line."""
    return decode_words(raw_text(value, hint=hint))


def raw_text(value: bytes, *, hint: str | None = None) -> str:
    """Return a header unfolded, its words still encoded; `hint` is the charset the body names."""
    return FOLD.sub("", decode(value, None, hint=hint))


def decode_words(text: str) -> str:
    """Return text with its encoded words decoded; neighbours are joined before a charset sees them."""
    if "=?" not in text:
        return storable_line(text)
    found: list[str] = []
    pending: list[tuple[str, str, str]] = []
    end = 0
    for word in WORD.finditer(text):
        between = text[end : word.start()]
        if between.strip() or not pending:
            found += [_joined(pending), between]
            pending = []
        pending.append((word[1].lower(), word[2].lower(), word[3]))
        end = word.end()
    return storable_line("".join((*found, _joined(pending), text[end:])))


def _content(kind: str, text: str) -> bytes:
    raw = text.encode("utf-8", "replace")
    if kind == "b":
        return from_base64(raw)
    # Some writers fold in the middle of an escape: "=C" and, on the next line, "3".
    return binascii.a2b_qp(SPLIT_ESCAPE.sub(rb"=\1\2", raw).replace(b" ", b"_"), header=True)


def _joined(words: list[tuple[str, str, str]]) -> str:
    """Text of words side by side: a letter of several bytes, or a run of base64, may be cut between two of them."""
    text = ""
    for charset, of_charset in groupby(words, key=lambda word: word[0]):
        content = b""
        open_run = ""
        for _, kind, piece in of_charset:
            run = open_run + piece if kind == "b" else piece
            if kind != "b":
                content += _content("b", open_run)
            is_open = kind == "b" and len(run.strip()) % 4 != 0 and not run.rstrip().endswith("=")
            content += b"" if is_open else _content(kind, run)
            open_run = run if is_open else ""
        text += decode(content + _content("b", open_run), charset)
    return text
