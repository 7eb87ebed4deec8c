"""Web APIs described in a map: addresses with blanks, pages, look-ups that follow from one another."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import httpx
from pydantic import Field, SecretStr, field_validator

from fulfillment.connectors.api_calls import Call, Filling, fillings, owner_of
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
from fulfillment.connectors.http import JsonClient, Limits
from fulfillment.connectors.outbound import refuse_unfit_url
from fulfillment.connectors.query import SubjectQuery
from fulfillment.connectors.records import RecordReader, folded, value_at, values_at
from fulfillment.datamaps.datamap import Collection, DataMap
from fulfillment.datamaps.descriptions import ApiDescription, BearerAuth, Endpoint
from fulfillment.datamaps.traversal import traverse

# Nobody can have an address under this name: a question about it reads no record.
NOBODY = "nobody@omne-dsar.invalid"


class RestApiSettings(ConnectorSettings):
    """Where the API is, and what opens it."""

    base_url: str
    token: SecretStr | None = None
    total_seconds: float = Field(default=1800, gt=0, le=86_400)
    answer_bytes: int = Field(default=20_000_000, ge=1000)
    total_bytes: int = Field(default=2_000_000_000, ge=1000)

    @field_validator("base_url")
    @classmethod
    def _can_be_called(cls, base_url: str) -> str:
        try:
            refuse_unfit_url(httpx.URL(base_url))
        except httpx.InvalidURL:
            raise ValueError("it is not an address such as https://desk.example.com") from None
        except NotConfigured as refused:
            raise ValueError(str(refused)) from None
        return base_url


class RestApiConnector(Connector[RestApiSettings]):
    """A web API, read as the map's `meta.omne.api` describes it."""

    kind = "rest_api"
    label = "Web API"
    settings_model = RestApiSettings

    def refuse_unfit_map(self, data_map: DataMap) -> None:
        """The map must say how the API is asked, and the settings hold the token it speaks of."""
        if data_map.api is None:
            raise NotConfigured(
                f"The map of {data_map.label} lacks meta.omne.api, which says how the API is asked."
            )
        if isinstance(data_map.api.auth, BearerAuth) and self.settings.token is None:
            raise NotConfigured(f"The settings of {data_map.label} lack the token that its map speaks of.")

    def check(self, data_map: DataMap | None = None) -> CheckReport:
        """Ask every endpoint that takes an identity for somebody who does not exist."""
        if data_map is None:
            raise NotConfigured("A web API can only be checked with its map, which says how it is asked.")
        self.refuse_unfit_map(data_map)
        asked = 0
        with self._client(data_map, no_heartbeat) as client:
            for name, endpoint in _described(data_map).collections.items():
                if all(each.startswith("identity.") for each in endpoint.blanks):
                    filling = dict.fromkeys(endpoint.blanks, NOBODY)
                    if any(found for found in Call(name, endpoint, filling).records(client)):
                        raise Fatal(f"{data_map.label} gives {name} of others when asked for nobody.")
                    asked += 1
        return CheckReport(f"{data_map.label} answers at the {asked} addresses where a person is looked up.")

    def search(
        self, query: SubjectQuery, data_map: DataMap, *, heartbeat: Heartbeat = no_heartbeat
    ) -> Iterator[Yielded]:
        """All records of all collections, parents before what is looked up by them."""
        self.refuse_unfit_map(data_map)
        refuse_unknown_person(query, data_map)
        traversal = traverse(data_map, query.kinds)
        known: dict[str, Sequence[Filling]] = {
            f"identity.{kind}": [{f"identity.{kind}": value} for value in query.values(kind)]
            for kind in query.kinds
        }
        with self._client(data_map, heartbeat) as client:
            for step in traversal.steps:
                reading = _Reading(data_map, step.collection, known)
                yield from reading.rows(client)
                known[step.collection] = list(reading.found.values())
        for name in traversal.unreachable:
            yield unsearched(name, query)

    @contextmanager
    def _client(self, data_map: DataMap, heartbeat: Heartbeat) -> Iterator[JsonClient]:
        api = _described(data_map)
        token = self.settings.token
        headers = {"authorization": f"Bearer {token.get_secret_value()}"} if token else {}
        limits = Limits(
            answer_seconds=api.timeout_seconds,
            total_seconds=self.settings.total_seconds,
            answer_bytes=self.settings.answer_bytes,
            total_bytes=self.settings.total_bytes,
            per_minute=api.rate.per_minute if api.rate else None,
        )
        client = JsonClient(data_map.label, httpx.URL(self.settings.base_url), headers, limits, heartbeat)
        try:
            yield client
        finally:
            client.close()


class _Reading:
    """Reads one collection, and keeps of its rows only what later addresses want filled in."""

    def __init__(self, data_map: DataMap, name: str, known: Mapping[str, Sequence[Filling]]) -> None:
        api = _described(data_map)
        self.found: dict[tuple[str, ...], Filling] = {}
        self._map = data_map
        self._collection = data_map.collection(name)
        self._endpoint: Endpoint = api.collections[name]
        self._known = known
        wanted = (each for endpoint in api.collections.values() for each in endpoint.blanks)
        self._wanted = tuple(dict.fromkeys(each for each in wanted if owner_of(each) == name))

    def rows(self, client: JsonClient) -> Iterator[Yielded]:
        """Batches, and the collection's end."""
        name = self._collection.name
        reader = RecordReader(self._collection, self._map.label)
        for filling in fillings(self._endpoint, self._known):
            for records in Call(name, self._endpoint, filling).records(client):
                rows = [reader.checked(record) for record in records]
                for row in rows:
                    self._refuse_other_person(row, filling)
                    self._keep(row)
                lines = [line for line in map(reader.line, rows) if line is not None]
                if lines:
                    yield Batch(name, lines)
        yield CollectionDone(name, reader.count, unmapped=reader.unmapped)

    def _keep(self, row: Mapping[str, Any]) -> None:
        if not self._wanted:
            return
        prefix = f"{self._collection.name}."
        values = tuple(value_at(row, name.removeprefix(prefix)) for name in self._wanted)
        if all(value is not None for value in values):
            texts = tuple(str(value) for value in values)
            self.found.setdefault(texts, dict(zip(self._wanted, texts, strict=True)))

    def _refuse_other_person(self, row: Mapping[str, Any], filling: Filling) -> None:
        """What the source was asked for must stand in its answer, wherever the map says that it does."""
        for name, value in filling.items():
            kind = name.removeprefix("identity.")
            places = _echoes(self._collection, self._map, name)
            answers = [folded(kind, each) for place in places for each in values_at(row, place)]
            if places and folded(kind, value) not in answers:
                raise Fatal(
                    f"{self._map.label} gave {self._collection.name} of somebody else; nothing of it is kept."
                )


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


def _described(data_map: DataMap) -> ApiDescription:
    """The map's description of the API; refuse_unfit_map has seen that it is there."""
    if data_map.api is None:
        raise NotConfigured(f"The map of {data_map.label} lacks meta.omne.api.")
    return data_map.api


CONNECTOR = RestApiConnector
