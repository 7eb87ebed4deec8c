"""Where files lie: a local folder or an object store (`STORE_URL`), under names the store makes itself.

A file appears under its name only when it is complete. On a local disk it is written beside, flushed to the
platter and renamed; object stores show an object only when its upload is closed.
"""

import contextlib
import errno
import os
import re
import shutil
import time
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, BinaryIO, cast

import fsspec
from django.conf import settings
from fsspec.implementations.local import LocalFileSystem

from requests_app.encryption.buckets import in_small_parts, own_bucket
from requests_app.encryption.errors import StoreAway, StoredFileMissing, StoreFull, StoreNameRefused
from requests_app.encryption.unfinished import FOLDER, Remover, left_behind

_NAME = re.compile(r"[0-9a-f]{32}")
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
# As much is asked of an object store at once and held for each file that is open: many may be.
_BYTES_AHEAD = 1024 * 1024
_FULL = "The file store is full. Free space where STORE_URL points to; the work starts again by itself."
_AWAY = "The file store takes and gives nothing at the moment. The work starts again by itself."
_CUT = "The file store kept only a part of a file. The work starts again by itself."
_MISSING = "This file is no longer in the store. It has expired or was deleted."


def new_name() -> str:
    """A fresh name: 32 hex digits, nothing of the person, nothing to guess.

    Its row keeps it in a column called `store_name`: a file that no such column names is removed after a day.
    """
    return uuid.uuid4().hex


def current_store() -> "Store":
    """The store of the settings in force."""
    return _store(settings.STORE_URL, tuple(settings.STORE_OPTIONS.items()))


class Store:
    """Complete files by generated name."""

    def __init__(self, url: str, **options: str) -> None:
        self._fs, root = fsspec.core.url_to_fs(url, **in_small_parts(url, own_bucket(url, options)))
        self._root = root.rstrip("/")
        self._local = isinstance(self._fs, LocalFileSystem)

    @contextlib.contextmanager
    def create(self, name: str) -> Iterator[BinaryIO]:
        """Write a file; it is there after the block, or not at all.

        StoreFull when there is no room, StoreAway when an object store does not take it.
        """
        path = self._path(name)
        try:
            with self._written_beside(path, name) if self._local else self._uploaded(path, name) as sink:
                yield sink
        except OSError as error:
            if error.errno in _NO_ROOM:
                raise StoreFull(_FULL) from error
            raise

    def open(self, name: str) -> BinaryIO:
        """A complete file for reading, seekable; StoredFileMissing when it is not there, StoreAway as in `create`."""
        path = self._path(name)
        try:
            with self._speaking():
                return cast(BinaryIO, self._fs.open(path, "rb", block_size=_BYTES_AHEAD))
        except FileNotFoundError:
            raise StoredFileMissing(_MISSING) from None

    def is_reachable(self) -> bool:
        """Whether files can be read and written now; nothing is written to find out."""
        if self._local:
            nearest = _nearest(self._root)
            return os.path.isdir(nearest) and os.access(nearest, os.W_OK)
        try:
            with _reached():
                self._fs.exists(self._path(new_name()))
        except (StoreAway, OSError):
            return False
        return True

    def free_bytes(self) -> int | None:
        """How much still fits; None where nobody can say, as in a bucket."""
        return shutil.disk_usage(_nearest(self._root)).free if self._local else None

    def exists(self, name: str) -> bool:
        """Whether a complete file has this name."""
        return bool(self._fs.exists(self._path(name)))

    def size(self, name: str) -> int:
        """Bytes in the store, sealing included."""
        try:
            return int(self._fs.size(self._path(name)))
        except FileNotFoundError:
            raise StoredFileMissing(
                "This file is no longer in the store. It has expired or was deleted."
            ) from None

    def written_at(self, name: str) -> datetime:
        """When a file was written; the beginning of time for one that is gone, so that nobody waits for it."""
        try:
            return cast(datetime, self._fs.modified(self._path(name)))
        except FileNotFoundError:
            return datetime.min.replace(tzinfo=UTC)

    def delete(self, name: str) -> None:
        """Remove a file; nothing happens when it is already gone. StoreAway as in `create`."""
        path = self._path(name)
        with contextlib.suppress(FileNotFoundError), self._speaking():
            self._fs.rm_file(path)

    def names(self) -> Iterator[str]:
        """Every complete file (to find those that no row names)."""
        for path in self._fs.find(self._root):
            name = path.rsplit("/", 1)[-1]
            if _NAME.fullmatch(name) and path == self._path(name):
                yield name

    def delete_unfinished(self, *, older_than_seconds: float) -> int:
        """Remove what killed writers left behind; returns how many. StoreAway as in `create`."""
        with self._speaking():
            left = list(self._unfinished(older_than_seconds))
            for remove in left:
                remove()
        return len(left)

    def count_unfinished(self, *, older_than_seconds: float) -> int:
        """How many that would be. StoreAway as in `create`."""
        with self._speaking():
            return sum(1 for _remove in self._unfinished(older_than_seconds))

    def _unfinished(self, older_than_seconds: float) -> Iterator[Remover]:
        return left_behind(self._fs, self._root, before=time.time() - older_than_seconds)

    def _speaking(self) -> contextlib.AbstractContextManager[None]:
        """What goes wrong with a disk is said as it is; an object store is away."""
        return contextlib.nullcontext() if self._local else _reached()

    def _path(self, name: str) -> str:
        # The only way to a path, so that nothing but generated names can ever reach the file system.
        if not _NAME.fullmatch(name):
            raise StoreNameRefused("This is not a name of our file store.")
        return f"{self._root}/{name[:2]}/{name[2:4]}/{name}"

    @contextlib.contextmanager
    def _written_beside(self, path: str, name: str) -> Iterator[BinaryIO]:
        beside = f"{self._root}/{FOLDER}/{name}.{uuid.uuid4().hex[:8]}"
        os.makedirs(os.path.dirname(beside), mode=0o700, exist_ok=True)
        descriptor = os.open(beside, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600)
        try:
            with os.fdopen(descriptor, "wb", buffering=0) as sink:
                yield cast(BinaryIO, _Whole(sink))
                os.fsync(sink.fileno())
            os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
            os.rename(beside, path)
            _flush_folder(os.path.dirname(path))
        except BaseException:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(beside)
            raise

    @contextlib.contextmanager
    def _uploaded(self, path: str, name: str) -> Iterator[BinaryIO]:
        with _reached():
            sink = self._fs.open(path, "wb", autocommit=False)
        try:
            upload = _Upload(sink)
            yield cast(BinaryIO, upload)
            with _reached():
                sink.close()
                sink.commit()
                is_whole = self._fs.size(path) == upload.size
        except BaseException:
            # Where nobody can be reached nothing can be taken back either: what was not committed is no object.
            with contextlib.suppress(Exception):
                sink.discard()
            raise
        if not is_whole:
            self.delete(name)
            raise StoreAway(_CUT)


@lru_cache(maxsize=4)
def _store(url: str, options: tuple[tuple[str, str], ...]) -> Store:
    # Reading an address costs more than opening a file.
    return Store(url, **dict(options))


@contextlib.contextmanager
def _reached() -> Iterator[None]:
    """What an object store, its library or the way there answers instead of doing it is one thing to us."""
    try:
        yield
    except (FileNotFoundError, TypeError, ValueError):
        # What is not there, and mistakes of ours.
        raise
    except Exception as error:
        if isinstance(error, OSError) and error.errno in _NO_ROOM:
            raise
        raise StoreAway(_AWAY) from error


class _Upload:
    """An object on its way to the store."""

    def __init__(self, raw: Any) -> None:
        self._raw = raw
        self.size = 0

    def write(self, content: bytes) -> int:
        self.size += len(content)
        with _reached():
            return int(self._raw.write(content))


class _Whole:
    """An unbuffered file whose `write` never writes half of what it is given."""

    def __init__(self, raw: Any) -> None:
        self._raw = raw

    def write(self, content: bytes) -> int:
        rest = memoryview(content)
        while rest:
            rest = rest[self._raw.write(rest) :]
        return len(content)


def _nearest(path: str) -> str:
    """The folder itself, or what is there above it, in which it would be made."""
    while not os.path.exists(path):
        path = os.path.dirname(path) or "/"
    return path


def _flush_folder(folder: str) -> None:
    # A rename is only safe from a power cut once the folder itself is on the platter.
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
