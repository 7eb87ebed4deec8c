"""All words about the person in records of others that an order names, object by object."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from fulfillment.connectors.base import Heartbeat
from fulfillment.connectors.changing import ChangeOrder, How, Mention
from fulfillment.connectors.errors import Fatal
from fulfillment.connectors.file_changes.row_edits import RowEdits
from fulfillment.connectors.file_changes.words import Standing, Words, words_in
from fulfillment.connectors.file_store import FileStore
from fulfillment.connectors.file_sweeps.formats import StoredObject, written_as
from fulfillment.connectors.trail import Sieve
from fulfillment.datamaps.datamap import DataMap
from fulfillment.datamaps.descriptions import FilePattern


@dataclass
class WordsOfOthers:
    """Looks them up. `sieves` tell the person's own rows, `edits` what becomes of these besides."""

    order: ChangeOrder
    data_map: DataMap
    store: FileStore
    patterns: Mapping[str, FilePattern]
    edits: Mapping[str, RowEdits]
    sieves: Mapping[str, Sieve]
    heartbeat: Heartbeat
    found: list[Words] = field(default_factory=list)

    def look_up(self, *, but: frozenset[str]) -> "WordsOfOthers":
        """In every object that is named, `but` those that this order has replaced. Raises Fatal, Retryable."""
        for name, mentions in self._by_object().items():
            if name in but:
                continue
            self.heartbeat()
            about = self._object(name, mentions[0].table)
            self.found.append(
                words_in(about, mentions, self.order.whom, stands=self._stands, mapped=self._mapped)
            )
        return self

    @property
    def changed(self) -> Iterator[Words]:
        """The objects that are written anew."""
        return (each for each in self.found if each.changes)

    def not_taken(self, *, changed: bool) -> Iterator[tuple[str, int, str]]:
        """Of the objects that are written anew for words, or of the others: where words stay, how many, and why."""
        for each in self.found:
            if each.changes is changed:
                yield from ((name, rows, why) for (name, why), rows in each.not_taken.items())

    @property
    def planned(self) -> Iterator[tuple[str, int, tuple[str, ...]]]:
        """By collection: out of how many records words are taken, and of which fields."""
        counts: dict[str, int] = {}
        for each in self.changed:
            for name, digests in each.taken.items():
                counts[name] = counts.get(name, 0) + len(digests)
        for name, rows in counts.items():
            columns = (
                column for each in self.order.mentions if each.table == name for column in each.columns
            )
            yield name, rows, tuple(dict.fromkeys(columns))

    def _by_object(self) -> dict[str, list[Mention]]:
        found: dict[str, list[Mention]] = {}
        for each in self.order.mentions:
            found.setdefault(each.key.get("object", ""), []).append(each)
        if "" in found:
            raise Fatal(
                f"{self.store.name}: words about the person were found there when it was no store of files. Nothing "
                "was changed; a person has to look."
            )
        return found

    def _object(self, name: str, table: str) -> StoredObject:
        pattern, path = self.patterns.get(table), self.store.path_of(name)
        if pattern is not None:
            return StoredObject(self.store, path, 0, pattern.format, pattern.delimiter)
        return StoredObject(self.store, path, 0, *written_as(path))

    def _stands(self, table: str, values: Mapping[str, Any]) -> Standing:
        sieve = self.sieves.get(table)
        try:
            is_own = sieve is not None and sieve.holds(values)
        except Fatal:
            is_own = False
        if not is_own:
            return Standing.OF_OTHERS
        collection = self.data_map.collection(table)
        if collection.changes.erase == "keep" or RowEdits(self.order, collection).stays(values):
            return Standing.STAYS
        how = self.edits[table].how if table in self.edits else None
        return {How.DELETE: Standing.GOES, How.MASK: Standing.MASKED}.get(how, Standing.OF_OTHERS)  # type: ignore[arg-type]

    def _mapped(self, table: str) -> frozenset[str]:
        """What the map itself decides in rows that it leads to."""
        return frozenset(name.partition(".")[0] for name in self.data_map.collection(table).by_name)
