"""Habits of other people's databases: text in columns of bytes, contacts of several kinds, generated copies."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import yaml

from fulfillment.connectors.base import CONNECTORS, Batch
from fulfillment.connectors.query import Identity, SubjectQuery
from fulfillment.connectors.sql import SqlConnector
from fulfillment.datamaps.datamap import DataMap
from fulfillment.datamaps.read import load_map
from fulfillment.introspection.propose import propose_map
from tests.databases import source_database
from tests.factories import NOON
from tests.mariadb import MariadbServer
from tests.servers import TestServers

# MediaWiki keeps its texts as bytes; ann, joann and a stranger.
WIKI = """
create table user (user_id int primary key auto_increment, user_name varbinary(255) unique,
    user_real_name varbinary(255), user_email tinyblob, user_touched binary(14), user_options blob);
create table revision (rev_id int primary key, rev_user int, rev_comment varbinary(767), rev_sha1 varbinary(32));
insert into user (user_name, user_real_name, user_email, user_touched, user_options) values
    ('Ann', 'Ann Berg', 'Ann@Example.org', '20260101000000', x'fffe00'),
    ('Joann', 'Joann Berg', 'joann@example.org', '20260101000000', x'fffe01'),
    ('Zoe', 'Zoë Lind', 'zoe@example.org', '20260101000000', x'fffe02');
insert into revision values (1, 1, 'a typo', 'x'), (2, 2, 'a page', 'y');
"""
WIKI_IN_POSTGRESQL = """
create table users (id int primary key, name bytea, email bytea, packed bytea);
insert into users values (1, 'Ann', 'Ann@Example.org', '\\xfffe00'), (2, 'Joann', 'joann@example.org', '\\xfffe01'),
    (3, 'Zoë', 'zoe@example.org', '\\xfffe02');
"""
# LedgerSMB keeps every way to reach somebody in one column, by its class.
LEDGER = """
create table contact_class (id int primary key, class text);
create table entity (id int primary key, name text);
create table entity_credit_account (id int primary key, entity_id int references entity (id), meta_number text);
create table eca_to_contact (credit_id int references entity_credit_account (id),
    contact_class_id int references contact_class (id), contact text, description text);
insert into contact_class values (1, 'Primary Phone'), (12, 'Email');
insert into entity select n, 'Customer ' || n from generate_series(1, 20) n;
insert into entity_credit_account select n, n, 'C-' || n from generate_series(1, 20) n;
insert into eca_to_contact select n, 12, 'p' || n || '@example.org', '' from generate_series(1, 20) n;
insert into eca_to_contact select n, 1, '+49 30 55501' || n, '' from generate_series(1, 20) n;
"""
COPIES = """
create table customers (id int primary key, email text, full_name text,
    email_lookup text generated always as (lower(email)) stored);
insert into customers (id, email, full_name)
    select n, 'P' || n || '@Example.org', 'Ann Berg' from generate_series(1, 20) n;
"""


def _connector(kind: str, url: str) -> SqlConnector:
    found = CONNECTORS.get(kind).from_settings({"url": url})
    assert isinstance(found, SqlConnector)
    return found


@contextmanager
def _postgresql(tables: str) -> Iterator[SqlConnector]:
    with source_database(tables) as url:
        yield _connector("postgresql", url)


def _proposed(connector: SqlConnector) -> str:
    return propose_map(connector, key="club", label="Club", sample=100, at=NOON)


def _guesses(written: str, table: str, column: str) -> dict[str, dict[str, Any]]:
    fields = yaml.safe_load(written)["dataset"][0]["meta"]["omne"]["collections"][table]["fields"]
    return {each["what"]: each for each in fields[column].get("proposed", ())}


def _found(connector: SqlConnector, data_map: DataMap, email: str, name: str) -> list[Any]:
    query = SubjectQuery((Identity("email", email),), "OM-1")
    batches = [each for each in connector.search(query, data_map) if isinstance(each, Batch)]
    return [json.loads(line) for each in batches if each.collection == name for line in each.lines]


def test_text_in_columns_of_bytes_is_judged_as_text_and_matched_in_mariadb(mariadb: MariadbServer) -> None:
    with mariadb.database(WIKI) as database:
        connector = _connector("mariadb", mariadb.url(database))
        written = _proposed(connector)
        assert _guesses(written, "user", "user_email")["identity"]["value"] == "email"
        assert _guesses(written, "user", "user_real_name")["category"]["value"].startswith("user.name")
        assert "category" not in _guesses(written, "user", "user_options")
        found = _found(connector, load_map(written), "ann@example.org", "user")
        assert [row["user_id"] for row in found] == [1]
        assert _found(connector, load_map(written), "nn@example.org", "user") == []


def test_text_in_columns_of_bytes_is_judged_as_text_and_matched_in_postgresql(
    running_servers: TestServers,
) -> None:
    with _postgresql(WIKI_IN_POSTGRESQL) as connector:
        written = _proposed(connector)
        assert _guesses(written, "users", "email")["identity"]["value"] == "email"
        assert "category" not in _guesses(written, "users", "packed")
        found = _found(connector, load_map(written), "ann@example.org", "users")
        assert [row["id"] for row in found] == [1]


def test_ways_to_reach_somebody_in_one_column_are_named_as_such_and_searched_softly(
    running_servers: TestServers,
) -> None:
    with _postgresql(LEDGER) as connector:
        written = _proposed(connector)
        guesses = _guesses(written, "eca_to_contact", "contact")
        category, identity = guesses["category"], guesses["identity"]
        assert category["value"] == "user.contact"
        assert "several kinds of value in one column" in category["why"]
        assert (identity["value"], identity["confidence"]) == ("email", 0.55)
        found = _found(connector, load_map(written), "P3@example.org", "eca_to_contact")
        assert [row["credit_id"] for row in found] == [3]


def test_a_copy_that_the_database_makes_is_named_and_is_no_second_identity(
    running_servers: TestServers,
) -> None:
    with _postgresql(COPIES) as connector:
        written = _proposed(connector)
        copy = _guesses(written, "customers", "email_lookup")["identity"]
        assert (copy["kept_out"], "a copy that the database itself makes of email" in copy["why"]) == (
            True,
            True,
        )
        fields = load_map(written).collection("customers").by_name
        assert (fields["email"].identity, fields["email_lookup"].identity) == ("email", None)
