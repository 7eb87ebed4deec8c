"""Write a small file that is never written over, into a folder or an object store: there whole, or not at all."""

import os
from typing import Any

from fsspec.implementations.local import LocalFileSystem


class NameTaken(Exception):
    """Another process has written a file of this name meanwhile."""


def write_once(files: Any, path: str, content: bytes) -> None:
    """Write `content` under a path of an fsspec file system, on the platter once this returns. Raises NameTaken."""
    if not isinstance(files, LocalFileSystem):
        if files.exists(path):
            raise NameTaken
        files.pipe_file(path, content)
        return
    folder = os.path.dirname(path)
    os.makedirs(folder, mode=0o700, exist_ok=True)
    beside = f"{folder}/.{os.getpid()}-{os.urandom(4).hex()}"
    descriptor = os.open(beside, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as sink:
            sink.write(content)
            sink.flush()
            os.fsync(sink.fileno())
        # A link is made only where there is none: of two writers one is refused.
        os.link(beside, path)
        _flush(folder)
    except FileExistsError:
        raise NameTaken from None
    finally:
        os.unlink(beside)


def _flush(folder: str) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
