"""What killed writers leave in a store: files beside their place on a disk, uploads to a bucket that never ended."""

import contextlib
import logging
import os
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from fsspec.implementations.local import LocalFileSystem

log = logging.getLogger(__name__)
FOLDER = "unfinished"
# Removes one of them; nothing happens where it is gone.
Remover = Callable[[], object]


def left_behind(files: Any, root: str, *, before: float) -> Iterator[Remover]:
    """How to remove each that was begun before this moment, in seconds since 1970; `files` is the library's own way."""
    if isinstance(files, LocalFileSystem):
        yield from _files(f"{root}/{FOLDER}", before)
    elif "s3" in files.protocol:
        yield from _uploads(files, root, before)


def _files(folder: str, before: float) -> Iterator[Remover]:
    if not os.path.isdir(folder):
        return
    for entry in os.scandir(folder):
        with contextlib.suppress(FileNotFoundError):
            if entry.stat(follow_symlinks=False).st_mtime < before:
                yield partial(_unlink, entry.path)


def _unlink(path: str) -> None:
    with contextlib.suppress(FileNotFoundError):
        os.unlink(path)


def _uploads(files: Any, root: str, before: float) -> Iterator[Remover]:
    """Parts of an upload lie in the bucket, seen by no listing of files, until it ends or is given up."""
    bucket, _slash, prefix = root.partition("/")
    more: dict[str, str] = {}
    while True:
        try:
            page = files.call_s3("list_multipart_uploads", Bucket=bucket, Prefix=prefix, **more)
        except (PermissionError, NotImplementedError, OSError):
            log.warning("Uploads that broke off cannot be listed: let the bucket's own rules end them.")
            return
        for upload in page.get("Uploads", ()):
            if upload["Initiated"].timestamp() < before:
                named = {"Bucket": bucket, "Key": upload["Key"], "UploadId": upload["UploadId"]}
                yield partial(_give_up, files, named)
        if not page.get("IsTruncated"):
            return
        more = {"KeyMarker": page["NextKeyMarker"], "UploadIdMarker": page["NextUploadIdMarker"]}


def _give_up(files: Any, named: dict[str, str]) -> None:
    with contextlib.suppress(FileNotFoundError):
        files.call_s3("abort_multipart_upload", **named)
