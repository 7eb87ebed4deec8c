"""Files in a folder or bucket: JSON lines and Parquet, found by pattern and read through to the last line."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any

from pydantic import SecretStr, StringConstraints

from fulfillment.connectors.base import (
    Batch,
    CheckReport,
    CollectionDone,
    Connector,
    ConnectorSettings,
    Heartbeat,
    Yielded,
    no_heartbeat,
    refuse_unknown_person,
    unsearched,
)
from fulfillment.connectors.errors import Fatal, NotConfigured
from fulfillment.connectors.file_store import FileStore
from fulfillment.connectors.json_lines import json_line_rows
from fulfillment.connectors.outbound import refuse_private_host
from fulfillment.connectors.parquet import ParquetFile
from fulfillment.connectors.query import SubjectQuery
from fulfillment.connectors.records import RecordReader
from fulfillment.connectors.trail import Sieve, Trail
from fulfillment.datamaps.datamap import DataMap
from fulfillment.datamaps.descriptions import FilePattern
from fulfillment.datamaps.traversal import traverse

Rows = list[dict[str, Any]]


class ObjectStoreSettings(ConnectorSettings):
    """Where the files are; keys and endpoint are for buckets."""

    root: Annotated[str, StringConstraints(pattern=r"^(file|s3|gs|abfs)://[^:]+$")]
    access_key: SecretStr | None = None
    secret_key: SecretStr | None = None
    endpoint_url: str | None = None

    def options(self) -> dict[str, Any]:
        """What the store's library wants to know."""
        found: dict[str, Any] = {}
        if self.access_key and self.secret_key:
            found |= {"key": self.access_key.get_secret_value(), "secret": self.secret_key.get_secret_value()}
        if self.endpoint_url:
            found["endpoint_url"] = self.endpoint_url
        return found


class ObjectStoreConnector(Connector[ObjectStoreSettings]):
    """Files, read as the map's `meta.omne.files` describes them."""

    kind = "object_store"
    label = "Files"
    settings_model = ObjectStoreSettings

    def refuse_unfit_map(self, data_map: DataMap) -> None:
        """The map must say where the files are."""
        _patterns(data_map)

    def check(self, data_map: DataMap | None = None) -> CheckReport:
        """See that every pattern of the map finds files."""
        name = data_map.label if data_map else "The folder"
        store = self._store(name)
        if data_map is None:
            return CheckReport(f"{name} can be opened.")
        found = [len(store.files(pattern.glob)) for pattern in _patterns(data_map).values()]
        return CheckReport(f"{name} has {sum(found)} files for the {len(found)} collections of its map.")

    def search(
        self, query: SubjectQuery, data_map: DataMap, *, heartbeat: Heartbeat = no_heartbeat
    ) -> Iterator[Yielded]:
        """All rows of all collections; those whose values lead on are read before the ones they lead to."""
        patterns = _patterns(data_map)
        refuse_unknown_person(query, data_map)
        store = self._store(data_map.label)
        files = {name: store.files(pattern.glob) for name, pattern in patterns.items()}
        traversal = traverse(data_map, query.kinds)
        trail = Trail(data_map, query, traversal.steps)
        for step in traversal.steps:
            reading = _Reading(store, trail.sieve(step), patterns[step.collection])
            for rows in reading.parts(files[step.collection]):
                heartbeat()
                for row in rows:
                    trail.keep(step.collection, row)
                lines = [line for line in map(reading.reader.line, rows) if line is not None]
                if lines:
                    yield Batch(step.collection, lines)
            yield CollectionDone(step.collection, reading.reader.count, unmapped=reading.unmapped)
        for name in traversal.unreachable:
            yield unsearched(name, query)

    def _store(self, name: str) -> FileStore:
        if self.settings.endpoint_url:
            refuse_private_host(self.settings.endpoint_url, name)
        return FileStore(self.settings.root, self.settings.options(), name)


class _Reading:
    """Reads the files of one collection."""

    def __init__(self, store: FileStore, sieve: Sieve, pattern: FilePattern) -> None:
        self._store = store
        self._sieve = sieve
        self._is_parquet = pattern.format == "parquet"
        # The types of Parquet are the file's own; those of JSON lines have to be looked at.
        self.reader = RecordReader(sieve.collection, store.name, typed=not self._is_parquet)
        self._columns: dict[str, None] = {}

    @property
    def unmapped(self) -> tuple[str, ...]:
        """What the files have and the map does not mention."""
        known = self._sieve.collection.by_name
        beside = (name for name in self._columns if name not in known)
        return tuple(dict.fromkeys((*beside, *self.reader.unmapped)))

    def parts(self, files: Sequence[str]) -> Iterator[Rows]:
        """The person's rows, reduced to the map; a part may be empty."""
        for path in files:
            yield from self._parquet(path) if self._is_parquet else self._json_lines(path)

    def _parquet(self, path: str) -> Iterator[Rows]:
        file = ParquetFile(self._store.filesystem, path, self._store.shown(path))
        self._columns.update(dict.fromkeys(file.columns))
        for rows in file.rows(self._sieve):
            yield [self.reader.checked(row) for row in rows]

    def _json_lines(self, path: str) -> Iterator[Rows]:
        name = self._store.shown(path)
        for part in json_line_rows(self._store.filesystem, path, name):
            found: Rows = []
            for number, row in part:
                try:
                    if self._sieve.holds(row):
                        found.append(self.reader.checked(row))
                except Fatal as refused:
                    raise Fatal(f"{name}, line {number}: {refused}") from None
            yield found


def _patterns(data_map: DataMap) -> Mapping[str, FilePattern]:
    if data_map.files is None:
        raise NotConfigured(
            f"The map of {data_map.label} lacks meta.omne.files, which says where the files are."
        )
    return data_map.files.collections


CONNECTOR = ObjectStoreConnector
