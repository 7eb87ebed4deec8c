"""Bytes made small by gzip, zlib or plain deflate; unpacked no further than the budget goes."""

import gzip
import zlib

from fulfillment.traces.limits import Budget
from fulfillment.traces.packed import BytesPart, Content, Opened, as_bytes

_GZIP = b"\x1f\x8b"
# Plain deflate has no mark to know it by: only what is small is tried, and taken only if it reads as text.
_LARGEST_UNMARKED = 64 * 1024


def opened(data: bytes, budget: Budget) -> Opened | None:
    """What the bytes unpack to; None where they are not packed in one of these ways."""
    if data.startswith(_GZIP):
        return _opened(data, budget, "gzip", 31)
    if len(data) > 2 and data[0] & 0x0F == 8 and int.from_bytes(data[:2]) % 31 == 0:
        return _opened(data, budget, "zlib", 15)
    return None


def opened_unmarked(data: bytes, budget: Budget) -> Opened | None:
    """The same for deflate without any mark."""
    if not 8 <= len(data) <= _LARGEST_UNMARKED:
        return None
    found = _opened(data, budget, "deflate", -15)
    return found if found and _is_text(as_bytes(found.parts[0].content)) else None


def _opened(data: bytes, budget: Budget, name: str, window: int) -> Opened | None:
    reader = zlib.decompressobj(window)
    try:
        plain = reader.decompress(data, max(budget.bytes_left, 1))
    except zlib.error:
        return None
    if not reader.eof:
        if not reader.unconsumed_tail:
            return None
        budget.note(name)
        return Opened(name, (BytesPart(plain),))
    whole = not reader.unused_data
    return Opened(name, (BytesPart(plain),), _PACKERS[name] if whole else None)


def _gzipped(contents: list[Content]) -> bytes:
    return gzip.compress(as_bytes(contents[0]), mtime=0)


def _zlibbed(contents: list[Content]) -> bytes:
    return zlib.compress(as_bytes(contents[0]))


def _deflated(contents: list[Content]) -> bytes:
    writer = zlib.compressobj(wbits=-15)
    return writer.compress(as_bytes(contents[0])) + writer.flush()


def _is_text(plain: bytes) -> bool:
    try:
        return len(plain) > 4 and plain.decode().isprintable()
    except UnicodeDecodeError:
        return False


_PACKERS = {"gzip": _gzipped, "zlib": _zlibbed, "deflate": _deflated}
