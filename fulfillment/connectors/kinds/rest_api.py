"""Web APIs described in a map: addresses with blanks, pages, look-ups that follow from one another."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import httpx
from pydantic import Field, SecretStr, field_validator

from fulfillment.connectors.api_auth import credentials_for, wanted_settings
from fulfillment.connectors.api_changing import Changing
from fulfillment.connectors.api_expected import expected_of_api
from fulfillment.connectors.api_filling import Filling
from fulfillment.connectors.api_reading import Reading, walk
from fulfillment.connectors.api_sweeper import ApiSweeper, listed, no_list
from fulfillment.connectors.base import (
    CheckReport,
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
from fulfillment.connectors.expected import Expected
from fulfillment.connectors.http import ApiClient, Limits
from fulfillment.connectors.outbound import refuse_unfit_url
from fulfillment.connectors.query import SubjectQuery
from fulfillment.connectors.sweeping import Sweeper
from fulfillment.datamaps.api_description import ApiDescription
from fulfillment.datamaps.datamap import DataMap
from fulfillment.datamaps.traversal import traverse
from fulfillment.traces.needles import Needles

# Nobody can have these: a question about them reads no record.
NOBODY = "nobody@omne-dsar.invalid"
NOBODYS = {"email": NOBODY, "phone_number": "+10000000000"}


class RestApiSettings(ConnectorSettings):
    """Where the API is, and what opens it; `values` are what the map's calls want as {settings.NAME}."""

    base_url: str
    token: SecretStr | None = None
    user: str | None = None
    password: SecretStr | None = None
    client_id: str | None = None
    client_secret: SecretStr | None = None
    refresh_token: SecretStr | None = None
    values: dict[str, str] = Field(default_factory=dict)
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
    changes = frozenset(Operation)
    # Its calls are counted in the source's memory.
    swept_alongside = False

    def refuse_unfit_map(self, data_map: DataMap) -> None:
        """The map must say how the API is asked, and the settings hold what it speaks of."""
        api = _described(data_map)
        for name in wanted_settings(api.auth):
            if not getattr(self.settings, name):
                raise NotConfigured(
                    f"The settings of {data_map.label} lack the {name} that its map speaks of."
                )
        wanted = (blank for endpoint in api.collections.values() for blank in endpoint.blanks)
        for blank in wanted:
            name = blank.removeprefix("settings.")
            if name != blank and name not in self.settings.values:
                raise NotConfigured(
                    f"The settings of {data_map.label} lack the value “{name}” that its map wants."
                )

    def check(self, data_map: DataMap | None = None) -> CheckReport:
        """Ask every endpoint that takes an identity for somebody who does not exist."""
        if data_map is None:
            raise NotConfigured("A web API can only be checked with its map, which says how it is asked.")
        self.refuse_unfit_map(data_map)
        asked = 0
        with self._client(data_map, no_heartbeat) as client:
            for name, endpoint in _described(data_map).collections.items():
                if endpoint.job is None and all(_is_given(each) for each in endpoint.blanks):
                    known = {owner: [filling] for owner, filling in self._nobody(endpoint.blanks)}
                    Reading(data_map, name, known, "check").refuse_records_of_nobody(client)
                    asked += 1
        return CheckReport(f"{data_map.label} answers at the {asked} addresses where a person is looked up.")

    def search(
        self, query: SubjectQuery, data_map: DataMap, *, heartbeat: Heartbeat = no_heartbeat
    ) -> Iterator[Yielded]:
        """All records of all collections, parents before what is looked up by them."""
        self.refuse_unfit_map(data_map)
        refuse_unknown_person(query, data_map)
        with self._client(data_map, heartbeat) as client:
            readings = []
            for reading in walk(data_map, query, self._constants()):
                yield from reading.rows(client)
                readings.append(reading)
            for reading in readings:
                reading.forget_jobs(client)
        for name in traverse(data_map, query.kinds).unreachable:
            yield unsearched(name, query)

    @classmethod
    def why_not_swept(cls, data_map: DataMap) -> str:
        """An API is gone through by the lists its map declares; without any there is nothing to walk."""
        return "" if listed(data_map) else no_list(data_map)

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
        """Every list the map declares, within the limits of the settings and the rate of the map."""
        if data_map is None:
            raise NotConfigured(f"{name} can only be gone through with its map, which says how it is asked.")
        self.refuse_unfit_map(data_map)
        if not listed(data_map):
            raise Unsupported(no_list(data_map))
        with self._client(data_map, heartbeat) as client:
            yield ApiSweeper(data_map, client, self._constants(), needles)

    def preflight(
        self, order: ChangeOrder, data_map: DataMap, *, heartbeat: Heartbeat = no_heartbeat
    ) -> Preflight:
        """Find what would change, and say what this API cannot; nothing is changed."""
        with self._changing(order, data_map, heartbeat) as changing:
            return changing.preflight()

    def change(
        self, order: ChangeOrder, data_map: DataMap, *, note: Note, heartbeat: Heartbeat = no_heartbeat
    ) -> ChangeReceipt:
        """Change record after record; what was begun is known to the source's memory before it is sent."""
        with self._changing(order, data_map, heartbeat) as changing:
            return changing.carry_out(note)

    def settle(
        self,
        order: ChangeOrder,
        data_map: DataMap,
        noted: ChangeReceipt,
        *,
        heartbeat: Heartbeat = no_heartbeat,
    ) -> Verdict:
        """Ask the API about the record that was being changed when the attempt ended."""
        with self._changing(order, data_map, heartbeat) as changing:
            return changing.settle()

    def made_so_far(self, order: ChangeOrder, data_map: DataMap) -> ChangeReceipt:
        """The records of which the source's memory says that they are done."""
        with self._changing(order, data_map, no_heartbeat) as changing:
            return changing.so_far()

    @classmethod
    def expected(cls, order: ChangeOrder, data_map: DataMap) -> tuple[Expected, ...]:
        """As the calls say how a record reads afterwards."""
        return expected_of_api(order, data_map)

    @contextmanager
    def _changing(self, order: ChangeOrder, data_map: DataMap, heartbeat: Heartbeat) -> Iterator[Changing]:
        self.refuse_unfit_map(data_map)
        refuse_unknown_person(order.query, data_map)
        with self._client(data_map, heartbeat) as client:
            yield Changing(order, data_map, client, self._constants(), self.reached)

    def _constants(self) -> Filling:
        return {f"settings.{name}": value for name, value in self.settings.values.items()}

    def _nobody(self, blanks: Sequence[str]) -> Iterator[tuple[str, Filling]]:
        yield "settings", self._constants()
        for each in blanks:
            if each.startswith("identity."):
                yield each, {each: NOBODYS.get(each.removeprefix("identity."), NOBODY)}

    @contextmanager
    def _client(self, data_map: DataMap, heartbeat: Heartbeat) -> Iterator[ApiClient]:
        api = _described(data_map)
        limits = Limits(
            answer_seconds=api.timeout_seconds,
            total_seconds=self.settings.total_seconds,
            answer_bytes=self.settings.answer_bytes,
            total_bytes=self.settings.total_bytes,
            calls=api.rate.limits if api.rate else (),
        )
        base = httpx.URL(self.settings.base_url)
        credentials = credentials_for(api.auth, dict(self.settings))
        client = ApiClient(data_map.label, base, credentials, limits, heartbeat, self.memory, api.headers)
        try:
            yield client
        finally:
            client.close()


def _is_given(blank: str) -> bool:
    """Whether a blank is filled in without any record."""
    return blank.startswith(("identity.", "settings."))


def _described(data_map: DataMap) -> ApiDescription:
    """The map's description of the API. Raises NotConfigured when it has none."""
    if data_map.api is None:
        raise NotConfigured(
            f"The map of {data_map.label} lacks meta.omne.api, which says how the API is asked."
        )
    return data_map.api


CONNECTOR = RestApiConnector
