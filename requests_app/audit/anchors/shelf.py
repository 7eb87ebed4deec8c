"""The files of the anchors: beside the erasure ledger, or where ANCHOR_URL says; never written over."""

import contextlib
from collections.abc import Iterator
from typing import Any

import fsspec
from django.conf import settings

from requests_app.audit.anchors.errors import PlaceAway
from requests_app.audit.anchors.statement import Statement
from requests_app.encryption.buckets import own_bucket
from requests_app.encryption.write_once import NameTaken, write_once

_AWAY = "The place of the anchor files cannot be reached (ANCHOR_URL)."
TIMESTAMP_ENDING = ".tsr"


def keep(statement: Statement, *, ending: str = "", content: bytes | None = None) -> None:
    """Keep a statement, or with an ending what belongs to it; again is no change. Raises PlaceAway."""
    files, root = _opened()
    path = f"{root}/{statement.at:%Y}/{statement.name}{ending}"
    with _reached(), contextlib.suppress(NameTaken):
        write_once(files, path, statement.content if content is None else content)


def kept_files() -> Iterator[tuple[str, bytes]]:
    """Every file by name, in the order in which they were made. Raises PlaceAway."""
    files, root = _opened()
    with _reached():
        files.invalidate_cache()
        # What is still being written has a name that begins with a dot.
        found = {path.rpartition("/")[2]: path for path in files.find(root)}
        for name in sorted(each for each in found if not each.startswith(".")):
            yield name, files.cat_file(found[name])


def last_kept() -> bytes | None:
    """The newest statement. Raises PlaceAway."""
    files, root = _opened()
    with _reached():
        files.invalidate_cache()
        found = {path.rpartition("/")[2]: path for path in files.find(root) if path.endswith(".json")}
        return bytes(files.cat_file(found[max(found)])) if found else None


def _opened() -> tuple[Any, str]:
    url = settings.ANCHOR_URL or f"{settings.LEDGER_URL.rstrip('/')}/anchors"
    options = settings.STORE_OPTIONS if url.startswith("s3://") else {}
    files, root = fsspec.core.url_to_fs(url, **own_bucket(url, options))
    return files, root.rstrip("/")


@contextlib.contextmanager
def _reached() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise PlaceAway(_AWAY) from error
