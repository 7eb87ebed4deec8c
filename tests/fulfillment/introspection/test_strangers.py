"""What a proposal leads to is the person's: not what their rows pick, use, count, or happen to be numbered like."""

from collections.abc import Iterator

import pytest

from fulfillment.connectors.base import CONNECTORS
from fulfillment.datamaps.datamap import DataMap
from fulfillment.datamaps.read import load_map
from tests.databases import source_database
from tests.fulfillment.connectors.asking import found
from tests.fulfillment.introspection.test_scores import proposed
from tests.servers import TestServers

ADDRESS = "user3@example.org"
TABLES = """
create table users (id integer primary key, first_name text, last_name text, phone text);
insert into users select n, 'Ann', 'Lee', '+49 30 10' || n || '77' from generate_series(1, 20) n;
create table user_logins (
    id integer primary key, user_id integer not null references users (id), email text, is_first boolean
);
insert into user_logins select n, 21 - n, 'user' || 21 - n || '@example.org', true from generate_series(1, 20) n;
insert into user_logins values (40, 3, 'another@example.org', false);

-- Whom a user knows: contact 3 is of user 7, and no user.
create table contacts (contact_id integer primary key, user_id integer not null references users (id), name text,
    email text);
insert into contacts select n, 1 + (n + 3) % 20, 'Bob Roe', 'bob' || n || '@example.net' from generate_series(1, 20) n;
insert into contacts values (33, 9, 'Ann Lee', 'user3@example.org');

-- Everybody's meetings, in rooms that one of them looks after.
create table rooms (id integer primary key, owner_id integer references users (id), name text);
insert into rooms select n, n, 'Room' from generate_series(1, 20) n;
create table meetings (
    id integer primary key, creator_id integer not null references users (id), room_id integer references rooms (id),
    last_ticket_id integer, title text
);
insert into meetings select n, 1 + n % 20, 3, 1 + n % 20, 'Meeting' from generate_series(1, 20) n;
create table tickets (
    id integer primary key, user_id integer not null references users (id),
    meeting_id integer not null references meetings (id), seat text
);
insert into tickets select n, n, 1 + n % 20, 'A' from generate_series(1, 20) n;
alter table meetings add foreign key (last_ticket_id) references tickets (id);
create table talks (id integer primary key, meeting_id integer not null references meetings (id), title text);
insert into talks select n, n, 'Talk' from generate_series(1, 20) n;

-- Numbers that are small, as all are in the beginning, and count.
create table feeds (id integer primary key, title text, subscribers integer, num_tickets integer, kind integer);
insert into feeds select n, 'Feed', n, n, n from generate_series(1, 20) n;
create table feed_kind (id integer primary key, name text, label text);
insert into feed_kind select n, 'Kind', 'Kind' from generate_series(1, 20) n;

-- How machines are reached, and what merely has a name.
create table gateways (id integer primary key, name text, slug text unique, smtp_email text, smtp_username text);
insert into gateways select n, 'Gate', 'gate-' || n, 'gate' || n || '@example.com', 'gate' || n
  from generate_series(1, 20) n;
create table deliveries (id integer primary key, gateway_id integer not null references gateways (id), body text);
insert into deliveries select n, n, 'words' from generate_series(1, 20) n;

-- A session of theirs holds the lock on a batch of everybody's.
create table sessions (id integer primary key, user_id integer not null references users (id), token text);
insert into sessions select n, n, md5(n::text) from generate_series(1, 20) n;
create table batches (id integer primary key, locked_by integer references sessions (id), total numeric);
insert into batches select n, n, n from generate_series(1, 20) n;

-- An employee has the name and the address of a user, and serves everybody's orders.
create table employees (id integer primary key, first_name text, last_name text, email text);
insert into employees select n, 'Ann', 'Lee', 'user' || n || '@example.org' from generate_series(1, 20) n;
create table orders (
    id integer primary key, user_id integer references users (id), employee_id integer references employees (id)
);
insert into orders select n, n, 3 from generate_series(1, 20) n;
alter table users add helped_by_id integer default 3 references employees (id);

-- What a stranger answers the user, and a thread that the user was the last to write in.
create table threads (id integer primary key, user_id integer, last_post_user_id integer, title text);
insert into threads select n, n, 3, 'Thread' from generate_series(1, 20) n;
create table posts (id integer primary key, user_id integer, reply_to_user_id integer, body text);
insert into posts select n, n, 3, 'A stranger''s words' from generate_series(1, 20) n;

-- Types and ids in names that run together; every table notes who made a row.
create table remarks (id integer primary key, creator integer, objecttype text, objectid integer, body text);
insert into remarks select n, 1, 'App::Ticket', n, 'words' from generate_series(1, 20) n;
alter table feeds add created_by integer default 3;
alter table deliveries add created_by integer default 3;
alter table batches add created_by integer default 3;
alter table talks add created_by integer default 3;
"""


@pytest.fixture(scope="module")
def address(running_servers: TestServers) -> Iterator[str]:
    with source_database(TABLES) as url:
        yield url


@pytest.fixture(scope="module")
def data_map(address: str) -> DataMap:
    return load_map(proposed(address))


def test_a_search_as_proposed_gives_the_person_s_rows_and_nobody_else_s(
    address: str, data_map: DataMap
) -> None:
    rows = found(CONNECTORS.get("postgresql").from_settings({"url": address}), data_map, ADDRESS)
    keys = {
        name: sorted(row.get("id", row.get("contact_id")) for row in given) for name, given in rows.items()
    }
    assert {name: given for name, given in keys.items() if given} == {
        "contacts": [19, 33],
        "employees": [3],
        "orders": [3],
        "posts": [3],
        "remarks": [3],
        "rooms": [3],
        "sessions": [3],
        "threads": [3],
        "tickets": [3],
        "user_logins": [18, 40],
        "users": [3],
    }


@pytest.mark.parametrize("table", ["meetings", "talks", "feeds", "deliveries", "batches", "feed_kind"])
def test_no_way_leads_to_what_is_everybody_s(data_map: DataMap, table: str) -> None:
    assert table in data_map.unmapped


def test_the_address_of_a_machine_is_nobody_s(data_map: DataMap) -> None:
    marked = {
        f"{each.name}.{field.name}"
        for each in data_map.collections
        for field in each.every_field()
        if field.identity
    }
    assert marked == {"contacts.email", "employees.email", "user_logins.email", "users.phone"}
