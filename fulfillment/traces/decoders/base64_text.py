"""Base64 within text, of either alphabet, with line ends and without: written back as it was."""

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass

from fulfillment.traces.packed import Content, TextPart, as_bytes

_RUN = re.compile(r"(?<![A-Za-z0-9+/_\-])[A-Za-z0-9+/_\-]{12,}(?:\r?\n[A-Za-z0-9+/_\-]{4,})*={0,2}")
_BINARY = (b"\x1f\x8b", b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda", b"%PDF")
# Django's sessions before 3.1: the digest of what follows it.
_WITH_DIGEST = re.compile(rb"[0-9a-f]{40,64}:")


@dataclass(frozen=True)
class _Alphabet:
    """How a run is written, so that it can be written so again."""

    is_for_urls: bool
    is_padded: bool
    line: int
    line_end: str

    def __call__(self, content: Content) -> str:
        encode = base64.urlsafe_b64encode if self.is_for_urls else base64.b64encode
        text = encode(as_bytes(content)).decode()
        text = text if self.is_padded else text.rstrip("=")
        if not self.line:
            return text
        return self.line_end.join(text[at : at + self.line] for at in range(0, len(text), self.line))


def parts_of(text: str) -> Iterator[TextPart]:
    """Every run that decodes to something that can be read."""
    for hit in _RUN.finditer(text):
        content = _decoded(hit[0])
        if content is not None:
            encode = None if _WITH_DIGEST.match(content) else _alphabet(hit[0])
            yield TextPart("base64", *hit.span(), content, encode)


def _decoded(run: str) -> bytes | None:
    plain = "".join(run.split()).rstrip("=")
    if len(plain) % 4 == 1:
        return None
    try:
        content = base64.b64decode(plain + "=" * (-len(plain) % 4), altchars=_altchars(plain), validate=True)
    except (binascii.Error, ValueError):
        return None
    return content if content.startswith(_BINARY) or _reads(content) else None


def _reads(content: bytes) -> bool:
    """Whether it is text, or holds a stretch of it as pickles and marshalled objects do; chance makes neither."""
    letters = content.translate(None, _NOT_PRINTED)
    if len(letters) == len(content):
        return True
    return len(content) >= 24 and len(letters) * 4 >= len(content) * 3


_NOT_PRINTED = bytes(each for each in range(256) if (each < 32 and each not in b"\t\r\n") or each == 127)


def _altchars(plain: str) -> bytes | None:
    return b"-_" if "-" in plain or "_" in plain else None


def _alphabet(run: str) -> _Alphabet:
    line, newline, _rest = run.partition("\n")
    ending = "\r\n" if line.endswith("\r") else "\n"
    plain = "".join(run.split())
    return _Alphabet(
        is_for_urls=_altchars(plain) is not None,
        is_padded=plain.endswith("=") or len(plain) % 4 == 0,
        line=len(line.rstrip("\r")) if newline else 0,
        line_end=ending,
    )
