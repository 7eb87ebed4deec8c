"""Going through a web API for a person: every list that its map declares, page by page, to a visible end."""

from collections.abc import Iterator, Sequence
from itertools import product
from typing import Any

import httpx

from fulfillment.connectors.api_calls import Call
from fulfillment.connectors.api_filling import Filling, Further, fillings, owner_of
from fulfillment.connectors.api_pages import Leaving, Spot, inside
from fulfillment.connectors.errors import Fatal
from fulfillment.connectors.http import ApiClient
from fulfillment.connectors.likely import Likely
from fulfillment.connectors.records import value_at, values_at
from fulfillment.connectors.sweeping import Position, Sweeper, SweptPage, SweptRow, SweptTable
from fulfillment.datamaps.api_description import Listing
from fulfillment.datamaps.datamap import DataMap
from fulfillment.traces.needles import Needles

# What later lists are asked with is held; more than this would be a list of lists without an end.
MOST_HELD = 1_000_000


def listed(data_map: DataMap) -> dict[str, Listing]:
    """The collections that can be listed whoever they are about, parents first, each with the call that does it."""
    found: dict[str, Listing] = {}
    waiting = _calls(data_map)
    while ready := [name for name, call in waiting.items() if _owners(call, data_map) <= found.keys()]:
        found |= {name: waiting.pop(name) for name in ready}
    return found


def no_list(data_map: DataMap) -> str:
    """Why an API without any list cannot be gone through."""
    return (
        f"{data_map.label} has no list in its map that could be walked: each of its calls asks for one person. "
        "Declare “every” for a collection, or look into it by hand."
    )


class ApiSweeper(Sweeper):
    """Walks the lists of one API; between pages it can be left and taken up again."""

    def __init__(self, data_map: DataMap, client: ApiClient, constants: Filling, needles: Needles) -> None:
        self._map = data_map
        self._client = client
        self._constants = constants
        self._likely = Likely(needles)
        self._calls = listed(data_map)
        wanted = (blank for call in self._calls.values() for blank in call.blanks)
        self._wanted = tuple(dict.fromkeys(wanted))
        self._held: dict[str, dict[tuple[str, ...], Filling]] = {}

    def tables(self) -> list[SweptTable]:
        """The collections that can be listed, parents first; how many records they have shows on the way."""
        keys = {name: self._map.collection(name).primary_key for name in self._calls}
        tables = [SweptTable(name, 0, key) for name, key in keys.items()]
        beside = [each.name for each in self._map.collections if each.name not in self._calls]
        return [*tables, *(SweptTable(name, 0, why=_not_listed(name)) for name in beside)]

    def pages(self, table: SweptTable, *, after: Position | None = None) -> Iterator[SweptPage]:
        """The records that may hold the person. A position is what the list was asked with, and its next page."""
        asked, spot = self._place(after)
        held: dict[tuple[str, ...], Filling] = {}
        for texts, filling in self._fillings(table.name):
            if asked is not None and texts < asked:
                continue
            begin = spot if texts == asked else None
            if texts == asked and begin is None:
                continue
            for records, following in self._call(table.name, filling).pages_from(self._client, begin):
                self._keep(table.name, records, held)
                rows = [row for row in self._rows(table, records) if row is not None]
                yield SweptPage(rows, len(records), [list(texts), _written(following)])
        if after is None:
            self._held[table.name] = held

    def _rows(self, table: SweptTable, records: Sequence[Any]) -> Iterator[SweptRow | None]:
        for record in records:
            values = record if isinstance(record, dict) else {"record": record}
            key = {name: value_at(values, name) for name in table.key}
            yield SweptRow(key, values) if self._likely.record(values) else None

    def _call(self, name: str, filling: Filling) -> Call:
        api = self._map.api
        verdict = (api.collections[name].verdict or api.verdict) if api else None
        return Call(name, self._calls[name], filling, verdict)

    def _fillings(self, name: str) -> list[tuple[tuple[str, ...], Filling]]:
        """What the list is asked with, in an order that stays: once, or for each record of its parents."""
        blanks = self._calls[name].blanks
        known: dict[str, Sequence[Filling]] = {"settings": [self._constants]}
        for owner in _owners(self._calls[name], self._map):
            known[owner] = list(self._parents(owner).values())
        filled = fillings(blanks, known, self._map) if blanks else iter([{}])
        by_texts = {tuple(each[blank] for blank in blanks): each for each in filled}
        return sorted(by_texts.items())

    def _parents(self, owner: str) -> dict[tuple[str, ...], Filling]:
        """What the records of a collection are asked on with; listed again where this attempt has not seen them all."""
        if owner not in self._held:
            held: dict[tuple[str, ...], Filling] = {}
            for _, filling in self._fillings(owner):
                for records, _ in self._call(owner, filling).pages_from(self._client, None):
                    self._keep(owner, records, held)
            self._held[owner] = held
        return self._held[owner]

    def _keep(self, name: str, records: Sequence[Any], held: dict[tuple[str, ...], Filling]) -> None:
        wanted = [each for each in self._wanted if owner_of(each, self._map) == name]
        for record in records if wanted else ():
            values = [
                [str(each) for each in values_at(record, blank.removeprefix(f"{name}.")) if each is not None]
                for blank in wanted
            ]
            for texts in product(*values):
                held[texts] = dict(zip(wanted, texts, strict=True))
        if len(held) > MOST_HELD:
            raise Fatal(
                f"{self._map.label} has more than {MOST_HELD} {name}; what hangs on them is not listed."
            )

    def _place(self, after: Position | None) -> tuple[tuple[str, ...] | None, Spot | None]:
        if after is None:
            return None, None
        texts, spot = after
        return tuple(texts), None if spot is None else self._read(spot)

    def _read(self, spot: dict[str, Any]) -> Spot:
        try:
            url = None if spot["url"] is None else inside(self._client.base_url, spot["url"])
        except Leaving:
            raise Fatal(f"{self._map.label} has moved since it was begun to be gone through.") from None
        return Spot(spot["number"], url, Further(spot["query"], spot["body"]))


def _calls(data_map: DataMap) -> dict[str, Listing]:
    """The call of each collection that knows of nobody: the one declared for that, or its own."""
    found: dict[str, Listing] = {}
    for name, endpoint in (data_map.api.collections if data_map.api else {}).items():
        if endpoint.every is not None:
            found[name] = endpoint.every
        elif endpoint.job is None and not any(each.startswith("identity.") for each in endpoint.blanks):
            found[name] = endpoint
    return found


def _owners(call: Listing, data_map: DataMap) -> set[str]:
    return {owner_of(each, data_map) for each in call.blanks} - {"settings"}


def _not_listed(name: str) -> str:
    return f"{name}: the map declares no list of all its records, so only those of the person's own could be asked for."


def _written(spot: Spot | None) -> dict[str, Any] | None:
    if spot is None:
        return None
    url: httpx.URL | None = spot.url
    return {
        "number": spot.number,
        "url": None if url is None else str(url),
        "query": dict(spot.further.query),
        "body": dict(spot.further.body),
    }
