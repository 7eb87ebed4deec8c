"""Findings on disk: one sealed file per source task, its collections one after another, a JSON object a line."""

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from fulfillment.connectors.base import Batch, CollectionDone
from fulfillment.connectors.errors import Fatal
from requests_app.encryption.errors import StoredFileMissing
from requests_app.encryption.files import open_sealed
from requests_app.encryption.store import current_store
from requests_app.errors import DomainError

if TYPE_CHECKING:
    from fulfillment.findings.models import Finding


class FindingsLost(DomainError):
    """The file of a source task is gone from the store, as after a restore without its files."""

    code = "findings_lost"
    status = 410


class Sink(Protocol):
    """Where sealed bytes go."""

    def write(self, content: bytes) -> int:
        """Take plain bytes."""


@dataclass(frozen=True)
class Stretch:
    """Where one collection lies in the plaintext of the file."""

    collection: str
    row_count: int
    byte_offset: int
    byte_length: int
    page_offsets: tuple[int, ...]
    unsearched: str
    unmapped: tuple[str, ...]


class FindingsWriter:
    """Lays batches down one collection after another, and counts."""

    def __init__(self, sink: Sink, *, page_rows: int) -> None:
        self._sink = sink
        self._page_rows = page_rows
        self._stretches: dict[str, Stretch] = {}
        self._collection = ""
        self._begun_at = self._position = self._count = 0
        self._pages: list[int] = []
        self.rows = 0

    def take(self, found: Batch | CollectionDone) -> None:
        """Write a batch, or close a collection. Raises Fatal when a connector breaks the contract."""
        if isinstance(found, CollectionDone):
            self._close(found)
            return
        if self._collection not in ("", found.collection) or found.collection in self._stretches:
            raise Fatal(f"The connector mixed the collection {found.collection} with another one.")
        self._collection = found.collection
        for line in found.lines:
            if self._count % self._page_rows == 0:
                self._pages.append(self._position - self._begun_at)
            self._position += self._sink.write(line + b"\n")
            self._count += 1
        self.rows += len(found.lines)

    def finished(self, *, expected: Iterable[str]) -> tuple[Stretch, ...]:
        """Every stretch, when every collection of the map was closed with its count. Raises Fatal otherwise."""
        missing = [key for key in expected if key not in self._stretches]
        if missing or self._collection:
            raise Fatal(f"The source did not finish: {', '.join(missing) or self._collection}.")
        return tuple(self._stretches.values())

    def _close(self, done: CollectionDone) -> None:
        if self._collection not in ("", done.collection) or self._count != done.count:
            raise Fatal(
                f"The source counted {done.count} records in {done.collection}, but sent {self._count}."
            )
        self._stretches[done.collection] = Stretch(
            done.collection,
            self._count,
            self._begun_at,
            self._position - self._begun_at,
            tuple(self._pages),
            done.unsearched,
            done.unmapped,
        )
        self._collection, self._begun_at, self._count, self._pages = "", self._position, 0, []


def lines_of(finding: "Finding") -> Iterator[bytes]:
    """Every record of a finding as a JSON line, in constant memory."""
    yield from _lines(finding, start=0, limit=finding.row_count)


def page_of(finding: "Finding", *, page: int) -> list[bytes]:
    """The records of one page (the first is 1); an empty list beyond the last."""
    if not 1 <= page <= len(finding.page_offsets):
        return []
    return list(_lines(finding, start=finding.page_offsets[page - 1], limit=finding.PAGE_ROWS))


def _lines(finding: "Finding", *, start: int, limit: int) -> Iterator[bytes]:
    task = finding.task
    if finding.row_count == 0:
        return
    if not task.store_name:
        raise FindingsLost("These records were deleted with the request. Counts and decisions are kept.")
    try:
        opened = open_sealed(current_store(), name=task.store_name, wrapped_key=bytes(task.wrapped_key))
    except StoredFileMissing as missing:
        raise FindingsLost(
            f"What {task.source.label} gave is no longer in the file store. Send the request back to review, then "
            "search again."
        ) from missing
    with opened as sealed:
        sealed.seek(finding.byte_offset + start)
        left = finding.byte_length - start
        for line in io.BufferedReader(sealed, 256 * 1024):
            if left <= 0 or limit <= 0:
                return
            left -= len(line)
            limit -= 1
            yield line.rstrip(b"\n")
