"""A copy larger than a set size comes in several zips, which lie one behind the other in one sealed file."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import rfc8785

from requests_app.encryption.manifests import PartRecord

LISTING = "omne-dsar/listing"


@dataclass(frozen=True, slots=True)
class Volume:
    """One zip of a copy: which of how many, where it begins in the sealed file, its size and its hash."""

    number: int
    of: int
    first: int
    size: int
    sha256: str

    def file_name(self, reference: str) -> str:
        """What the person saves it as."""
        return f"{reference}.zip" if self.of == 1 else f"{reference}-part-{self.number}-of-{self.of}.zip"


class VolumeCount:
    """Counts the bytes of a volume while they pass."""

    def __init__(self, first: int) -> None:
        self.first, self.size = first, 0
        self._digest = hashlib.sha256()

    def pass_on(self, chunk: bytes) -> None:
        """Some more bytes of it."""
        self._digest.update(chunk)
        self.size += len(chunk)

    def as_row(self) -> dict[str, object]:
        """What the database keeps of it."""
        return {"first": self.first, "size": self.size, "sha256": self._digest.hexdigest()}


def volumes_of(rows: Iterable[dict[str, int | str]], *, size: int, sha256: str) -> list[Volume]:
    """The volumes as a bundle's row keeps them; one that says nothing of volumes is one."""
    kept = list(rows) or [{"first": 0, "size": size, "sha256": sha256}]
    return [
        Volume(number, len(kept), int(row["first"]), int(row["size"]), str(row["sha256"]))
        for number, row in enumerate(kept, start=1)
    ]


def listing_name(number: int) -> str:
    """The file of a volume that says what is in it."""
    return f"listing-{number}.json"


def listing_of(number: int, parts: Iterable[PartRecord]) -> bytes:
    """What is in one volume; the manifest, which the last one holds, lists and signs them all, this file too."""
    files: list[Any] = [{"name": part.name, "size": part.size, "sha256": part.sha256} for part in parts]
    return rfc8785.dumps({"format": LISTING, "version": 1, "part": number, "files": files})


def covers(pieces: Iterable[tuple[int, int]], size: int) -> bool:
    """Whether pieces (first byte, how many) hold each of so many bytes, however often and in whatever order."""
    reached = 0
    for first, length in sorted(pieces):
        if first > reached:
            break
        reached = max(reached, first + length)
    return reached >= size
