"""Going through a folder or bucket: the objects of each collection of the map, and all that no pattern of it names."""

import re
from collections.abc import Iterator, Mapping
from itertools import islice
from time import monotonic

from fsspec.utils import glob_translate

from fulfillment.connectors.damage import DAMAGED, is_damage
from fulfillment.connectors.errors import Fatal, Retryable
from fulfillment.connectors.file_store import FileStore
from fulfillment.connectors.file_sweeps.formats import Records, StoredObject, written_as
from fulfillment.connectors.likely import Likely
from fulfillment.connectors.sweeping import Position, Sweeper, SweptPage, SweptRow, SweptTable
from fulfillment.datamaps.descriptions import FilePattern
from fulfillment.traces.needles import Needles

# What no pattern of the map names goes by this; a name of an object may be personal, so it stands with the trace.
OTHERS = "other objects"
RECORDS_A_STRETCH = 20_000
SECONDS_A_STRETCH = 20.0
RECORDS_AT_ONCE = 500
SIZE_AT_ONCE = 4_000_000
# About so many bytes are a record, for the time left; Parquet packs them closer.
_BYTES_A_RECORD = {"csv": 100, "jsonl": 200, "parquet": 40, "lines": 150}


class FileSweeper(Sweeper):
    """Goes through the objects as they are listed at the beginning."""

    def __init__(self, store: FileStore, needles: Needles, patterns: Mapping[str, FilePattern]) -> None:
        self._store = store
        self._likely = Likely(needles)
        self._patterns = patterns
        self._objects: dict[str, list[StoredObject]] = {}

    def tables(self) -> list[SweptTable]:
        """One for each collection of the map, and one for all other objects."""
        self._objects = {name: [] for name in sorted((*self._patterns, OTHERS))}
        rules = {name: re.compile(glob_translate(each.anybodys)) for name, each in self._patterns.items()}
        for path, size in self._store.every():
            shown = self._store.shown(path)
            mine = next((name for name, rule in rules.items() if rule.fullmatch(shown)), OTHERS)
            self._objects[mine].append(self._object(mine, path, size))
        return [
            SweptTable(name, sum(map(_records, found)), ("object",)) for name, found in self._objects.items()
        ]

    def pages(self, table: SweptTable, *, after: Position | None = None) -> Iterator[SweptPage]:
        """The records that may hold the person, object after object; a position is an object and a place in it."""
        stretch = _Stretch()
        for each in self._objects[table.name]:
            done = 0
            if after is not None and each.path <= after[0]:
                if each.path < after[0] or after[1] is None:
                    continue
                done = after[1]
            yield from self._of_object(each, done, stretch)
        yield SweptPage([], stretch.looked)

    def _of_object(self, each: StoredObject, done: int, stretch: "_Stretch") -> Iterator[SweptPage]:
        """The records of one object from a place on. What is wrong with it is said, and the sweep goes on."""
        try:
            for part in _parts(islice(self._named(each), done, None)):
                done += part.looked
                yield SweptPage(part.rows)
                if (looked := stretch.ended(part.looked)) is not None:
                    yield SweptPage([], looked, [each.path, done])
        except (FileNotFoundError, PermissionError) as error:
            why = "is gone" if isinstance(error, FileNotFoundError) else "may not be read"
            yield SweptPage([], unread=(f"{each.name} {why}.",))
        except (Fatal, EOFError, ValueError, OSError, *DAMAGED) as error:
            if isinstance(error, OSError) and not is_damage(error):
                raise Retryable(
                    f"An object of {self._store.name} cannot be read ({type(error).__name__})."
                ) from None
            said = str(error) if isinstance(error, Fatal) else f"{each.name} is damaged."
            yield SweptPage([], unread=(said,))
        if (looked := stretch.ended(0)) is not None:
            yield SweptPage([], looked, [each.path, None])

    def _named(self, each: StoredObject) -> Records:
        """The name of an object may hold the person too."""
        if self._likely.text(each.name):
            yield SweptRow({"object": each.name}, {"name": each.name}, place=each.name)
        yield from each.records(self._likely)

    def _object(self, name: str, path: str, size: int) -> StoredObject:
        pattern = self._patterns.get(name)
        if pattern is not None:
            return StoredObject(self._store, path, size, pattern.format, pattern.delimiter)
        return StoredObject(self._store, path, size, *written_as(path))


def _parts(records: Records) -> Iterator[SweptPage]:
    """Records so many at a time that they can be held, however long one is."""
    rows: list[SweptRow] = []
    looked = size = 0
    for each in records:
        looked += 1
        if each is not None:
            rows.append(each)
            size += sum(len(value) for value in each.values.values() if isinstance(value, str | bytes))
        if looked >= RECORDS_AT_ONCE or size >= SIZE_AT_ONCE:
            yield SweptPage(rows, looked)
            rows, looked, size = [], 0, 0
    yield SweptPage(rows, looked)


class _Stretch:
    """How much was looked at since the last place from which it could go on."""

    def __init__(self) -> None:
        self.looked = 0
        self._until = monotonic() + SECONDS_A_STRETCH

    def ended(self, records: int) -> int | None:
        """Count further records; how many they are by now, where a stretch ends with them."""
        self.looked += records
        if self.looked < RECORDS_A_STRETCH and monotonic() < self._until:
            return None
        looked, self.looked = self.looked, 0
        self._until = monotonic() + SECONDS_A_STRETCH
        return looked


def _records(each: StoredObject) -> int:
    return max(1, each.size // _BYTES_A_RECORD[each.written_as]) if each.written_as else 1
