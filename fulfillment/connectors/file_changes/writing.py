"""A new version of a file as it is written: packed like the old one, and hashed on its way to the store."""

import hmac
import io
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from hashlib import sha256
from typing import IO, Any

from fsspec import AbstractFileSystem
from fsspec.compression import compr
from fsspec.utils import infer_compression


class Hashed(io.RawIOBase):
    """Passes on what is written to it, and knows the keyed hash of all of it."""

    def __init__(self, out: IO[bytes], secret: bytes) -> None:
        self._out = out
        self._hash = hmac.new(secret, digestmod=sha256)
        self._size = 0

    def writable(self) -> bool:
        """It is for nothing else."""
        return True

    def write(self, data: Any) -> int:
        """Pass it on."""
        block = bytes(data)
        self._hash.update(block)
        self._out.write(block)
        self._size += len(block)
        return len(block)

    def tell(self) -> int:
        """How much was written."""
        return self._size

    @property
    def hexdigest(self) -> str:
        """The hash of what was written till now."""
        return self._hash.hexdigest()


class NewVersion:
    """A new version at `path`; `digest` is the keyed hash of what was written, once it is closed."""

    def __init__(
        self, filesystem: AbstractFileSystem, path: str, *, packed: str | None, secret: bytes
    ) -> None:
        self._filesystem = filesystem
        self.path = path
        self._packed = packed
        self._secret = secret
        self.digest = ""

    @contextmanager
    def opened(self) -> Iterator[Any]:
        """To be written to, once."""
        with self._filesystem.open(self.path, "wb") as raw:
            hashed = Hashed(raw, self._secret)
            with ExitStack() as stack:
                out: Any = hashed
                if self._packed is not None:
                    out = stack.enter_context(compr[self._packed](hashed, mode="w"))
                yield out
            self.digest = hashed.hexdigest


def packing_of(path: str) -> str | None:
    """By the name of a file, as it is told when it is read."""
    found: str | None = infer_compression(path)
    return found
