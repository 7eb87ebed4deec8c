"""winmail.dat: the letter and the files inside what Outlook sends instead of MIME ([MS-OXTNEF])."""

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from requests_app.intake.email.charsets import decode
from requests_app.intake.email.storable import storable_text
from requests_app.intake.email.wrapped.rtf import rtf_to_text, unpacked_rtf

SIGNATURE = 0x223E9F78
MOST_ATTRIBUTES = 5_000
MOST_PROPERTIES = 2_000
MOST_FILES = 100
TEXT = 4_000_000
BODY, NEW_FILE, TITLE, CONTENT, FILE_PROPERTIES, PROPERTIES, CODE_PAGE = (
    0x0002800C, 0x00069002, 0x00018010, 0x0006800F, 0x00069005, 0x00069003, 0x00069007,
)  # fmt: skip
PLAIN_BODY, RTF_BODY, HTML_BODY, INTERNET_CODE_PAGE = 0x1000, 0x1009, 0x1013, 0x3FDE
DATA, SHORT_NAME, LONG_NAME, MIME_TYPE = 0x3701, 0x3704, 0x3707, 0x370E
# How many bytes the value of a property type takes; others say so themselves.
SIZES = {1: 0, 2: 4, 3: 4, 4: 4, 5: 8, 6: 8, 7: 8, 0xA: 4, 0xB: 4, 0x14: 8, 0x40: 8, 0x48: 16}
OF_ANY_LENGTH = {0x0D, 0x1E, 0x1F, 0x0102}
UNICODE, OBJECT, MULTIPLE, NAMED = 0x1F, 0x0D, 0x1000, 0x8000
# An object in a property is preceded by the id of its interface.
INTERFACE_ID = 16


@dataclass(slots=True)
class TnefFile:
    """A file inside."""

    name: str = ""
    type: str = ""
    content: bytes = field(default=b"", repr=False)


@dataclass(slots=True)
class Tnef:
    """What was inside: the letter as far as it is there, and its files."""

    plain: str = ""
    html: str = ""
    files: list[TnefFile] = field(default_factory=list)


Properties = Mapping[int, tuple[int, bytes]]


def read_tnef(content: bytes) -> Tnef | None:
    """Return what is inside; what is cut or broken gives what stands before that, and another format nothing."""
    if len(content) < 6 or struct.unpack_from("<I", content)[0] != SIGNATURE:
        return None
    found, charset = Tnef(), "cp1252"
    for kind, value in _attributes(content):
        if kind == CODE_PAGE and len(value) >= 4:
            charset = f"cp{struct.unpack_from('<I', value)[0]}"
        elif kind == BODY:
            found.plain = _text(value, charset)
        elif kind == PROPERTIES:
            _read_letter(found, dict(_properties(value)), charset)
        elif kind == NEW_FILE and len(found.files) < MOST_FILES:
            found.files.append(TnefFile())
        elif found.files:
            _read_file(found.files[-1], kind, value, charset)
    found.files = [each for each in found.files if each.content or each.name]
    return found


def _attributes(content: bytes) -> Iterator[tuple[int, bytes]]:
    at = 6
    for _ in range(MOST_ATTRIBUTES):
        if at + 9 > len(content):
            return
        _, kind, length = struct.unpack_from("<BII", content, at)
        at += 9
        yield kind, content[at : at + length]
        at += length + 2


def _read_letter(found: Tnef, properties: Properties, charset: str) -> None:
    if INTERNET_CODE_PAGE in properties and len(properties[INTERNET_CODE_PAGE][1]) >= 4:
        page = struct.unpack_from("<I", properties[INTERNET_CODE_PAGE][1])[0]
        charset = "utf-8" if page == 65001 else f"cp{page}"
    found.plain = found.plain or _string(properties, PLAIN_BODY, charset)
    found.html = found.html or _string(properties, HTML_BODY, charset)
    if not (found.plain or found.html) and RTF_BODY in properties:
        found.plain = storable_text(rtf_to_text(unpacked_rtf(properties[RTF_BODY][1])))


def _read_file(file: TnefFile, kind: int, value: bytes, charset: str) -> None:
    if kind == TITLE:
        file.name = file.name or _text(value, charset)
    elif kind == CONTENT:
        file.content = value
    elif kind == FILE_PROPERTIES:
        properties = dict(_properties(value))
        name = _string(properties, LONG_NAME, charset) or _string(properties, SHORT_NAME, charset)
        file.name = name or file.name
        file.type = _string(properties, MIME_TYPE, charset).lower()
        if not file.content and DATA in properties:
            of, content = properties[DATA]
            file.content = content[INTERFACE_ID:] if of == OBJECT else content


def _properties(content: bytes) -> Iterator[tuple[int, tuple[int, bytes]]]:
    """Number, type and first value of each property; a type that nobody knows ends the reading."""
    try:
        at, count = 4, struct.unpack_from("<I", content)[0]
        for _ in range(min(count, MOST_PROPERTIES)):
            kind, number = struct.unpack_from("<HH", content, at)
            at = _after_name(content, at + 4, number)
            value, at = _value(content, at, kind)
            yield number, (kind & ~MULTIPLE, value)
    except (struct.error, KeyError):
        return


def _after_name(content: bytes, at: int, number: int) -> int:
    if number < NAMED:
        return at
    is_text, length = struct.unpack_from("<II", content, at + 16)
    return at + 24 + (_padded(length) if is_text else 0)


def _value(content: bytes, at: int, kind: int) -> tuple[bytes, int]:
    of = kind & ~MULTIPLE
    is_long = of in OF_ANY_LENGTH
    count = 1
    if kind & MULTIPLE or is_long:
        count = struct.unpack_from("<I", content, at)[0]
        at += 4
    first = b""
    for number in range(min(count, MOST_PROPERTIES)):
        length = SIZES[of] if not is_long else struct.unpack_from("<I", content, at)[0]
        at += 4 if is_long else 0
        first = content[at : at + length] if number == 0 else first
        at += _padded(length)
    return first, at


def _padded(length: int) -> int:
    return (length + 3) & ~3


def _string(properties: Properties, number: int, charset: str) -> str:
    kind, value = properties.get(number, (0, b""))
    return _text(value, "utf-16-le" if kind == UNICODE else charset)


def _text(value: bytes, charset: str) -> str:
    return storable_text(decode(value[:TEXT], charset)).strip() if value else ""
