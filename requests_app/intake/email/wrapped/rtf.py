"""Outlook's packed rich text ([MS-OXRTFCP]) unpacked, and what a person would read of it."""

import re
import struct

MOST = 2_000_000
PACKED, PLAIN = 0x75465A4C, 0x414C454D
# What every packer starts from.
DICTIONARY = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript \fdecor MS Sans "
    rb"SerifSymbolArialTimes New RomanCourier{\colortbl\red0\green0\blue0"
    + b"\r\n"
    + rb"\par \pard\plain\f0\fs20"
    rb"\b\i\u\tab\tx"
)
RING = 4096
TOKEN = re.compile(
    rb"\\([a-z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-f]{2})|\\([^a-z])|([{}])|[\r\n]+|([^\\{}\r\n]+)"
)
UNSEEN = {
    b"fonttbl",
    b"colortbl",
    b"stylesheet",
    b"info",
    b"pict",
    b"object",
    b"themedata",
    b"header",
    b"footer",
}
BREAKS = {b"par": "\n", b"line": "\n", b"tab": "\t", b"cell": "\t", b"row": "\n", b"sect": "\n"}
SIGNS = {b"lquote": "‘", b"rquote": "’", b"ldblquote": "“", b"rdblquote": "”", b"endash": "–", b"emdash": "—"}
MOST_DEPTH = 1_000


def unpacked_rtf(content: bytes) -> bytes:
    """Return the rich text; a stream that is none, or that is cut, gives what it gives."""
    if len(content) < 16:
        return b""
    _, size, kind = struct.unpack_from("<III", content)
    if kind == PLAIN:
        return content[16 : 16 + min(size, MOST)]
    return _unpacked(content, min(size, MOST)) if kind == PACKED else b""


def _unpacked(content: bytes, size: int) -> bytes:
    ring = bytearray(DICTIONARY.ljust(RING, b"\0"))
    write, at, out = len(DICTIONARY), 16, bytearray()
    while at < len(content) and len(out) < size:
        flags, at = content[at], at + 1
        for bit in range(8):
            if not flags >> bit & 1:
                piece, at = content[at : at + 1], at + 1
            elif at + 1 < len(content):
                token, at = content[at] << 8 | content[at + 1], at + 2
                if token >> 4 == write % RING:
                    return bytes(out)
                piece = _copied(ring, token >> 4, (token & 15) + 2, write)
            else:
                return bytes(out)
            for letter in piece:
                ring[write % RING] = letter
                write += 1
            out += piece
    return bytes(out[:size])


def _copied(ring: bytearray, start: int, length: int, write: int) -> bytes:
    """A run from the ring; one that reaches its own beginning repeats itself."""
    behind = (write - start) % RING or RING
    return bytes(ring[(start + step % behind) % RING] for step in range(length))


def rtf_to_text(source: bytes) -> str:
    """Return the words of rich text without what belongs to fonts, styles and pictures."""
    reader = _Reader()
    for found in TOKEN.finditer(source[:MOST]):
        reader.take(found)
    return re.sub(r"\n{3,}", "\n\n", "".join(reader.found)).strip()


class _Reader:
    """Words as they come, and for each open group whether its words are seen."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self._hidden = [False]
        self._skipped = 0
        self._charset = "cp1252"

    def take(self, token: "re.Match[bytes]") -> None:
        word, number, code, sign, brace, text = token.groups()
        if brace == b"{" and len(self._hidden) < MOST_DEPTH:
            self._hidden.append(self._hidden[-1])
        elif brace == b"}" and len(self._hidden) > 1:
            self._hidden.pop()
        elif sign == b"*" or word in UNSEEN:
            self._hidden[-1] = True
        elif word:
            self._word(word, int(number or 0))
        elif code:
            self._write(bytes.fromhex(code.decode()).decode(self._charset, "replace"), 1)
        elif sign in (b"\\", b"{", b"}"):
            self._write(sign.decode(), 1)
        elif sign == b"~":
            self._write(" ", 1)
        elif text:
            self._write(text.decode("ascii", "replace"), len(text))

    def _word(self, word: bytes, number: int) -> None:
        if word == b"u":
            letter = chr(number % 0x10000)
            self._write("\ufffd" if "\ud800" <= letter <= "\udfff" else letter, 0)
            # A letter for those who know no Unicode follows.
            self._skipped = 1
        elif word == b"ansicpg" and number in range(1250, 1259):
            self._charset = f"cp{number}"
        elif word in BREAKS or word in SIGNS:
            self._write(BREAKS.get(word) or SIGNS[word], 0)

    def _write(self, text: str, length: int) -> None:
        if length and self._skipped:
            text, self._skipped = text[1:], 0
        if not self._hidden[-1]:
            self.found.append(text)
