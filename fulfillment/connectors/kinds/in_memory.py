"""Rows held in the settings themselves: the double that tests and tutorials use in place of a system."""

from collections.abc import Iterable, Iterator
from typing import Any, Literal

from pydantic import Field

from fulfillment.connectors.base import (
    CheckReport,
    CollectionDone,
    ConnectorSettings,
    Heartbeat,
    Yielded,
    no_heartbeat,
)
from fulfillment.connectors.errors import Fatal, NotConfigured, Retryable
from fulfillment.connectors.query import SubjectQuery
from fulfillment.connectors.sifting import SiftingConnector
from fulfillment.datamaps.datamap import Collection, DataMap


class InMemorySettings(ConnectorSettings):
    """Rows by collection; `fails` makes every search end that way, after the first collection was given."""

    rows: dict[str, list[dict[str, Any]]] = Field(default_factory=dict)
    fails: Literal["", "retryable", "fatal"] = ""


class InMemoryConnector(SiftingConnector[InMemorySettings]):
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
        """The rows that the map's ways lead to; it fails after the first collection where it is to."""
        self.check(data_map)
        for each in super().search(query, data_map, heartbeat=heartbeat):
            yield each
            if isinstance(each, CollectionDone):
                self._fail()

    def rows(self, collection: Collection) -> Iterable[dict[str, Any]]:
        """What the settings hold."""
        return self.settings.rows[collection.name]

    def _fail(self) -> None:
        if self.settings.fails == "retryable":
            raise Retryable("The source cannot be reached.", retry_after=1)
        if self.settings.fails == "fatal":
            raise Fatal("The source answered something that is of no use.")


CONNECTOR = InMemoryConnector
