"""Bytes made small by gzip, zlib, plain deflate, bzip2 or xz; unpacked no further than the budget goes."""

import bz2
import gzip
import lzma
import zlib

from fulfillment.traces.limits import Budget
from fulfillment.traces.packed import BytesPart, Content, Opened, as_bytes

_GZIP, _XZ = b"\x1f\x8b", b"\xfd7zXZ\x00"
# Between them stands how hard it was pressed.
_BZIP2, _BZIP2_BLOCK = b"BZh", b"1AY&SY"
# Packed in ways that nothing here can open: named as not read, so that nobody takes them for looked at.
_UNOPENED = {b"\x28\xb5\x2f\xfd": "zstd", b"7z\xbc\xaf\x27\x1c": "7z", b"Rar!\x1a\x07": "rar"}
_MOST_MEMORY = 64 * 1024 * 1024
# Plain deflate has no mark to know it by: only what is small is tried, and taken only if it reads as text.
_LARGEST_UNMARKED = 64 * 1024


def opened(data: bytes, budget: Budget) -> Opened | None:
    """What the bytes unpack to; None where they are not packed in one of these ways.

    What is damaged, broken off or packed in another way is noted as not read.
    """
    if data.startswith(_GZIP):
        return _opened(data, budget, "gzip", 31)
    if data.startswith(_BZIP2) and data[4:10] == _BZIP2_BLOCK:
        return _streamed(data, budget, "bzip2", bz2.BZ2Decompressor())
    if data.startswith(_XZ):
        return _streamed(data, budget, "xz", lzma.LZMADecompressor(memlimit=_MOST_MEMORY))
    for mark, name in _UNOPENED.items():
        if data.startswith(mark):
            budget.note(name)
            return Opened(name, ())
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
    # Two bytes of zlib are no mark to go by: what does not unpack was none.
    is_sure = name == "gzip"
    try:
        plain = reader.decompress(data, max(budget.bytes_left, 1))
    except zlib.error:
        return _unread(budget, name) if is_sure else None
    if not reader.eof:
        if not reader.unconsumed_tail and not is_sure:
            return None
        budget.note(name)
        return Opened(name, (BytesPart(plain),))
    whole = not reader.unused_data
    return Opened(name, (BytesPart(plain),), _PACKERS[name] if whole else None)


def _streamed(
    data: bytes, budget: Budget, name: str, reader: bz2.BZ2Decompressor | lzma.LZMADecompressor
) -> Opened:
    try:
        plain = reader.decompress(data, max(budget.bytes_left, 1))
    except (OSError, ValueError, EOFError, lzma.LZMAError):
        return _unread(budget, name)
    if not reader.eof or reader.unused_data:
        budget.note(name)
    return Opened(name, (BytesPart(plain),))


def _unread(budget: Budget, name: str) -> Opened:
    budget.note(name)
    return Opened(name, ())


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
