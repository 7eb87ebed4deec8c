"""A PostgreSQL database with every sort of column, and a connector for it."""

from collections.abc import Iterator
from typing import Any

import pytest

from fulfillment.connectors import http, memory
from fulfillment.connectors.base import CONNECTORS, Connector
from tests.databases import source_database
from tests.fulfillment.connectors.changing_service import bench
from tests.fulfillment.connectors.rude_desk import Clock, Desk, tickets
from tests.json_server import Answer, Asked, JsonServer
from tests.servers import TestServers

__all__ = ["bench"]  # a fixture that the tests of this folder ask for

STATEMENTS = """
create type mood as enum ('fine', 'so-so');
create schema crm;
create table people (
    id bigint primary key, tenant integer not null, email text, other text[], about jsonb, uid uuid,
    price numeric(30, 12), prices numeric[], paid money, photo bytea, raw json, born date,
    seen timestamptz,
    local timestamp, took interval, ip inet, feeling mood, nothing text, weight double precision,
    "Odd ""name" text
);
insert into people values (
    9007199254740993, 1, '  Ann@X.org ', array['a@x.org', 'B@x.org'], '{"mail": "Json@x.org", "n": 1.10}',
    '6f9619ff-8b86-d011-b42d-00c04fc964ff', 12345678901234567.120000000000, array[0.10, 2], '12.50',
    '\\x00ff', E'{"a" :\\n [1.0,\\r\\n"b"]}', '2020-02-29', '2026-11-22 23:30:00+05', 'infinity',
    '1 day 2 hours',
    '10.0.0.1', 'so-so', null, 'NaN', 'odd'
);
insert into people (id, tenant, email, other) values (2, 1, 'joann@x.org', '{}');
create table crm.notes (id integer primary key, author text, "to" text, person bigint, words text);
insert into crm.notes values
    (1, 'ann@x.org', 'ann@x.org', 9007199254740993, 'three ways'),
    (2, null, 'ANN@x.org', null, 'one way'),
    (3, null, null, 9007199254740993, 'by number'),
    (4, 'joann@x.org', 'mann@x.org', 2, 'not hers');
create table orders (tenant integer, num integer, email text, primary key (tenant, num));
insert into orders values
    (1, 1, 'ann@x.org'), (1, 2, 'joann@x.org'), (2, 1, 'joann@x.org'), (2, 2, 'ann@x.org');
create table items (tenant integer, order_no integer, what text);
insert into items values (1, 1, 'hers'), (1, 2, 'not'), (2, 1, 'not'), (2, 2, 'hers too');
create view everybody as select id, email from people;
create table soft (account_mail varchar(40), text_id text, n integer);
insert into soft values (' ANN@x.ORG', '9007199254740993', 1), ('joann@x.org', '2', 2);
"""


@pytest.fixture(scope="session")
def address(running_servers: TestServers) -> Iterator[str]:
    """The database's address; who changes something in it puts it back."""
    with source_database(STATEMENTS) as url:
        yield url


@pytest.fixture
def postgresql(address: str) -> Connector[Any]:
    """A connector for it."""
    return CONNECTORS.get("postgresql").from_settings({"url": address})


@pytest.fixture
def desk(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """The desk, and a clock that nobody has to wait for."""
    clock = Clock()
    monkeypatch.setattr(http, "time", clock)
    monkeypatch.setattr(memory, "time", clock)

    def decide(asked: Asked) -> Answer:
        desk.asked_at.append(clock.monotonic())
        answer = desk.answers.pop(0) if len(desk.answers) > 1 else desk.answers[0]
        return answer(asked) if callable(answer) else answer

    with JsonServer(decide) as server:
        settings.OUTBOUND_ALLOWED_HOSTS = ["127.0.0.1"]
        desk = Desk(server, clock, [tickets(1)])
        yield desk
