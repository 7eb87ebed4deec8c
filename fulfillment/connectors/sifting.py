"""For systems that hand whole collections over: the person's rows are picked out here, along the ways of the map."""

from abc import abstractmethod
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from fulfillment.connectors.base import (
    Batch,
    CollectionDone,
    Connector,
    Heartbeat,
    SettingsT,
    Yielded,
    no_heartbeat,
    refuse_unknown_person,
    unsearched,
)
from fulfillment.connectors.query import SubjectQuery
from fulfillment.connectors.records import RecordReader
from fulfillment.connectors.trail import Trail
from fulfillment.datamaps.datamap import Collection, DataMap
from fulfillment.datamaps.traversal import traverse

ROWS_AT_ONCE = 500


class SiftingConnector(Connector[SettingsT]):
    """Say what `rows` a collection has, and what `check` sees; everything else is done."""

    @abstractmethod
    def rows(self, collection: Collection) -> Iterable[dict[str, Any]]:
        """Every row of a collection, whoever it is about, as plain values. Raises ConnectorError."""

    def search(
        self, query: SubjectQuery, data_map: DataMap, *, heartbeat: Heartbeat = no_heartbeat
    ) -> Iterator[Yielded]:
        """The rows that the map's ways lead to; each collection is gone through once, the person's rows are held."""
        refuse_unknown_person(query, data_map)
        traversal = traverse(data_map, query.kinds)
        trail = Trail(data_map, query, traversal.steps)
        for step in traversal.steps:
            heartbeat()
            collection = data_map.collection(step.collection)
            sieve, reader = trail.sieve(step), RecordReader(collection, data_map.label)
            found = [reader.checked(row) for row in self.rows(collection) if sieve.holds(row)]
            for row in found:
                trail.keep(step.collection, row)
            if step.is_entrance:
                continue
            lines = (line for line in map(reader.line, found) if line is not None)
            while some := list(islice(lines, ROWS_AT_ONCE)):
                heartbeat()
                yield Batch(step.collection, some)
            yield CollectionDone(step.collection, reader.count, unmapped=reader.unmapped)
        for name in traversal.unreachable:
            yield unsearched(name, query)
