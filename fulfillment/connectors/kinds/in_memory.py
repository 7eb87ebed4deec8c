"""Rows held in the settings themselves: the double that tests and tutorials use in place of a system."""

from collections.abc import Iterator
from typing import Any, Literal

from pydantic import Field

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
from fulfillment.connectors.errors import Fatal, NotConfigured, Retryable
from fulfillment.connectors.query import SubjectQuery
from fulfillment.connectors.records import RecordReader
from fulfillment.connectors.trail import Trail
from fulfillment.datamaps.datamap import DataMap
from fulfillment.datamaps.traversal import traverse


class InMemorySettings(ConnectorSettings):
    """Rows by collection; `fails` makes every search end that way, after the first collection was given."""

    rows: dict[str, list[dict[str, Any]]] = Field(default_factory=dict)
    fails: Literal["", "retryable", "fatal"] = ""


class InMemoryConnector(Connector[InMemorySettings]):
    """A source made of lists."""

    kind = "in_memory"
    label = "In memory"
    settings_model = InMemorySettings
    offered = False

    def check(self, data_map: DataMap | None = None) -> CheckReport:
        """Compare the collections with the map's."""
        missing = (
            [each.name for each in data_map.collections if each.name not in self.settings.rows]
            if data_map
            else []
        )
        if missing:
            raise NotConfigured(f"The map names {', '.join(missing)}, which this source does not have.")
        return CheckReport("The source answers.")

    def search(
        self, query: SubjectQuery, data_map: DataMap, *, heartbeat: Heartbeat = no_heartbeat
    ) -> Iterator[Yielded]:
        """The rows that the map's ways lead to."""
        self.check(data_map)
        refuse_unknown_person(query, data_map)
        traversal = traverse(data_map, query.kinds)
        trail = Trail(data_map, query, traversal.steps)
        for step in traversal.steps:
            heartbeat()
            sieve, reader = (
                trail.sieve(step),
                RecordReader(data_map.collection(step.collection), data_map.label),
            )
            rows = [reader.checked(row) for row in self.settings.rows[step.collection] if sieve.holds(row)]
            for row in rows:
                trail.keep(step.collection, row)
            lines = [line for line in map(reader.line, rows) if line is not None]
            if lines:
                yield Batch(step.collection, lines)
            yield CollectionDone(step.collection, reader.count, unmapped=reader.unmapped)
            self._fail()
        for name in traversal.unreachable:
            yield unsearched(name, query)

    def _fail(self) -> None:
        if self.settings.fails == "retryable":
            raise Retryable("The source cannot be reached.", retry_after=1)
        if self.settings.fails == "fatal":
            raise Fatal("The source answered something that is of no use.")


CONNECTOR = InMemoryConnector
