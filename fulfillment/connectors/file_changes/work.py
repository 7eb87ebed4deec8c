"""One order over many files: all are written anew and looked at, then each takes the place of the old one.

A store of files has no transactions. So everything that can fail is done before the first file is replaced, a file
that somebody has written to meanwhile is never replaced, and an order that was cut off in the middle is simply
carried out again: what is gone is not found a second time.
"""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from fulfillment.connectors.base import Heartbeat
from fulfillment.connectors.changing import (
    ChangeOrder,
    ChangeReceipt,
    Kept,
    Note,
    Operation,
    Planned,
    Preflight,
    PreflightFailed,
    Reached,
    ReceiptLine,
)
from fulfillment.connectors.errors import Retryable
from fulfillment.connectors.file_changes.rewriting import rewrite
from fulfillment.connectors.file_changes.row_edits import RowEdits
from fulfillment.connectors.file_reading import FileReading
from fulfillment.connectors.file_store import FileStore
from fulfillment.connectors.leaning import LEANS, leaned_on
from fulfillment.connectors.trail import Sieve, Trail
from fulfillment.datamaps.datamap import DataMap
from fulfillment.datamaps.descriptions import FilePattern
from fulfillment.datamaps.traversal import traverse

NO_RULE = "its map does not say how"


@dataclass(frozen=True)
class _Replacement:
    """A file and its new version, with what the old one was when it was read."""

    path: str
    new: str
    was: str


@dataclass
class FileChange:
    """An order, its map and the store; `found` are the sieves by collection, once the files were read."""

    order: ChangeOrder
    data_map: DataMap
    store: FileStore
    patterns: Mapping[str, FilePattern]
    heartbeat: Heartbeat
    reached: Reached = field(default_factory=Reached)
    _edits: dict[str, RowEdits] = field(default_factory=dict)

    def look(self) -> Preflight:
        """What would change, by reading every file; nothing is written."""
        for name, files, sieve in self._concerned():
            edits = self._edits[name]
            for path in files:
                for rows in FileReading(self.store, sieve, self.patterns[name]).whole_rows(path):
                    self.heartbeat()
                    for row in rows:
                        edits.edit(row)
        planned = tuple(
            Planned(name, each.how, each.changed, each.fields)
            for name, each in self._edits.items()
            if each.how
        )
        return Preflight(planned, self._kept(), self._problems(), by_hand=self._by_hand())

    def change(self, note: Note) -> ChangeReceipt:
        """Write every file that changes anew, note the receipt, then replace one after another."""
        ready: list[_Replacement] = []
        try:
            for number, (name, files, sieve) in enumerate(self._concerned(), start=1):
                self.reached.at(name, number, len(self.order.collections))
                ready.extend(self._rewritten(name, files, sieve))
                self.reached.rows = sum(each.changed for each in self._edits.values())
            if problems := self._problems():
                raise PreflightFailed(problems)
            receipt = self._receipt()
            note(receipt)
            for each in ready:
                self.heartbeat()
                self.store.replace(each.path, each.new, was=each.was)
        finally:
            for each in ready:
                with suppress(OSError):
                    self.store.remove(each.new)
        return receipt

    def _rewritten(self, name: str, files: list[str], sieve: Sieve) -> Iterator[_Replacement]:
        edits = self._edits[name]
        for number, path in enumerate(files):
            self.heartbeat()
            before, was = edits.changed, self.store.fingerprint(path)
            new = self.store.beside(path, f"{self.order.key}-{number}")
            replacement = _Replacement(path, new, was)
            try:
                rewrite(
                    self.store.filesystem,
                    path,
                    new,
                    name=self.store.shown(path),
                    pattern=self.patterns[name],
                    sieve=sieve,
                    edits=edits,
                )
            except OSError as error:
                self.store.remove(new)
                raise Retryable(
                    f"{self.store.shown(path)} cannot be written anew ({type(error).__name__})."
                ) from None
            except BaseException:
                self.store.remove(new)
                raise
            if edits.changed == before:
                self.store.remove(new)
            else:
                yield replacement

    def _concerned(self) -> Iterator[tuple[str, list[str], Sieve]]:
        """The collections that change, each with its files and what lets the person's rows through."""
        steps = traverse(self.data_map, self.order.query.kinds).steps
        trail = Trail(self.data_map, self.order.query, steps)
        sieves: dict[str, Sieve] = {}
        # Everything is found before the first file is written anew: what leads on may be what goes.
        for step in steps:
            sieves[step.collection] = sieve = trail.sieve(step)
            if trail.leads_on(step.collection):
                for path in self._files(step.collection):
                    for rows in FileReading(self.store, sieve, self.patterns[step.collection]).whole_rows(
                        path
                    ):
                        self.heartbeat()
                        for row in rows:
                            trail.keep(step.collection, row)
        for name in self.order.collections:
            if name in sieves and self._can(name):
                self._edits[name] = RowEdits(self.order, self.data_map.collection(name))
                yield name, self._files(name), sieves[name]

    def _files(self, name: str) -> list[str]:
        return self.store.files_for(self.order.query, self.patterns[name])

    def _can(self, name: str) -> bool:
        return (
            name not in self._by_hand()
            and RowEdits(self.order, self.data_map.collection(name)).how is not None
        )

    def _by_hand(self) -> dict[str, str]:
        found: dict[str, str] = {}
        erasing = self.order.operation is Operation.ERASE
        rested_on = leaned_on(self.data_map, self.data_map.by_name) if erasing else frozenset()
        for name in self.order.collections:
            collection = self.data_map.collection(name)
            if name in rested_on and collection.changes.erase != "keep":
                found[name] = LEANS
            elif RowEdits(self.order, collection).how is None and collection.changes.erase != "keep":
                found[name] = f"{NO_RULE} to {self.order.operation} it"
        return found

    def _problems(self) -> tuple[str, ...]:
        return tuple(problem for each in self._edits.values() for problem in each.problems)

    def _kept(self) -> tuple[Kept, ...]:
        return tuple(kept for each in self._edits.values() for kept in each.kept_rows())

    def _receipt(self) -> ChangeReceipt:
        lines = tuple(
            ReceiptLine(name, each.how, each.changed, each.digest)
            for name, each in self._edits.items()
            if each.how is not None
        )
        return ChangeReceipt(lines, self._kept())
