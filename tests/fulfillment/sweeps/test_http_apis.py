"""A sweep of a web API walks the lists its map declares, within the source's limits, and says what it cannot walk."""

from collections.abc import Iterator
from typing import Any

import pytest
from pytest_django import Settings

from fulfillment.connectors import http, memory
from fulfillment.connectors.base import CONNECTORS, Connector
from fulfillment.connectors.errors import ConnectorError, Fatal, Retryable, Unsupported
from fulfillment.datamaps.datamap import DataMap
from fulfillment.datamaps.errors import MapRefused
from fulfillment.sweeps.coverage import Coverage
from fulfillment.sweeps.engine import Found, Listing, Stretch, Task, sweep
from fulfillment.traces.judge import Kind
from tests.fulfillment.connectors.asking import tables
from tests.fulfillment.connectors.rude_desk import COMMENTS, PAGED, TICKETS, Clock
from tests.fulfillment.sweeps.crm import ANN
from tests.json_server import Answer, Asked, JsonServer

ON_TICKETS = [
    {"id": 1, "mail": "ann@example.org", "text": "my own"},
    {"id": 2, "mail": "bob@example.com", "text": "Ann Lee, +49 30 901820, told me"},
    {"id": 3, "mail": "joann@example.org", "text": "a stranger"},
    {"id": 4, "mail": "tom@example.net", "text": "eyJlbWFpbCI6ICJhbm5AZXhhbXBsZS5vcmcifQ=="},
    {"id": 5, "mail": "eve@example.net", "text": "nothing"},
]
ON_COMMENTS = {
    2: [{"id": "c1", "ticket": "2", "by": "ann@example.org"}],
    5: [{"id": "c2", "ticket": "5", "by": "x"}],
}
A_PAGE = 2


def _desk(asked: Asked) -> Answer:
    page = int(asked.query.get("page", 1))
    if asked.path == "/tickets":
        mail = asked.query.get("mail")
        mine = [each for each in ON_TICKETS if mail is None or each["mail"] == mail]
        items = mine[(page - 1) * A_PAGE : page * A_PAGE]
        return Answer(
            {"items": items, "next": "x" if page * A_PAGE < len(mine) else None, "about": "x" * 300}
        )
    if asked.path == "/comments":
        return Answer({"items": []})
    number = int(asked.path.split("/")[2])
    return Answer({"items": ON_COMMENTS.get(number, [])})


@pytest.fixture
def server(settings: Settings) -> Iterator[JsonServer]:
    settings.OUTBOUND_ALLOWED_HOSTS = ["127.0.0.1"]
    with JsonServer(_desk) as running:
        yield running


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    found = Clock()
    monkeypatch.setattr(http, "time", found)
    monkeypatch.setattr(memory, "time", found)
    return found


def _mapped(*, every: Any = None, more: dict[str, Any] | None = None, **api: Any) -> DataMap:
    described: dict[str, Any] = {
        "tickets": {
            "path": "/tickets",
            "query": {"mail": "{identity.email}"},
            "records": "items",
            "paging": PAGED,
        },
        "comments": {"path": "/tickets/{tickets.id}/comments", "records": "items"},
    }
    if every is not None:
        described["tickets"]["every"] = every
    described |= more or {}
    return tables(TICKETS, COMMENTS, api={"auth": {"kind": "bearer"}, "collections": described, **api})


EVERY = {"path": "/tickets", "records": "items", "paging": PAGED}


def _connector(server: JsonServer, **settings: Any) -> Connector[Any]:
    return CONNECTORS.get("rest_api").from_settings({"base_url": server.url, "token": "t0ken", **settings})


def _swept(server: JsonServer, data_map: DataMap, **where: Any) -> list[Listing | Stretch]:
    return list(sweep(_connector(server), Task(ANN, "Desk", "test", data_map, **where)))


def _found(swept: list[Listing | Stretch]) -> list[Found]:
    return [each for part in swept if isinstance(part, Stretch) for each in part.found]


def test_every_page_of_every_list_is_walked_and_what_hangs_on_its_records(server: JsonServer) -> None:
    found = {
        each.key.get("id", each.hits[0].words): each for each in _found(_swept(server, _mapped(every=EVERY)))
    }
    assert {number: (each.kind, each.coverage) for number, each in found.items()} == {
        1: (Kind.OWN, Coverage.COVERED),
        2: (Kind.MENTION, Coverage.NOT_REACHED),
        4: (Kind.OWN, Coverage.NOT_REACHED),
        "ann@example.org": (Kind.OWN, Coverage.NO_COLUMN),
    }
    assert found[4].hits[0].way == ("base64", "json $.email")
    lists = [each for each in server.asked if each.path == "/tickets" and "mail" not in each.query]
    assert [each.query.get("page") for each in lists] == ["1", "2", "3"]


def test_an_api_without_a_list_is_refused_in_a_sentence_and_asked_nothing(server: JsonServer) -> None:
    why = "each of its calls asks for one person"
    with pytest.raises(Unsupported, match=why):
        _swept(server, _mapped())
    assert not [each for each in server.asked if "mail" not in each.query and each.path == "/tickets"]
    assert why in CONNECTORS.get("rest_api").why_not_swept(_mapped())
    assert CONNECTORS.get("rest_api").why_not_swept(_mapped(every=EVERY)) == ""


def test_a_collection_without_a_list_is_said_and_the_others_are_walked(server: JsonServer) -> None:
    more = {"comments": {"path": "/comments", "query": {"mail": "{identity.email}"}, "records": "items"}}
    swept = _swept(server, _mapped(every=EVERY, more=more))
    listing = swept[0]
    assert isinstance(listing, Listing)
    tickets, comments = listing.tables
    assert (tickets.name, tickets.why) == ("tickets", "")
    assert comments.why.startswith("comments: the map declares no list")
    assert {each.table for each in _found(swept)} == {"tickets"}
    assert not [each for each in server.asked if each.path == "/comments" and "mail" not in each.query]


def test_a_walk_that_was_cut_off_goes_on_at_its_next_page(server: JsonServer) -> None:
    data_map = _mapped(every=EVERY)
    parts = [each for each in _swept(server, data_map) if isinstance(each, Stretch)]
    whole = {(each.table, *each.key.values(), each.hits[0].column) for each in _found([*parts])}
    for cut in range(len(parts)):
        server.asked.clear()
        last = parts[cut]
        rest = _swept(server, data_map, table=last.table.name, position=last.position)
        both = [*_found([*parts[: cut + 1]]), *_found(rest)]
        assert {(each.table, *each.key.values(), each.hits[0].column) for each in both} == whole
        assert len(both) == len(whole), "nothing twice"


def test_a_walk_keeps_the_limits_of_the_settings(server: JsonServer, clock: Clock) -> None:
    data_map = _mapped(every=EVERY, rate={"per_minute": 3})
    assert _found(_swept(server, data_map))
    assert sum(clock.waited) > 60, "three calls a minute are kept"
    with pytest.raises(ConnectorError) as refused:
        list(sweep(_connector(server, total_bytes=1000), Task(ANN, "Desk", "test", data_map)))
    assert isinstance(refused.value, Fatal)
    with pytest.raises(Retryable, match="seconds in all"):
        list(sweep(_connector(server, total_seconds=1), Task(ANN, "Desk", "test", data_map)))


def test_a_list_that_sends_us_in_a_circle_ends(server: JsonServer) -> None:
    server.decide = lambda asked: _desk(asked) if asked.query else Answer({"items": [], "next": "/tickets"})
    paging = {"kind": "next", "next": "next"}
    with pytest.raises(Fatal, match="in a circle"):
        _swept(server, _mapped(every={**EVERY, "paging": paging}))


def test_a_list_that_asks_for_a_person_is_no_list() -> None:
    with pytest.raises(MapRefused, match="asks for nobody"):
        _mapped(every={**EVERY, "query": {"mail": "{identity.email}"}})
    with pytest.raises(MapRefused, match="neither setting nor field"):
        _mapped(every={**EVERY, "path": "/shops/{shops.id}/tickets"})
