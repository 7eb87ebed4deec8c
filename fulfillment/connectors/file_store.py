"""A folder or bucket of files behind one face, with paths that people can read."""

import hmac
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from glob import escape
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from typing import Any

import fsspec
from fsspec import AbstractFileSystem
from fsspec.implementations.local import LocalFileSystem

from fulfillment.connectors.errors import Fatal, NotConfigured, Retryable
from fulfillment.connectors.outbound import MayBeReached
from fulfillment.connectors.query import SubjectQuery
from fulfillment.datamaps.descriptions import FilePattern
from requests_app.encryption.buckets import in_small_parts

# In the name of every version that we write and nobody else shall read.
OURS = ".omne-"
MOST_FILES = 1_000_000
_WAY = "requests_app.encryption.bucket_way"
BYTES_AT_ONCE = 1 << 20


class FileStore:
    """The files below a root; `name` is what people call the source."""

    def __init__(self, root: str, options: dict[str, Any], name: str) -> None:
        self.name = name
        try:
            # One client serves every search with the same keys: to make one takes longer than most answers.
            given = _guarded(options) if root.startswith("s3://") else options
            found = fsspec.core.url_to_fs(root, use_listings_cache=False, **in_small_parts(root, given))
        except (ImportError, ValueError):
            raise NotConfigured(f"The root of {name} is of a kind whose library is not installed.") from None
        self.filesystem: AbstractFileSystem = found[0]
        self._root = str(found[1]).rstrip("/")

    def files(self, pattern: FilePattern) -> list[str]:
        """Everybody's files of a pattern, in order. Raises NotConfigured for a pattern that finds none."""
        found = self._at(pattern.anybodys)
        if not found:
            raise NotConfigured(f"No file of {self.name} is at {pattern.glob}, where its map looks.")
        return found

    def files_for(self, query: SubjectQuery, pattern: FilePattern) -> list[str]:
        """The files that may hold a person: all, or those that are named by them, of which there may be none."""
        if not pattern.blanks:
            return self.files(pattern)
        return sorted({path for glob in pattern.globs_for(query.values) for path in self._at(glob)})

    def _at(self, glob: str) -> list[str]:
        try:
            every = (str(each) for each in self.filesystem.glob(f"{escape(self._root)}/{glob}"))
            return sorted(each for each in every if OURS not in each)
        except (OSError, ValueError) as error:
            raise Retryable(f"The folder of {self.name} cannot be listed ({type(error).__name__}).") from None

    def every(self) -> list[tuple[str, int]]:
        """Every file below the root with its size, in order; links are left out, what they lead to is there itself.

        Raises Retryable where they cannot be listed, and Fatal where there are too many to be held.
        """
        try:
            found = self.filesystem.find(self._root, detail=True)
        except (OSError, ValueError) as error:
            raise Retryable(f"The folder of {self.name} cannot be listed ({type(error).__name__}).") from None
        if len(found) > MOST_FILES:
            raise Fatal(f"{self.name} has more than {MOST_FILES} files; give it a narrower root.")
        return sorted(
            (str(path), int(about.get("size") or 0))
            for path, about in found.items()
            if about.get("type") == "file" and not about.get("islink") and OURS not in str(path)
        )

    def beside(self, path: str, key: str) -> str:
        """Where a new version of a file is written; no pattern finds it."""
        return f"{path}{OURS}{key}"

    def fingerprint(self, path: str) -> str:
        """What changes when somebody writes to a file: its size, time and tag, as far as the store has them."""
        self.filesystem.invalidate_cache()
        known = self.filesystem.info(path)
        return "|".join(
            str(known.get(name)) for name in ("size", "mtime", "ETag", "etag", "LastModified", "updated")
        )

    def hash_of(self, path: str, secret: bytes, *, heartbeat: Callable[[], None]) -> str:
        """A keyed hash of all that a file holds, as hex; empty where there is no such file. Raises Retryable."""
        found = hmac.new(secret, digestmod=sha256)
        try:
            with self.filesystem.open(path, "rb") as file:
                while block := file.read(BYTES_AT_ONCE):
                    found.update(block)
                    heartbeat()
        except FileNotFoundError:
            return ""
        except OSError as error:
            raise Retryable(f"A file of {self.name} cannot be read ({type(error).__name__}).") from None
        return found.hexdigest()

    def refuse_if_written_to(self, path: str, *, was: str) -> None:
        """Raises Retryable when somebody wrote to a file since it was read."""
        try:
            now = self.fingerprint(path)
        except OSError as error:
            raise Retryable(f"{self.shown(path)} cannot be replaced ({type(error).__name__}).") from None
        if now != was:
            raise Retryable(
                f"{self.shown(path)} was written to meanwhile; it is left as it is, and tried again."
            )

    def replace(self, path: str, new: str) -> None:
        """Let a new version take the place of a file, in one step. Raises Retryable."""
        try:
            if isinstance(self.filesystem, LocalFileSystem):
                _to_disk(Path(new))
                Path(new).replace(path)
                _to_disk(Path(path).parent)
            else:
                self.filesystem.copy(new, path)
        except OSError as error:
            raise Retryable(f"{self.shown(path)} cannot be replaced ({type(error).__name__}).") from None

    def remove(self, path: str) -> None:
        """Remove a version of ours, where there is one."""
        if self.filesystem.exists(path):
            self.filesystem.rm_file(path)

    def leftovers(self, pattern: FilePattern, key: str) -> list[str]:
        """What an attempt that was cut off has left beside the files of a pattern."""
        try:
            return [
                str(each)
                for each in self.filesystem.glob(f"{escape(self._root)}/{pattern.anybodys}{OURS}{key}*")
            ]
        except (OSError, ValueError) as error:
            raise Retryable(f"The folder of {self.name} cannot be listed ({type(error).__name__}).") from None

    def path_of(self, shown: str) -> str:
        """The file that people know by this path below the root."""
        return f"{self._root}/{shown}"

    def shown(self, path: str) -> str:
        """A file as people know it: by its path below the root."""
        return path.removeprefix(self._root).lstrip("/")


@contextmanager
def answering(name: str) -> Iterator[None]:
    """What the library of buckets says when nobody answers becomes Retryable."""
    try:
        yield
    except Exception as error:
        if not isinstance(error, _bucket_errors()):
            raise
        raise Retryable(f"The bucket of {name} does not answer ({type(error).__name__}).") from None


def _guarded(options: dict[str, Any]) -> dict[str, Any]:
    """Each connection is judged as it is made: a name may lead elsewhere by then."""
    way = import_module(_WAY)
    guarded: dict[str, Any] = way.guarded(options, MayBeReached(options.get("endpoint_url", "")))
    return guarded


def _bucket_errors() -> tuple[type[Exception], ...]:
    """Those of the library, where it is installed and in use."""
    way = sys.modules.get(_WAY)
    return way.AWAY if way is not None else ()


def _to_disk(path: Path) -> None:
    """A name that leads to nothing is all that is left when a machine loses its power too early."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
