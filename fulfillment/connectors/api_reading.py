"""Reads one collection of an API for one person, and refuses what is not theirs."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Any

from fulfillment.connectors.api_calls import Call
from fulfillment.connectors.api_filling import Filling, fillings, owner_of
from fulfillment.connectors.api_jobs import Export
from fulfillment.connectors.base import Batch, CollectionDone, Yielded
from fulfillment.connectors.errors import Fatal, NotConfigured
from fulfillment.connectors.http import ApiClient
from fulfillment.connectors.query import SubjectQuery
from fulfillment.connectors.records import RecordReader, values_at
from fulfillment.connectors.spellings import folded
from fulfillment.datamaps.api_description import ApiDescription
from fulfillment.datamaps.datamap import Collection, DataMap
from fulfillment.datamaps.traversal import traverse

Row = dict[str, Any]


def walk(data_map: DataMap, query: SubjectQuery, constants: Filling) -> Iterator["Reading"]:
    """A reading for each collection, parents first; each is to be read to its end before the next is taken."""
    known: dict[str, Sequence[Filling]] = {
        f"identity.{kind}": [{f"identity.{kind}": value} for value in query.values(kind)]
        for kind in query.kinds
    }
    known["settings"] = [constants]
    for step in traverse(data_map, query.kinds).steps:
        reading = Reading(data_map, step.collection, known, query.reference)
        yield reading
        known[step.collection] = list(reading.found.values())


class Reading:
    """Reads one collection, and keeps of its rows only what later calls want filled in."""

    def __init__(
        self, data_map: DataMap, name: str, known: Mapping[str, Sequence[Filling]], reference: str
    ) -> None:
        self.found: dict[tuple[str, ...], Filling] = {}
        self._map = data_map
        self.collection = self._collection = data_map.collection(name)
        self._api = _api(data_map)
        self._endpoint = self._api.collections[name]
        self._known = known
        self._reference = reference
        wanted = (each for endpoint in self._api.collections.values() for each in endpoint.blanks)
        self._wanted = tuple(dict.fromkeys(each for each in wanted if owner_of(each, data_map) == name))

    def rows(self, client: ApiClient) -> Iterator[Yielded]:
        """Batches, and the collection's end."""
        name = self._collection.name
        reader = RecordReader(self._collection, self._map.label)
        for _, rows in self.pages(client, reader):
            lines = [line for line in map(reader.line, rows) if line is not None]
            if lines:
                yield Batch(name, lines)
        yield CollectionDone(name, reader.count, unmapped=reader.unmapped)

    def pages(self, client: ApiClient, reader: RecordReader) -> Iterator[tuple[Filling, list[Row]]]:
        """The person's rows, with what was filled in to find them. Raises ConnectorError."""
        for filling in self._fillings():
            for records in self._ways(filling).records(client):
                rows = [reader.checked(record) for record in self._theirs(records, filling)]
                for row in rows:
                    self._keep(row)
                yield filling, rows

    def refuse_records_of_nobody(self, client: ApiClient) -> None:
        """Ask with what is known, which is nobody's. Raises Fatal when records come all the same."""
        for filling in self._fillings():
            for records in self._ways(filling).records(client):
                exact = self._endpoint.others == "refuse"
                if records if exact else any(self._theirs(records, filling)):
                    raise Fatal(
                        f"{self._map.label} gives {self._collection.name} of others when asked for nobody."
                    )

    def forget_jobs(self, client: ApiClient) -> None:
        """The search is over: what was exported for it is not used again."""
        for filling in self._fillings():
            way = self._ways(filling)
            if isinstance(way, Export):
                way.forget(client)

    def _fillings(self) -> Iterator[Filling]:
        return fillings(self._endpoint.blanks, self._known, self._map)

    def _ways(self, filling: Filling) -> Call | Export:
        verdict = self._endpoint.verdict or self._api.verdict
        job = self._endpoint.job
        if job is not None:
            return Export(self._collection, self._endpoint, job, filling, self._reference, verdict)
        return Call(self._collection.name, self._endpoint, filling, verdict)

    def _keep(self, row: Mapping[str, Any]) -> None:
        """A list leads on by each of its elements."""
        prefix = f"{self._collection.name}."
        values = [
            [str(each) for each in values_at(row, name.removeprefix(prefix)) if each is not None]
            for name in self._wanted
        ]
        for texts in product(*values) if self._wanted else ():
            self.found.setdefault(texts, dict(zip(self._wanted, texts, strict=True)))

    def _theirs(self, records: Sequence[Any], filling: Filling) -> Iterator[Any]:
        """The records that carry what was asked for, wherever the map says that it stands. Raises Fatal."""
        places = {name: _echoes(self._collection, self._map, name) for name in filling}
        for record in records:
            if all(self._carries(record, name, filling[name], where) for name, where in places.items()):
                yield record
            elif self._endpoint.others == "refuse":
                raise Fatal(
                    f"{self._map.label} gave {self._collection.name} of somebody else; nothing of it is kept."
                )

    def _carries(self, record: Any, name: str, value: str, places: Sequence[str]) -> bool:
        if not places or not isinstance(record, dict):
            return True
        kind = self._kind(name)
        answers = (folded(kind, str(each)) for place in places for each in values_at(record, place))
        wanted = folded(kind, value)
        return wanted != "" and wanted in answers

    def _kind(self, blank: str) -> str:
        """As what two values of a blank are compared: an identity as its kind, an address found before as one."""
        found = self._map.find_field(blank)
        if found is not None:
            return "email" if found[1].is_email else ""
        return blank.removeprefix("identity.")


def _echoes(collection: Collection, data_map: DataMap, blank: str) -> list[str]:
    """The fields of a collection in which the value of a blank must come back."""
    if blank.startswith("identity."):
        kind = blank.removeprefix("identity.")
        return [each.name for each in collection.every_field() if each.identity == kind and not each.secret]
    return [
        each.name
        for each in collection.every_field()
        if any(ref.dataset == data_map.key and ref.target == blank for ref in each.references)
    ]


def _api(data_map: DataMap) -> ApiDescription:
    if data_map.api is None:
        raise NotConfigured(f"The map of {data_map.label} lacks meta.omne.api.")
    return data_map.api
