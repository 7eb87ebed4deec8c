"""A company's database with a person in every place where no map leads, and strangers who look alike."""

import base64
import gzip
import json
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from fulfillment.sources.connect import connect_source
from fulfillment.sources.models import DataSource
from fulfillment.traces.person import KnownPerson
from tests.databases import source_database
from tests.factories import NOON, SYSTEM
from tests.fulfillment.traces.packings import mail, pdf

ANN = KnownPerson.by(
    ("email", "ann@example.org"),
    ("name", "Ann Lee"),
    ("phone_number", "+49 30 901820"),
    ("customer_number", "4711"),
)
MAP = """\
# The map of the desk: only customers and their orders.
dataset:
  - fides_key: crm
    name: CRM
    collections:
      - name: customers
        fields:
          - name: id
            fides_meta: {primary_key: true}
          - name: email
            data_categories: [user.contact.email]
            fides_meta: {identity: email}
          - name: name
            data_categories: [user.name]
      - name: orders
        fields:
          - name: id
            fides_meta: {primary_key: true}
          - name: customer_id
            fides_meta:
              references: [{dataset: crm, field: customers.id, direction: from}]
          - name: note
            data_categories: [user.content]
    meta:
      omne:
        label: CRM
"""
TABLES = """
create schema history;
create table customers (id integer primary key, email text, name text, phone bigint, handled_by text);
insert into customers values
  (1, 'Ann@Example.org', 'Ann Lee', 4930901820, 'bob@example.com'),
  (2, 'joann@example.org', 'Joann Lee', 4930111111, 'ann@example.org'),
  (3, 'other@example.net', 'Ann Lee', null, null),
  (4, 'tom@example.net', 'Tom Lee', 4930901820, null),
  (5, 'ann.second@example.net', 'Ann Lee', 4930901820, null);
create table orders (id integer primary key, customer_id integer, note text);
insert into orders values (10, 1, 'for Ann Lee, ann@example.org'), (11, 2, 'a present for Ann Lee (ann@example.org)'),
  (12, 3, 'the parcel of Ann Lee');
create table history.customers_audit (at timestamp, who text, old jsonb);
insert into history.customers_audit values (now(), 'bob', '{"email": "ann@example.org", "tags": ["vip"]}');
create table visits (email text, at timestamp, primary key (email, at));
insert into visits select 'v' || n || '@example.net', now() from generate_series(1, 50) n;
insert into visits values ('ANN@example.org', now());
create table sessions (id uuid primary key default gen_random_uuid(), data text);
create table replies (id serial, tenant integer default 1, body json, primary key (tenant, id));
insert into replies (body) values ('{"customer": {"mail": "\\u0061nn@example.org", "no": 4711}, "amount": 4711}'),
  ('{"customer": {"no": 14711}, "amount": 4711}');
create table letters (id serial primary key, raw bytea, kind text);
create table secrets (id serial primary key, pin text, note text);
insert into secrets (pin, note) values ('ann@example.org', 'ann@example.org');
create table tags (words text[], id integer primary key);
insert into tags values ('{"x", "ann@example.org"}', 1);
create view everybody as select * from customers;
"""


def _packed() -> list[str]:
    session = json.dumps({"user": {"email": "ann@example.org"}})
    stranger = json.dumps({"user": {"email": "joann@example.org"}})
    return [
        base64.b64encode(session.encode()).decode(),
        "."
        + base64.urlsafe_b64encode(zlib.compress(session.encode())).decode().rstrip("=")
        + ":1uabcd:"
        + "x" * 43,
        base64.b64encode(stranger.encode()).decode(),
        "d41d8cd98f00b204e9800998ecf8427e",
    ]


@contextmanager
def crm() -> Iterator[str]:
    """The database; gives its address."""
    with source_database(TABLES) as url:
        with psycopg.connect(url) as connection:
            for data in _packed():
                connection.execute("insert into sessions (data) values (%s)", [data])
            letters = [
                (mail(), "mail"),
                (pdf(), "pdf"),
                (gzip.compress(b"Ann Lee wrote from ann@example.org"), "zip"),
                (b"\x89PNG\r\n\x1a\n" + bytes(200), "picture"),
                (gzip.compress(gzip.compress(bytes(60_000_000))), "bomb"),
            ]
            for raw, kind in letters:
                connection.execute("insert into letters (raw, kind) values (%s, %s)", [raw, kind])
        yield url


def connect_crm(url: str) -> DataSource:
    """The database as a connected source."""
    return connect_source(
        key="crm", kind="postgresql", label="CRM", settings={"url": url}, map_yaml=MAP, by=SYSTEM, at=NOON
    )
