"""Files in a folder or bucket: JSON lines, CSV and Parquet, found by pattern and read through to the last line."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
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
from fulfillment.connectors.changing import ChangeOrder, ChangeReceipt, Note, Operation, Preflight, Verdict
from fulfillment.connectors.errors import NotConfigured, Unsupported
from fulfillment.connectors.file_changes.accounts import made_in, receipt_of
from fulfillment.connectors.file_changes.log import ReplacementLog
from fulfillment.connectors.file_changes.work import FileChange
from fulfillment.connectors.file_reading import FileReading
from fulfillment.connectors.file_store import FileStore, answering
from fulfillment.connectors.file_sweeps.sweeper import FileSweeper
from fulfillment.connectors.outbound import refuse_private_host
from fulfillment.connectors.query import SubjectQuery
from fulfillment.connectors.sweeping import Sweeper
from fulfillment.connectors.trail import Trail
from fulfillment.datamaps.datamap import DataMap
from fulfillment.datamaps.descriptions import FilePattern
from fulfillment.datamaps.traversal import traverse
from fulfillment.traces.needles import Needles


class ObjectStoreSettings(ConnectorSettings):
    """Where the files are; keys and endpoint are for buckets. They are changed only where that is allowed."""

    root: Annotated[str, StringConstraints(pattern=r"^(file|s3)://[^:]+$")]
    access_key: SecretStr | None = None
    secret_key: SecretStr | None = None
    endpoint_url: str | None = None
    may_change: bool = False

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
    changes = frozenset(Operation)
    takes_words_out = True

    def refuse_unfit_map(self, data_map: DataMap) -> None:
        """The map must say where the files are."""
        _patterns(data_map)

    def check(self, data_map: DataMap | None = None) -> CheckReport:
        """See that every pattern of the map finds files."""
        name = data_map.label if data_map else "The folder"
        store = self._store(name)
        if data_map is None:
            return CheckReport(f"{name} can be opened.")
        with answering(name):
            found = [len(store.files(pattern)) for pattern in _patterns(data_map).values()]
        return CheckReport(f"{name} has {sum(found)} files for the {len(found)} collections of its map.")

    def search(
        self, query: SubjectQuery, data_map: DataMap, *, heartbeat: Heartbeat = no_heartbeat
    ) -> Iterator[Yielded]:
        """All rows of all collections; those whose values lead on are read before the ones they lead to."""
        _patterns(data_map)
        refuse_unknown_person(query, data_map)
        with answering(data_map.label):
            yield from self._searched(query, data_map, self._store(data_map.label), heartbeat)

    def _searched(
        self, query: SubjectQuery, data_map: DataMap, store: FileStore, heartbeat: Heartbeat
    ) -> Iterator[Yielded]:
        patterns = _patterns(data_map)
        files = {name: store.files_for(query, pattern) for name, pattern in patterns.items()}
        traversal = traverse(data_map, query.kinds)
        trail = Trail(data_map, query, traversal.steps)
        for step in traversal.steps:
            reading = FileReading(store, trail.sieve(step), patterns[step.collection])
            for rows in reading.parts(files[step.collection]):
                heartbeat()
                for row in rows:
                    trail.keep(step.collection, row)
                lines = [line for line in map(reading.reader.line, rows) if line is not None]
                if lines and not step.is_entrance:
                    yield Batch(step.collection, lines)
            if not step.is_entrance:
                yield CollectionDone(step.collection, reading.reader.count, unmapped=reading.unmapped)
        for name in traversal.unreachable:
            yield unsearched(name, query)

    @contextmanager
    def swept(
        self,
        needles: Needles,
        *,
        name: str,
        purpose: str,
        data_map: DataMap | None = None,
        heartbeat: Heartbeat = no_heartbeat,
    ) -> Iterator[Sweeper]:
        """Every object below the root, whether a pattern of the map names it or not."""
        patterns = _patterns(data_map) if data_map is not None else {}
        with answering(name):
            yield FileSweeper(self._store(name), needles, patterns)

    def preflight(
        self, order: ChangeOrder, data_map: DataMap, *, heartbeat: Heartbeat = no_heartbeat
    ) -> Preflight:
        """Every file read; nothing written."""
        with answering(data_map.label):
            return self._change(order, data_map, heartbeat).look()

    def change(
        self, order: ChangeOrder, data_map: DataMap, *, note: Note, heartbeat: Heartbeat = no_heartbeat
    ) -> ChangeReceipt:
        """Files written anew beside the old ones, which they replace when all are ready."""
        with answering(data_map.label):
            return self._change(order, data_map, heartbeat).change(note)

    def settle(
        self,
        order: ChangeOrder,
        data_map: DataMap,
        noted: ChangeReceipt,
        *,
        heartbeat: Heartbeat = no_heartbeat,
    ) -> Verdict:
        """By the order's log, and by what the files hold. Where something is left the order goes on with that."""
        with answering(data_map.label):
            return Verdict.DONE if self._change(order, data_map, heartbeat).is_done() else Verdict.NOT_DONE

    def made_so_far(self, order: ChangeOrder, data_map: DataMap) -> ChangeReceipt:
        """The files that the order's log says are replaced, and those that are not."""
        found = self._by_log(order, ChangeReceipt(()))
        return replace(found, made=made_in(ReplacementLog(self.memory, order.key).done))

    def receipt_of(self, order: ChangeOrder, data_map: DataMap, noted: ChangeReceipt) -> ChangeReceipt:
        """By the log, which knows of every attempt; what is kept is as it was noted."""
        return self._by_log(order, noted)

    def _by_log(self, order: ChangeOrder, noted: ChangeReceipt) -> ChangeReceipt:
        log = ReplacementLog(self.memory, order.key)
        if not log.is_open:
            return noted
        entries = log.entries
        found = receipt_of(order, entries, counted=log.done, token=log.name, kept=noted.kept)
        known = {(line.collection, line.how) for line in found.lines}
        empty = (line for line in noted.lines if not line.rows and (line.collection, line.how) not in known)
        return replace(found, lines=(*found.lines, *empty), not_taken=noted.not_taken or found.not_taken)

    def _change(self, order: ChangeOrder, data_map: DataMap, heartbeat: Heartbeat) -> FileChange:
        if not self.settings.may_change:
            raise Unsupported(f"The settings of {data_map.label} do not allow changes (may_change).")
        refuse_unknown_person(order.query, data_map)
        store, patterns = self._store(data_map.label), _patterns(data_map)
        return FileChange(order, data_map, store, patterns, heartbeat, self.memory, self.reached)

    def _store(self, name: str) -> FileStore:
        if self.settings.endpoint_url:
            refuse_private_host(self.settings.endpoint_url, name)
        return FileStore(self.settings.root, self.settings.options(), name)


def _patterns(data_map: DataMap) -> Mapping[str, FilePattern]:
    if data_map.files is None:
        raise NotConfigured(
            f"The map of {data_map.label} lacks meta.omne.files, which says where the files are."
        )
    return data_map.files.collections


CONNECTOR = ObjectStoreConnector
