"""Databases: refusals before reading, failures as sentences, one moment for all, nothing written."""

from typing import Any

import psycopg
import pytest

from fulfillment.connectors import kinds, sql
from fulfillment.connectors.base import CONNECTORS, Batch, Connector
from fulfillment.connectors.errors import Fatal, NotConfigured, Retryable
from tests.fulfillment.connectors.asking import ORDERS, PEOPLE, ends, found, query, tables


@pytest.mark.parametrize(
    ("collection", "words"),
    [
        (
            "{name: persons, fields: [{name: email, fides_meta: {identity: email}}]}",
            "the table persons, which",
        ),
        (
            "{name: crm.people, fields: [{name: email, fides_meta: {identity: email}}]}",
            "the table crm.people, which",
        ),
        (PEOPLE % "{name: shoe}, {name: hat}", "the columns shoe, hat of people"),
    ],
)
def test_a_map_that_names_what_is_not_there_is_refused_by_name(
    postgresql: Connector[Any], collection: str, words: str
) -> None:
    for do in (lambda m: list(postgresql.search(query("ann@x.org"), m)), postgresql.check):
        with pytest.raises(NotConfigured, match=words):
            do(tables(collection))


def test_a_column_that_may_not_be_read_is_refused_by_name(address: str) -> None:
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("create role reader_of_some login password 'p@:/%w'")
        connection.execute("grant select (id, email) on people to reader_of_some")
    try:
        url = address.replace(address.split("//")[1].split("@")[0], "reader_of_some")
        reader = CONNECTORS.get("postgresql").from_settings({"url": url, "password": "p@:/%w"})
        assert found(reader, tables(PEOPLE.replace(", %s", "")), "ann@x.org")
        with pytest.raises(NotConfigured, match="may not read photo of people: grant it SELECT"):
            found(reader, tables(PEOPLE % "{name: photo}"), "ann@x.org")
    finally:
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(
                "revoke all (id, email) on people from reader_of_some; drop role reader_of_some"
            )


def test_a_wrong_password_is_no_matter_for_trying_again_and_is_never_shown(address: str) -> None:
    wrong = CONNECTORS.get("postgresql").from_settings({"url": address, "password": "wr@ng:/%pw"})
    with pytest.raises(NotConfigured, match="refused the user name or password") as refused:
        wrong.check()
    assert "wr@ng" not in f"{refused.value!r} {refused.value.__cause__} {wrong.settings!r}"


def test_a_database_that_is_not_there_is_a_matter_for_settings(address: str) -> None:
    with pytest.raises(NotConfigured, match="has no database of the name"):
        CONNECTORS.get("postgresql").from_settings({"url": address + "_gone"}).check()


def test_a_server_that_is_not_there_can_be_tried_again() -> None:
    with pytest.raises(Retryable, match="cannot be reached") as refused:
        CONNECTORS.get("postgresql").from_settings({"url": "postgresql://me:pw@127.0.0.1:1/x"}).check()
    assert "127.0.0.1" not in str(refused.value)


def test_an_address_that_is_none_is_refused_without_showing_it() -> None:
    with pytest.raises(NotConfigured, match=r"setting url .* not an address") as refused:
        CONNECTORS.get("postgresql").from_settings({"url": "not an address with s3cret"})
    assert "s3cret" not in str(refused.value)


def test_a_search_that_takes_too_long_can_be_tried_again(address: str) -> None:
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("create view slow as select email, pg_sleep(5)::text as s from people")
    hasty = CONNECTORS.get("postgresql").from_settings({"url": address, "statement_timeout_seconds": 1})
    slow = tables("{name: slow, fields: [{name: s}, {name: email, fides_meta: {identity: email}}]}")
    with pytest.raises(Retryable, match="longer than 1 seconds"):
        found(hasty, slow, "ann@x.org")


def test_a_failure_inside_the_database_shows_neither_statement_nor_value(address: str) -> None:
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("create view broken as select email, (1 / (length(email) - 12)) as n from people")
    connector = CONNECTORS.get("postgresql").from_settings({"url": address})
    broken = tables("{name: broken, fields: [{name: n}, {name: email, fides_meta: {identity: email}}]}")
    with pytest.raises(Fatal, match=r"refused what it was asked \(SQLSTATE 22012\)") as refused:
        found(connector, broken, "ann@x.org")
    assert "ann@" not in str(refused.value)


def test_a_connection_lost_half_way_can_be_tried_again(address: str, postgresql: Connector[Any]) -> None:
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(
            "create table crowd as select n, 'ann@x.org' as email, repeat('x', 500) as words"
            " from generate_series(1, 60000) n"
        )
        search = postgresql.search(
            query("ann@x.org"), tables(ORDERS.replace("orders", "crowd").replace("num", "words"))
        )
        assert next(each for each in search if isinstance(each, Batch))
        connection.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'omne-dsar DSR-TEST%'"
            " and datname = current_database()"
        )
        with pytest.raises(Retryable, match="broke off"):
            list(search)
        connection.execute("drop table crowd")


def test_nothing_can_be_written_through_it(address: str) -> None:
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(
            "create function spy() returns text language plpgsql as "
            "$$ begin insert into soft values ('spied', 'x', 9); return 'x'; end $$;"
            "create view spying as select email, spy() as s from people"
        )
    connector = CONNECTORS.get("postgresql").from_settings({"url": address})
    spying = tables("{name: spying, fields: [{name: s}, {name: email, fides_meta: {identity: email}}]}")
    with pytest.raises(Fatal, match="25006"):
        found(connector, spying, "ann@x.org")


def test_all_collections_are_read_from_one_moment(address: str, postgresql: Connector[Any]) -> None:
    both = tables(PEOPLE % "{name: born}", ORDERS)
    search = postgresql.search(query("ann@x.org"), both)
    first = next(each for each in search if isinstance(each, Batch))
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("insert into orders values (7, 7, 'ann@x.org')")
    late = [line for each in search if isinstance(each, Batch) for line in each.lines]
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("delete from orders where tenant = 7")
    assert first.collection == "people"
    assert len(late) == 2


def test_counts_without_fetching(postgresql: Connector[Any]) -> None:
    counted = postgresql.estimate(query("ann@x.org"), tables(PEOPLE % "{name: born}", ORDERS))
    assert [(each.collection, each.rows) for each in counted] == [("people", 1), ("orders", 2)]


def test_what_is_dear_to_count_is_guessed_and_said_to_be(
    address: str, postgresql: Connector[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kinds.postgresql, "_DEAR", 1)
    guessed = postgresql.estimate(query("ann@x.org"), tables(PEOPLE % "{name: born}", ORDERS))
    assert [(each.collection, each.exact) for each in guessed] == [("people", False), ("orders", False)]
    assert all(0 < each.rows < 100 for each in guessed)
    (one,) = postgresql.estimate(query("ann@x.org"), tables(ORDERS))
    assert (one.collection, one.exact) == ("orders", False)


def test_a_count_that_takes_too_long_is_no_estimate(
    address: str, postgresql: Connector[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(
            "create or replace view slow_count as select email || pg_sleep(5)::text as email from people"
        )
    monkeypatch.setattr(sql, "COUNT_SECONDS", 1)
    slow = tables("{name: slow_count, fields: [{name: email, fides_meta: {identity: email}}]}")
    assert postgresql.estimate(query("ann@x.org"), slow) == ()


def test_columns_the_map_does_not_mention_are_named(postgresql: Connector[Any]) -> None:
    some = tables(ORDERS)
    assert ends(postgresql, some, "ann@x.org")["orders"].unmapped == ("tenant",)
    assert postgresql.check(some).warnings[0] == "orders has columns not in the map: tenant."


def test_a_secret_is_looked_for_and_never_read(postgresql: Connector[Any]) -> None:
    secret = {"people": {"fields": {"photo": {"secret": True}}}}
    row = found(postgresql, tables(PEOPLE % "{name: photo}", collections=secret), "ann@x.org")["people"][0]
    assert "photo" not in row
    gone = {"people": {"fields": {"gone": {"secret": True}}}}
    with pytest.raises(NotConfigured, match="the column gone"):
        found(postgresql, tables(PEOPLE % "{name: gone}", collections=gone), "ann@x.org")
