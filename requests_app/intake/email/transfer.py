"""Content-Transfer-Encoding undone, with the damage that mail does to it on the way."""

import binascii
import re

_ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_NOT_BASE64 = bytes(set(range(256)) - set(_ALPHABET) - {ord("=")})
_BASE64_LINE = re.compile(rb"^[A-Za-z0-9+/=]+$")
_UU_BEGIN = re.compile(rb"^begin [0-7]{3,4} .*$", re.MULTILINE)


def undo_transfer(content: bytes, encoding: str) -> bytes:
    """Return the bytes behind a transfer encoding; an unknown one is taken as none."""
    match encoding.strip().lower().split(";")[0].strip(' "'):
        case "base64" | "b" | "base-64":
            return from_base64(content)
        case "quoted-printable" | "q" | "quoted_printable" | "quotedprintable":
            return binascii.a2b_qp(content)
        case "x-uuencode" | "uuencode" | "x-uue" | "uue":
            return _from_uu(content)
    return content


def from_base64(content: bytes) -> bytes:
    """Return what base64 stands for; foreign lines, missing and early padding do not stop it."""
    if content.translate(None, _ALPHABET + b"= \t\r\n"):
        # Lists and scanners add a footer in clear text: only lines of the alphabet count, if there are any.
        lines = [line.strip() for line in content.splitlines()]
        content = b"".join(line for line in lines if _BASE64_LINE.match(line)) or content
    pieces = re.split(rb"=+", content.translate(None, _NOT_BASE64))
    return b"".join(_piece(piece) for piece in pieces if piece)


def _piece(piece: bytes) -> bytes:
    # One letter left over stands for six bits and so for no byte.
    whole = piece[:-1] if len(piece) % 4 == 1 else piece
    return binascii.a2b_base64(whole + b"=" * (-len(whole) % 4))


def _from_uu(content: bytes) -> bytes:
    begin = _UU_BEGIN.search(content)
    found: list[bytes] = []
    for line in content[begin.end() if begin else 0 :].splitlines():
        # A line of no bytes ends the file, as "end" does.
        if line.strip() in (b"end", b"`"):
            break
        if not line:
            # Decoded, a line of nothing would be 32 bytes.
            continue
        try:
            found.append(binascii.a2b_uu(line))
        except binascii.Error:
            # Some writers pad their lines: the first byte says how many bytes the line holds.
            needed = (((line[0] - 32) & 63) * 4 + 5) // 3 if line else 0
            found.append(_uu_line(line[:needed]))
    return b"".join(found)


def _uu_line(line: bytes) -> bytes:
    try:
        return binascii.a2b_uu(line)
    except binascii.Error:
        return b""
