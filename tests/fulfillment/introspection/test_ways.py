"""Ways to a person's rows that lead over a table of addresses, a kind of party, or nothing but a number."""

from typing import Any

import pytest

from fulfillment.connectors.base import CONNECTORS, Connector
from fulfillment.connectors.errors import Unsupported
from fulfillment.connectors.query import Identity, SubjectQuery
from fulfillment.datamaps.read import load_map
from tests.databases import source_database
from tests.fulfillment.connectors.asking import found
from tests.fulfillment.introspection.test_scores import proposed
from tests.servers import TestServers

PEOPLE_AND_PLACES = """
create table address (
    address_id serial primary key, address text not null, postal_code text, city text, phone text not null
);
insert into address select n, 'Lane ' || n, '24' || 100 + n, 'Kiel', '0431 55' || 1000 + n
  from generate_series(1, 20) n;
create table customer (
    customer_id serial primary key, first_name text, last_name text, email text,
    address_id integer not null references address
);
insert into customer select n, 'Ann', 'Lee', 'user' || n || '@example.org', (n + 1) / 2 from generate_series(1, 20) n;
"""
PARTIES = """
create schema people;
create table people.party (partyid serial primary key, changed timestamp);
insert into people.party select n, now() from generate_series(1, 20) n;
create table people.person (
    partyid integer primary key references people.party, firstname text, lastname text
);
insert into people.person select n, 'Ann', 'Lee' from generate_series(1, 10) n;
create table people.emailaddress (
    partyid integer not null references people.person, emailaddressid integer, emailaddress text,
    primary key (partyid, emailaddressid)
);
insert into people.emailaddress select n, 100 + n, 'user' || n || '@example.org' from generate_series(1, 10) n;
create table people.address (addressid integer primary key, street text, city text, postalcode text);
insert into people.address select 100 + n, 'Lane ' || n, 'Kiel', '24103' from generate_series(1, 20) n;
create table people.party_address (
    partyid integer not null references people.party, addressid integer not null references people.address,
    primary key (partyid, addressid)
);
insert into people.party_address select n, 121 - n from generate_series(1, 20) n;
"""
NUMBERS = """
create table employees (emp_no integer primary key, first_name text, last_name text, birth_date date);
insert into employees select 100 + n, 'Ann', 'Lee', '1980-01-01' from generate_series(1, 20) n;
create table salaries (
    emp_no integer not null references employees, salary integer, from_date date, primary key (emp_no, from_date)
);
insert into salaries select 100 + n, 1000 * n, '2020-01-01' from generate_series(1, 20) n;
"""


@pytest.fixture(autouse=True)
def _servers(running_servers: TestServers) -> None:
    """All of them ask a real database."""


def test_an_address_is_the_customer_s_and_no_way_to_those_who_live_there_too() -> None:
    with source_database(PEOPLE_AND_PLACES) as url:
        rows = found(_connector(url), load_map(proposed(url)), "user3@example.org")
    assert [row["customer_id"] for row in rows["customer"]] == [3]
    assert [row["address_id"] for row in rows["address"]] == [2]


def test_what_refers_to_the_kind_of_party_that_a_person_is_refers_to_the_person() -> None:
    with source_database(PARTIES) as url:
        rows = found(_connector(url), load_map(proposed(url)), "user3@example.org")
    assert [row["partyid"] for row in rows["people.person"]] == [3]
    assert [row["addressid"] for row in rows["people.party_address"]] == [118]
    assert [row["addressid"] for row in rows["people.address"]] == [118]


def test_where_nobody_s_address_stands_people_are_found_by_a_number_of_their_own_kind() -> None:
    with source_database(NUMBERS) as url:
        data_map = load_map(proposed(url))
        query = SubjectQuery((Identity("employee_number", "104"),), "OMN-2026-0001")
        lines = [
            line for each in _connector(url).search(query, data_map) for line in getattr(each, "lines", ())
        ]
    assert data_map.identity_kinds == {"employee_number"}
    assert len(lines) == 2


def test_a_map_without_an_identity_is_refused_in_a_whole_sentence() -> None:
    with source_database("create table rates (percent integer); insert into rates values (3)") as url:
        data_map = load_map(proposed(url))
        with pytest.raises(Unsupported, match="does not say by what a person is found"):
            found(_connector(url), data_map, "user3@example.org")


def test_copies_of_tables_and_names_with_dots_are_left_out_with_the_reason() -> None:
    statements = """
        create table people (id integer primary key, email text); insert into people values (1, 'a@example.org');
        create materialized view everyone as select * from people; create table "old.people" (id integer, email text)
    """
    with source_database(statements) as url:
        data_map = load_map(proposed(url))
        report = _connector(url).check(data_map)
    assert [each.name for each in data_map.collections] == ["people"]
    assert "a copy of what tables hold" in data_map.unmapped["everyone"]
    assert "dot" in data_map.unmapped["old.people"]
    assert "all 1 tables" in report.sentence


def _connector(url: str) -> Connector[Any]:
    return CONNECTORS.get("postgresql").from_settings({"url": url})
