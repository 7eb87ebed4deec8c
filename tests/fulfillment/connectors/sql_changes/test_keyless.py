"""Tables without a key, as they stand in databases of others: they stop no change and give nobody's rows away."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import yaml

from fulfillment.connectors.base import Batch, Connector
from fulfillment.connectors.changing import ChangeOrder, Operation
from fulfillment.connectors.query import Identity, SubjectQuery
from fulfillment.datamaps.datamap import DataMap
from fulfillment.datamaps.read import load_map
from tests.fulfillment.connectors.three_databases import DATABASES, connected

TABLES = """
create table people (id integer primary key, email varchar(80));
insert into people values (1, 'ann@club.example'), (2, 'bo@club.example');
create table places (id integer primary key, street varchar(80));
insert into places values (1, 'Birch Lane 1'), (2, 'Oak Road 2');
create table lived_at (person_id integer, place_id integer);
insert into lived_at values (1, 1), (1, 2), (2, 2);
create table heard_of (email varchar(80), words varchar(80));
insert into heard_of values ('ann@club.example', 'once'), ('bo@club.example', 'twice');
"""


def _to(field: str, direction: str) -> dict[str, Any]:
    return {"references": [{"dataset": "club", "field": field, "direction": direction}]}


FIELDS: dict[str, dict[str, dict[str, Any]]] = {
    "people": {"id": {"primary_key": True}, "email": {"identity": "email"}},
    "places": {"id": {"primary_key": True}, "street": {}},
    "lived_at": {"person_id": _to("people.id", "from"), "place_id": _to("places.id", "to")},
    "heard_of": {"email": {"identity": "email"}, "words": {"identity": "phone_number"}},
}
RULES = {"places": {"erase": "mask", "fields": {"street": {"erase": "clear"}}}}


@pytest.fixture(params=DATABASES)
def club(request: pytest.FixtureRequest) -> Iterator[Connector[Any]]:
    with connected(request.param, TABLES, request) as connector:
        yield connector


def _map() -> DataMap:
    collections = [
        {
            "name": name,
            "fields": [
                {"name": field, "data_categories": ["user"], "fides_meta": meta}
                for field, meta in fields.items()
            ],
        }
        for name, fields in FIELDS.items()
    ]
    dataset = {"fides_key": "club", "name": "Club", "meta": {"omne": {"collections": RULES}}}
    return load_map(yaml.safe_dump({"dataset": [dataset | {"collections": collections}]}))


def _order(email: str) -> ChangeOrder:
    return ChangeOrder(
        key="task-1",
        operation=Operation.ERASE,
        query=SubjectQuery((Identity("email", email),), "OMN-2026-0001"),
        collections=("places",),
        at=datetime(2026, 11, 22, tzinfo=UTC),
        secret=b"a secret of this order",
    )


def test_what_a_stranger_uses_by_a_row_without_a_key_stays_and_the_rest_changes(club: Connector[Any]) -> None:
    before = club.preflight(_order("ann@club.example"), _map())
    assert before.problems == ()
    assert [(each.collection, each.rows) for each in before.kept] == [("places", 1)]
    receipt = club.change(_order("ann@club.example"), _map(), note=lambda _: None)
    assert receipt.rows == 1
    found = club.search(_order("bo@club.example").query, _map())
    lines = b"".join(line for each in found if isinstance(each, Batch) for line in each.lines)
    assert b"Oak Road 2" in lines


def test_a_collection_to_which_nothing_known_leads_is_said_to_be_just_that(club: Connector[Any]) -> None:
    order = ChangeOrder(
        key="task-1",
        operation=Operation.ERASE,
        query=SubjectQuery((Identity("phone_number", "0301"),), "OMN-2026-0001"),
        collections=("places",),
        at=datetime(2026, 11, 22, tzinfo=UTC),
        secret=b"a secret of this order",
    )
    assert dict(club.preflight(order, _map()).by_hand) == {
        "places": "no way leads there from what is known of the person"
    }
