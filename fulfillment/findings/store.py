"""Findings on disk: one sealed file per source task, its collections one after another, a JSON object a line."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Protocol

from fulfillment.connectors.base import Batch, CollectionDone
from fulfillment.connectors.errors import Fatal
from requests_app.encryption.errors import StoredFileMissing
from requests_app.encryption.files import SealedReader, open_sealed
from requests_app.encryption.store import current_store
from requests_app.errors import DomainError

if TYPE_CHECKING:
    from fulfillment.findings.models import Finding

# As much is read, decrypted and handed on at once.
BLOCK = 256 * 1024


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
        for first in range(-self._count % self._page_rows, len(found.lines), self._page_rows):
            before = found.lines[:first]
            self._pages.append(self._position - self._begun_at + sum(map(len, before)) + len(before))
        self._position += self._sink.write(b"".join([line + b"\n" for line in found.lines]))
        self._count += len(found.lines)
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


class OpenFiles:
    """The files of a run while its copy is built: each is opened once, however often it is read."""

    def __init__(self) -> None:
        self._open: dict[str, SealedReader] = {}

    def __enter__(self) -> "OpenFiles":
        return self

    def __exit__(self, *_failure: object) -> None:
        for sealed in self._open.values():
            sealed.close()
        self._open.clear()

    def blocks_of(self, finding: "Finding") -> Iterator[bytes]:
        """The records of a finding, as `blocks_of` gives them. Raises FindingsLost."""
        if finding.row_count == 0:
            return
        name = finding.task.store_name
        if name not in self._open:
            self._open[name] = _opened(finding)
        yield from _blocks(self._open[name], finding, 0)


def blocks_of(finding: "Finding", *, start: int = 0) -> Iterator[bytes]:
    """The records of a finding in constant memory: blocks of whole JSON lines, each without its last line's end.

    `start` is where the first of them begins in the finding. Raises FindingsLost.
    """
    if finding.row_count == 0:
        return
    with _opened(finding) as sealed:
        yield from _blocks(sealed, finding, start)


def _blocks(sealed: SealedReader, finding: "Finding", start: int) -> Iterator[bytes]:
    at, end, rest = finding.byte_offset + start, finding.byte_offset + finding.byte_length, b""
    while at < end:
        # Somebody else may have read elsewhere in the file since the last block.
        sealed.seek(at)
        part = sealed.read(min(BLOCK, end - at))
        if not part:
            return
        at += len(part)
        whole, line_end, rest = (rest + part).rpartition(b"\n")
        if line_end:
            yield whole


def lines_of(finding: "Finding") -> Iterator[bytes]:
    """Every record of a finding as a JSON line, in constant memory. Raises FindingsLost."""
    for block in blocks_of(finding):
        yield from block.split(b"\n")


def page_of(finding: "Finding", *, page: int) -> list[bytes]:
    """The records of one page (the first is 1); an empty list beyond the last. Raises FindingsLost."""
    if not 1 <= page <= len(finding.page_offsets):
        return []
    blocks = blocks_of(finding, start=finding.page_offsets[page - 1])
    lines = (line for block in blocks for line in block.split(b"\n"))
    return list(islice(lines, finding.PAGE_ROWS))


def _opened(finding: "Finding") -> SealedReader:
    task = finding.task
    if not task.store_name:
        raise FindingsLost("These records were deleted with the request. Counts and decisions are kept.")
    try:
        return open_sealed(current_store(), name=task.store_name, wrapped_key=bytes(task.wrapped_key))
    except StoredFileMissing as missing:
        raise FindingsLost(
            f"What {task.source.label} gave is no longer in the file store. Send the request back to review, then "
            "search again."
        ) from missing
