"""Sealed files: a key of their own for each, chunks that cannot be cut, swapped or moved, ranges without
reading all.

Layout: magic, version, chunk size, 16 random bytes (together the 32-byte header), then AES-256-GCM chunks.
The nonce is the chunk's number, so order is bound; the additional data is the header and whether this is the
last chunk, so cutting at a chunk's edge is noticed. The file's key is wrapped by the master key for this file
name and kept in the database row: deleting the row's wrapped key makes the file unreadable for ever, wherever
copies of it lie.
"""

import contextlib
import io
import secrets
import struct
from collections.abc import Iterator
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from requests_app.encryption.errors import SealBroken
from requests_app.encryption.keys import KEY_BYTES, seal, unseal
from requests_app.encryption.store import Store

CHUNK = 256 * 1024
TAG = 16
_MAGIC = b"OMNESEAL"
_HEADER = struct.Struct(">8sB3xI16s")
_VERSION = 1


def wrapped_file_key(*, name: str) -> bytes:
    """A fresh file key, wrapped for the file of that name: keep it in the row that owns the file."""
    return wrap_file_key(secrets.token_bytes(KEY_BYTES), name=name)


def wrap_file_key(key: bytes, *, name: str) -> bytes:
    """Wrap a file key with the active master key (rotation wraps again without touching the file)."""
    return seal(key, context=f"file:{name}")


def unwrap_file_key(wrapped_key: bytes, *, name: str) -> bytes:
    """The file key inside its wrapping."""
    return unseal(bytes(wrapped_key), context=f"file:{name}")


@contextlib.contextmanager
def create_sealed(store: Store, *, name: str, wrapped_key: bytes) -> Iterator["SealedWriter"]:
    """Write a sealed file into the store; it exists after the block, or not at all."""
    key = unwrap_file_key(wrapped_key, name=name)
    with store.create(name) as sink:
        writer = SealedWriter(sink, key)
        yield writer
        writer.finish()


def open_sealed(store: Store, *, name: str, wrapped_key: bytes) -> "SealedReader":
    """Read a sealed file; SealBroken when it was changed or cut."""
    source = store.open(name)
    try:
        return SealedReader(source, unwrap_file_key(wrapped_key, name=name))
    except BaseException:
        source.close()
        raise


def read_lines(store: Store, *, name: str, wrapped_key: bytes) -> Iterator[bytes]:
    """The lines of a sealed text file, one at a time, without their line ends."""
    with open_sealed(store, name=name, wrapped_key=wrapped_key) as reader:
        for line in io.BufferedReader(reader, CHUNK):
            yield line.rstrip(b"\r\n")


class SealedWriter:
    """Takes plain bytes, writes sealed chunks; a reader accepts the file only after `finish`."""

    def __init__(self, sink: BinaryIO, key: bytes, *, chunk: int = CHUNK) -> None:
        self._sink, self._cipher, self._chunk = sink, AESGCM(key), chunk
        self._header = _HEADER.pack(_MAGIC, _VERSION, chunk, secrets.token_bytes(16))
        self._pending = bytearray()
        self._number = 0
        self._finished = False
        self.size = 0
        sink.write(self._header)

    def write(self, content: bytes | bytearray | memoryview) -> int:
        """Seal some more plain bytes."""
        if self._finished:
            raise ValueError("write to a finished sealed file")
        given = memoryview(content)
        self.size += len(given)
        rest = self._fill(given)
        # A full chunk is held back until more comes: only then is it certain that it is not the last.
        while len(rest) > self._chunk:
            self._put(rest[: self._chunk], last=False)
            rest = rest[self._chunk :]
        self._pending += rest
        return len(given)

    def finish(self) -> None:
        """Write the last chunk."""
        if not self._finished:
            self._put(self._pending, last=True)
            self._finished = True

    def _fill(self, given: memoryview) -> memoryview:
        if not self._pending:
            return given
        room = self._chunk - len(self._pending)
        self._pending += given[:room]
        if len(given) > room:
            self._put(self._pending, last=False)
            self._pending = bytearray()
        return given[room:]

    def _put(self, plain: bytearray | memoryview, *, last: bool) -> None:
        nonce = self._number.to_bytes(12, "big")
        self._sink.write(self._cipher.encrypt(nonce, plain, self._header + bytes([last])))
        self._number += 1


class SealedReader(io.RawIOBase):
    """The plain bytes of a sealed file: readable, seekable, opening only the chunks that are asked for."""

    def __init__(self, source: BinaryIO, key: bytes) -> None:
        super().__init__()
        self._source, self._cipher = source, AESGCM(key)
        self._header = source.read(_HEADER.size)
        self._chunk = self._chunk_size()
        sealed = source.seek(0, io.SEEK_END) - _HEADER.size
        self._count = -(-sealed // (self._chunk + TAG))
        self.size = sealed - self._count * TAG
        if self._count < 1 or self.size < 0:
            raise _broken()
        self._at = 0
        self._number = -1
        self._plain = b""
        # The last chunk says that it is the last: opening it first notices a file that was cut.
        self._load(self._count - 1)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self.size}[whence]
        if base + offset < 0:
            raise ValueError("seek before the start of the file")
        self._at = base + offset
        return self._at

    def readinto(self, buffer: memoryview, /) -> int:  # type: ignore[override]
        taken = 0
        while taken < len(buffer) and self._at < self.size:
            number, offset = divmod(self._at, self._chunk)
            self._load(number)
            part = memoryview(self._plain)[offset : offset + len(buffer) - taken]
            buffer[taken : taken + len(part)] = part
            taken += len(part)
            self._at += len(part)
        return taken

    def chunks(self) -> Iterator[bytes]:
        """The rest of the file, a chunk at a time: the fast way to read it whole."""
        while self._at < self.size:
            number, offset = divmod(self._at, self._chunk)
            self._load(number)
            part = self._plain[offset:] if offset else self._plain
            self._at += len(part)
            yield part

    def close(self) -> None:
        if not self.closed:
            self._source.close()
        super().close()

    def _chunk_size(self) -> int:
        if len(self._header) != _HEADER.size:
            raise _broken()
        magic, version, chunk, _ = _HEADER.unpack(self._header)
        if magic != _MAGIC or version != _VERSION or not 0 < chunk <= 64 * CHUNK:
            raise _broken()
        return int(chunk)

    def _load(self, number: int) -> None:
        if number == self._number:
            return
        self._source.seek(_HEADER.size + number * (self._chunk + TAG))
        sealed = self._source.read(self._chunk + TAG)
        last = bytes([number == self._count - 1])
        try:
            self._plain = self._cipher.decrypt(number.to_bytes(12, "big"), sealed, self._header + last)
        except (InvalidTag, ValueError):
            raise _broken() from None
        self._number = number


def _broken() -> SealBroken:
    return SealBroken("A stored file does not open: it was changed or cut short. Restore it from a backup.")
