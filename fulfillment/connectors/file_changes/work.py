"""One order over many files: all are written anew and looked at, then each takes the place of the old one.

A store of files has no transactions. So everything that can fail is done before the first file is replaced, a file
that somebody has written to meanwhile is never replaced, and what was replaced is written down in the order's log: the
next attempt goes on from there, and whoever gives it up sees which files are done and which are not.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace

from fulfillment.connectors.base import Heartbeat
from fulfillment.connectors.changing import (
    ChangeOrder,
    ChangeReceipt,
    How,
    Kept,
    Note,
    Operation,
    Planned,
    Preflight,
    PreflightFailed,
    Reached,
)
from fulfillment.connectors.file_changes.accounts import name_of, not_taken_lines, receipt_of
from fulfillment.connectors.file_changes.log import DONE, Entry, ReplacementLog
from fulfillment.connectors.file_changes.of_others import WordsOfOthers
from fulfillment.connectors.file_changes.row_edits import RowEdits
from fulfillment.connectors.file_changes.versions import Pass, RowsPass, Version, Versions, WordsPass
from fulfillment.connectors.file_reading import FileReading
from fulfillment.connectors.file_store import FileStore
from fulfillment.connectors.leaning import LEANS, leaned_on
from fulfillment.connectors.memory import SourceMemory
from fulfillment.connectors.trail import Sieve, Trail
from fulfillment.datamaps.datamap import DataMap
from fulfillment.datamaps.descriptions import FilePattern
from fulfillment.datamaps.traversal import traverse

NO_RULE = "its map does not say how"


@dataclass
class FileChange:
    """An order, its map and the store; what was replaced is kept in `memory`."""

    order: ChangeOrder
    data_map: DataMap
    store: FileStore
    patterns: Mapping[str, FilePattern]
    heartbeat: Heartbeat
    memory: SourceMemory
    reached: Reached = field(default_factory=Reached)
    _edits: dict[str, RowEdits] = field(default_factory=dict)
    _sieves: dict[str, Sieve] = field(default_factory=dict)

    def look(self) -> Preflight:
        """What would change, by reading every file; nothing is written."""
        done = self.log.done
        replaced = self._replaced(done)
        for name, files in self._concerned():
            edits, sieve = self._edits[name], self._sieves[name]
            for path in files:
                edits.only_keeps = path in replaced
                for rows in FileReading(self.store, sieve, self.patterns[name]).whole_rows(path):
                    self.heartbeat()
                    for row in rows:
                        edits.edit(row)
        words = self._words(done)
        planned = [
            Planned(name, each.how, each.changed, each.fields)
            for name, each in self._edits.items()
            if each.how
        ]
        planned += [Planned(name, How.REDACT, rows, columns) for name, rows, columns in words.planned]
        left = [each for entry in done for each in entry.not_taken]
        left += [*words.not_taken(changed=True), *words.not_taken(changed=False)]
        return Preflight(
            tuple(planned), self._kept(), self._problems(), self._by_hand(), not_taken_lines(left)
        )

    def change(self, note: Note) -> ChangeReceipt:
        """Write every file that changes anew, note the receipt, then replace one after another."""
        log = self.log
        log.settle(self._hash)
        if log.is_complete:
            stay = self.look().not_taken
            return replace(self._receipt(()), not_taken=stay)
        self._clear_up()
        done, ready = log.done, list[Version]()
        try:
            concerned = list(self._concerned())
            words = self._words(done)
            ready.extend(self._versions(self._passes(concerned, words, self._replaced(done))))
            if problems := self._problems():
                raise PreflightFailed(problems)
            left = tuple(words.not_taken(changed=False))
            log.plan(each.entry for each in ready)
            # The log lists the objects: it is kept once, and the note before each of them.
            noted = replace(self._receipt(left, planned=True), objects=())
            note(noted)
            self._put_in_place(ready, lambda: note(noted))
            log.complete()
        finally:
            for each in ready:
                with suppress(OSError):
                    self.store.remove(each.new)
        return self._receipt(left)

    def is_done(self) -> bool:
        """Whether all of an order became final, by its log and by what the files hold. Raises ConnectorError."""
        log = self.log
        log.settle(self._hash)
        if log.is_complete:
            return True
        entries = log.entries
        is_done = all(each.state == DONE for each in entries) if entries else False
        if not is_done and self.look().rows:
            return False
        if log.is_open:
            log.complete()
        return True

    def _put_in_place(self, ready: Sequence[Version], still_wanted: Callable[[], None]) -> None:
        """One file after another. Each is final by itself, so before each it is asked whether it is still wanted."""
        log, done, is_begun = self.log, 0, False
        try:
            for number, each in enumerate(ready):
                self.reached.at("", number + 1, len(ready))
                self.heartbeat()
                if number:
                    still_wanted()
                self.store.refuse_if_written_to(each.path, was=each.was)
                log.stands(done, begun=True)
                is_begun = True
                self.store.replace(each.path, each.new)
                done, is_begun = done + 1, False
        finally:
            log.stands(done, begun=is_begun)

    def _versions(self, passes: Mapping[str, Sequence[Pass]]) -> Iterator[Version]:
        versions, names = Versions(self.store, self.order, self.heartbeat), list(self._edits)
        for path, each in passes.items():
            name = each[-1].collection
            self.reached.at(name, names.index(name) + 1 if name in names else 1, max(len(names), 1))
            version = versions.written(path, each)
            self.reached.rows = sum(edits.changed for edits in self._edits.values())
            if version is not None:
                yield version

    def _passes(
        self,
        concerned: Iterable[tuple[str, list[str]]],
        words: WordsOfOthers,
        replaced: frozenset[str],
    ) -> dict[str, list[Pass]]:
        """By file, what is done in it one after another: words first, as they are known by what stands around them."""
        passes: dict[str, list[Pass]] = {
            each.about.path: [WordsPass(each, self.order.secret)] for each in words.changed
        }
        for name, files in concerned:
            for path in files:
                rows = RowsPass(
                    self.store,
                    path,
                    self.patterns[name],
                    self._sieves[name],
                    self._edits[name],
                    # Nobody wrote to it since: it is only looked at for what is kept in it.
                    only_keeps=path in replaced,
                )
                passes.setdefault(path, []).append(rows)
        return passes

    def _concerned(self) -> Iterator[tuple[str, list[str]]]:
        """The collections that change, each with its files; `_sieves` let the person's rows of all through."""
        steps = traverse(self.data_map, self.order.query.kinds).steps
        trail = Trail(self.data_map, self.order.query, steps)
        # Everything is found before the first file is written anew: what leads on may be what goes.
        for step in steps:
            self._sieves[step.collection] = sieve = trail.sieve(step)
            if trail.leads_on(step.collection):
                for path in self._files(step.collection):
                    for rows in FileReading(self.store, sieve, self.patterns[step.collection]).whole_rows(
                        path
                    ):
                        self.heartbeat()
                        for row in rows:
                            trail.keep(step.collection, row)
        for name in self.order.collections:
            if name in self._sieves and self._can(name):
                self._edits[name] = RowEdits(self.order, self.data_map.collection(name))
                shown = self.store.shown
                yield (
                    name,
                    [each for each in self._files(name) if self.order.wants(name, name_of(shown(each)))],
                )

    def _words(self, done: Iterable[Entry]) -> WordsOfOthers:
        words = WordsOfOthers(
            self.order, self.data_map, self.store, self.patterns, self._edits, self._sieves, self.heartbeat
        )
        return words.look_up(but=frozenset(each.path for each in done))

    def _clear_up(self) -> None:
        """What an attempt that was killed has left beside the files is no version of anything any more."""
        beside = {self.store.beside(path, f"{self.order.key}.0") for path in self._mentioned()}
        for pattern in self.patterns.values():
            beside.update(self.store.leftovers(pattern, f"{self.order.key}."))
        for path in beside:
            with suppress(OSError):
                self.store.remove(path)

    def _mentioned(self) -> set[str]:
        return {self.store.path_of(each.key.get("object", "")) for each in self.order.mentions}

    def _replaced(self, done: Iterable[Entry]) -> frozenset[str]:
        """The files that this order has replaced and nobody has written to since."""
        paths = (each.path for each in done if self._hash(each.path) == each.after)
        return frozenset(self.store.path_of(path) for path in paths)

    def _hash(self, shown: str) -> str:
        return self.store.hash_of(self.store.path_of(shown), self.order.secret, heartbeat=self.heartbeat)

    @property
    def log(self) -> ReplacementLog:
        """What was replaced, whoever did it."""
        return ReplacementLog(self.memory, self.order.key)

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

    def _receipt(self, left: Iterable[tuple[str, int, str]], *, planned: bool = False) -> ChangeReceipt:
        """Of what is replaced; or of all that is `planned`, as it is noted before."""
        entries = self.log.entries
        return receipt_of(
            self.order,
            entries,
            counted=entries if planned else [each for each in entries if each.state == DONE],
            token=self.log.name if entries else "",
            edits=self._edits,
            kept=self._kept(),
            not_taken=left,
        )
