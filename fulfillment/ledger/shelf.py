"""Where the ledger lies: a small file per entry, in a folder or an object store (`LEDGER_URL`), never written over."""

import contextlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import fsspec
from django.conf import settings
from pydantic import ValidationError

from fulfillment.ledger.entries import BEGINNING, LedgerEntry, is_signed, signature
from fulfillment.ledger.errors import LedgerAway, LedgerBroken
from requests_app.encryption.buckets import own_bucket
from requests_app.encryption.write_once import NameTaken, write_once

PER_FOLDER = 1000
_NAME = re.compile(r"(\d{12})-([0-9a-z-]{1,80})\.json")
_BEGIN = "begins.json"


@dataclass(frozen=True)
class Begin:
    """Where the entries begin: the number and hash of the last one that was forgotten."""

    number: int = 0
    hash: str = BEGINNING


def current_shelf() -> "Shelf":
    """The ledger of the settings in force."""
    return Shelf(settings.LEDGER_URL, **settings.LEDGER_OPTIONS)


class Shelf:
    """Reads and adds entries; trouble with what lies below becomes LedgerAway."""

    def __init__(self, url: str, **options: Any) -> None:
        self._fs, root = fsspec.core.url_to_fs(url, **own_bucket(url, options))
        self._root = root.rstrip("/")

    def add(self, entry: LedgerEntry) -> None:
        """Add an entry; it is there whole, and on the platter, or not at all. Raises NameTaken, LedgerAway."""
        with _reachable():
            write_once(self._fs, self._path(entry), entry.content())

    def keep_map(self, sha256: str, text: str) -> None:
        """Keep the text of a data map, once."""
        path = f"{self._root}/maps/{sha256}.yaml"
        with _reachable(), contextlib.suppress(NameTaken):
            if not self._fs.exists(path):
                write_once(self._fs, path, text.encode())

    def map_text(self, sha256: str) -> str:
        """A map that was kept. Raises LedgerBroken."""
        with _reachable():
            try:
                content: bytes = self._fs.cat_file(f"{self._root}/maps/{sha256}.yaml")
            except FileNotFoundError:
                raise LedgerBroken("A data map that the ledger names is not there any more.") from None
        return content.decode()

    def entries(self) -> Iterator[LedgerEntry]:
        """Every entry in order, as it is written."""
        with _reachable():
            for folder in self._folders():
                for _number, path in self._listed(folder):
                    yield self._read(path)

    def last(self) -> LedgerEntry | None:
        """The newest entry."""
        with _reachable():
            for folder in reversed(self._folders()):
                for _number, path in reversed(self._listed(folder)):
                    return self._read(path)
        return None

    def lately(self, key: str) -> LedgerEntry | None:
        """The entry of this key among the newest: whoever writes again after a crash finds what was written."""
        with _reachable():
            for folder in self._folders()[-2:]:
                for _number, path in self._listed(folder):
                    if path.endswith(f"-{key}.json"):
                        return self._read(path)
        return None

    def begin(self) -> Begin:
        """Where the entries begin. Raises LedgerBroken when somebody else wrote it."""
        with _reachable():
            try:
                held = json.loads(self._fs.cat_file(f"{self._root}/{_BEGIN}"))
            except FileNotFoundError:
                return Begin()
        if not is_signed(f"{held.get('number')} {held.get('hash')}", str(held.get("signature"))):
            raise LedgerBroken("Where the ledger begins was changed by somebody without its key.")
        return Begin(held["number"], held["hash"])

    def forget_up_to(self, entry: LedgerEntry) -> int:
        """Forget this entry and all before it; where the rest begins is written first. Returns how many."""
        text = f"{entry.number} {entry.hash}"
        said = {"number": entry.number, "hash": entry.hash, "signature": signature(text)}
        gone = 0
        with _reachable():
            self._fs.makedirs(self._root, exist_ok=True)
            self._fs.pipe_file(f"{self._root}/{_BEGIN}", json.dumps(said).encode())
            for folder in self._folders():
                for number, path in self._listed(folder):
                    if number <= entry.number:
                        self._fs.rm_file(path)
                        gone += 1
        return gone

    def _path(self, entry: LedgerEntry) -> str:
        name = f"{entry.number:012d}-{entry.key}.json"
        if not _NAME.fullmatch(name):
            raise LedgerBroken("An entry of the ledger has a key of letters, digits and hyphens.")
        return f"{self._root}/entries/{entry.number // PER_FOLDER:09d}/{name}"

    def _folders(self) -> list[str]:
        self._fs.invalidate_cache()
        try:
            found = self._fs.ls(f"{self._root}/entries", detail=False)
        except FileNotFoundError:
            return []
        return sorted(each.rstrip("/") for each in found if each.rstrip("/").rpartition("/")[2].isdecimal())

    def _listed(self, folder: str) -> list[tuple[int, str]]:
        found = []
        for path in self._fs.ls(folder, detail=False):
            match = _NAME.fullmatch(path.rpartition("/")[2])
            if match:
                found.append((int(match[1]), path))
        return sorted(found)

    def _read(self, path: str) -> LedgerEntry:
        try:
            return LedgerEntry.model_validate_json(self._fs.cat_file(path))
        except ValidationError:
            raise LedgerBroken(
                f"The entry {path.rpartition('/')[2][:12]} of the ledger cannot be read."
            ) from None


@contextlib.contextmanager
def _reachable() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise LedgerAway from error
