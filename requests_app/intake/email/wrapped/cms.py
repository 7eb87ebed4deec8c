"""S/MIME that is signed but not encrypted: the mail inside. The signature is not judged; the raw mail keeps it."""

from dataclasses import dataclass

SIGNED = bytes.fromhex("2a864886f70d010702")
ENVELOPED = bytes.fromhex("2a864886f70d010703")
SEQUENCE, OCTETS, PIECES, FIRST = 0x30, 0x04, 0x24, 0xA0
MOST_PIECES = 100_000
MOST_DEPTH = 8


class _NotCms(Exception):
    """The bytes are no BER of this kind."""


@dataclass(frozen=True, slots=True)
class _Item:
    """One element: its tag and where its content lies; `end` is -1 where only a mark inside ends it."""

    tag: int
    start: int
    end: int


def signed_content(content: bytes) -> bytes | None:
    """Return what a signed message holds, or None where it is encrypted, empty or something else."""
    try:
        kind, inside = _content_info(content, 0)
        if kind != SIGNED:
            return None
        at = _item(content, inside.start).start
        # Version and digests stand before the content.
        for _ in range(2):
            at = _end(content, _item(content, at))
        _, inside = _content_info(content, at)
        return _octets(content, _item(content, inside.start), 0) or None
    except (_NotCms, IndexError):
        return None


def is_enveloped(content: bytes) -> bool:
    """Whether a message is encrypted, or of a kind that nobody but its reader can open."""
    try:
        return _content_info(content, 0)[0] != SIGNED
    except (_NotCms, IndexError):
        return False


def _content_info(content: bytes, at: int) -> tuple[bytes, _Item]:
    outer = _expected(_item(content, at), SEQUENCE)
    name = _item(content, outer.start)
    inside = _expected(_item(content, _end(content, name)), FIRST)
    return content[name.start : name.end], inside


def _expected(item: _Item, tag: int) -> _Item:
    if item.tag != tag:
        raise _NotCms
    return item


def _item(content: bytes, at: int) -> _Item:
    tag, length = content[at], content[at + 1]
    start = at + 2
    if tag & 31 == 31:
        raise _NotCms
    if length == 0x80:
        return _Item(tag, start, -1)
    if length > 0x80:
        width = length & 0x7F
        if width > 4:
            raise _NotCms
        length = int.from_bytes(content[start : start + width], "big")
        start += width
    if start + length > len(content):
        raise _NotCms
    return _Item(tag, start, start + length)


def _end(content: bytes, item: _Item, depth: int = 0) -> int:
    """The place behind an element."""
    if item.end >= 0:
        return item.end
    if depth > MOST_DEPTH:
        raise _NotCms
    at = item.start
    while content[at : at + 2] != b"\0\0":
        at = _end(content, _item(content, at), depth + 1)
    return at + 2


def _octets(content: bytes, item: _Item, depth: int) -> bytes:
    """The bytes of a string, which may come in pieces."""
    if item.tag == OCTETS and item.end >= 0:
        return content[item.start : item.end]
    if item.tag != PIECES or depth > MOST_DEPTH:
        raise _NotCms
    found: list[bytes] = []
    at = item.start
    while len(found) < MOST_PIECES and (at < item.end if item.end >= 0 else content[at : at + 2] != b"\0\0"):
        piece = _item(content, at)
        found.append(_octets(content, piece, depth + 1))
        at = _end(content, piece)
    return b"".join(found)
