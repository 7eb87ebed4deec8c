"""Pairs of type and id are proposed so that they can be followed, and only where that leads to nobody else's rows."""

from collections.abc import Iterator

import pytest

from fulfillment.connectors.base import CONNECTORS
from fulfillment.datamaps.read import load_map
from tests.databases import source_database
from tests.fulfillment.connectors.asking import found
from tests.fulfillment.introspection.test_scores import proposed
from tests.servers import TestServers

TABLES = r"""
create table users (id integer primary key, email text, first_name text, last_name text);
insert into users select n, 'user' || n || '@example.org', 'Ann', 'Lee' from generate_series(1, 20) n;
create table orders (id integer primary key, user_id integer references users (id), total numeric);
insert into orders select n, 1 + n % 20, n from generate_series(1, 40) n;
create table notes (id integer primary key, notable_type text, notable_id integer, body text);
insert into notes select n, case when n % 2 = 0 then 'App\Models\Order' else 'User' end, 1 + n % 20, 'words'
  from generate_series(1, 40) n;
create table reviews (id integer primary key, user_id integer references users (id), reviewable_type text,
  reviewable_id integer, body text);
insert into reviews select n, 1 + n % 20, 'Order', 1 + n % 40, 'mine' from generate_series(1, 40) n;
"""


@pytest.fixture
def address(running_servers: TestServers) -> Iterator[str]:
    with source_database(TABLES) as url:
        yield url


def test_what_is_proposed_can_be_searched_as_it_is(address: str) -> None:
    data_map = load_map(proposed(address))
    references = data_map.collection("notes").by_name["notable_id"].references
    assert {(each.target, each.direction, each.when) for each in references} == {
        ("orders.id", "from", (("notable_type", ("App\\Models\\Order",)),)),
        ("users.id", "from", (("notable_type", ("User",)),)),
    }
    rows = found(CONNECTORS.get("postgresql").from_settings({"url": address}), data_map, "user4@example.org")
    orders = {row["id"] for row in rows["orders"]}
    expected = [n for n in range(1, 41) if (1 + n % 20 in orders if n % 2 == 0 else 1 + n % 20 == 4)]
    assert sorted(row["id"] for row in rows["notes"]) == expected


def test_where_a_row_says_whose_it_is_its_type_and_id_lead_to_no_stranger_s(address: str) -> None:
    data_map = load_map(proposed(address))
    field = data_map.collection("reviews").by_name["reviewable_id"]
    assert field.references == ()
    assert any(each.kept_out and "whose they are" in each.why for each in field.proposed)
