"""A sweep finds a person in every place of a database where no map leads, and nobody who only looks alike."""

from collections.abc import Iterator

import psycopg
import pytest

from fulfillment.connectors import sql_sweeper
from fulfillment.connectors.errors import Unsupported
from fulfillment.connectors.kinds.in_memory import InMemoryConnector
from fulfillment.connectors.kinds.postgresql import PostgresqlConnector
from fulfillment.datamaps.read import load_map
from fulfillment.sweeps.coverage import Coverage
from fulfillment.sweeps.engine import Found, Listing, Stretch, Task, sweep
from fulfillment.traces.judge import Kind
from tests.fulfillment.sweeps.crm import ANN, MAP, crm

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def address(django_db_setup: None) -> Iterator[str]:
    with crm() as url:
        yield url


@pytest.fixture(scope="module")
def swept(address: str) -> list[Listing | Stretch]:
    connector = PostgresqlConnector.from_settings({"url": address})
    return list(sweep(connector, Task(ANN, "CRM", "test", load_map(MAP))))


def _found(swept: list[Listing | Stretch], table: str) -> list[Found]:
    return [each for part in swept if isinstance(part, Stretch) for each in part.found if each.table == table]


def _one(swept: list[Listing | Stretch], table: str) -> Found:
    (found,) = _found(swept, table)
    return found


def test_two_accounts_a_namesake_a_household_and_staff_are_told_apart(swept: list[Listing | Stretch]) -> None:
    kinds = {each.key["id"]: each.kind for each in _found(swept, "customers")}
    assert kinds == {1: Kind.OWN, 2: Kind.MENTION, 3: Kind.NAMESAKE, 4: Kind.SHARED, 5: Kind.OWN}


def test_what_the_map_finds_is_covered_and_nothing_else(swept: list[Listing | Stretch]) -> None:
    covered = {each.key["id"]: each.coverage for each in _found(swept, "customers")}
    assert covered[1] is Coverage.NO_COLUMN, "the phone is in no map"
    assert covered[2] is Coverage.NO_COLUMN, "nor is who handled it"
    assert covered[3] is Coverage.NOT_REACHED
    orders = {each.key["id"]: each.coverage for each in _found(swept, "orders")}
    assert orders == {10: Coverage.COVERED, 11: Coverage.NOT_REACHED, 12: Coverage.NOT_REACHED}


def test_words_of_others_are_mentions_with_the_words_about_the_person(swept: list[Listing | Stretch]) -> None:
    kinds = {each.key["id"]: each.kind for each in _found(swept, "orders")}
    assert kinds == {10: Kind.MENTION, 11: Kind.MENTION, 12: Kind.NAMESAKE}


def test_history_tables_of_other_schemas_are_read(swept: list[Listing | Stretch]) -> None:
    found = _one(swept, "history.customers_audit")
    assert (found.kind, found.coverage, found.columns) == (Kind.OWN, Coverage.NO_TABLE, ("old",))
    assert found.hits[0].way == ("json $.email",)


def test_soft_links_by_address_are_found_whatever_their_case(swept: list[Listing | Stretch]) -> None:
    assert _one(swept, "visits").key["email"] == "ANN@example.org"


def test_sessions_are_decoded_and_a_strangers_is_not_taken(swept: list[Listing | Stretch]) -> None:
    ways = sorted(each.hits[0].way for each in _found(swept, "sessions"))
    assert ways == [("base64", "json $.user.email"), ("django", "zlib", "json $.user.email")]


def test_stored_replies_are_read_and_short_numbers_only_where_they_are_hers(
    swept: list[Listing | Stretch],
) -> None:
    found = _one(swept, "replies")
    assert {hit.way for hit in found.hits} == {("json $.customer.mail",), ("json $.customer.no",)} - (
        set() if len(found.hits) > 1 else {("json $.customer.no",)}
    )


def test_mails_pdfs_and_archives_held_as_bytes_are_read(swept: list[Listing | Stretch]) -> None:
    ways = {each.hits[0].way[0].split()[0] for each in _found(swept, "letters")}
    assert ways == {"mime", "pdf", "gzip"}


def test_arrays_are_read(swept: list[Listing | Stretch]) -> None:
    assert _one(swept, "tags").hits[0].way == ("[1]",)


def test_a_view_is_not_counted_twice(swept: list[Listing | Stretch]) -> None:
    assert _found(swept, "everybody") == []


def test_a_bomb_is_cut_and_told(swept: list[Listing | Stretch]) -> None:
    unread = [line for part in swept if isinstance(part, Stretch) for line in part.unread]
    assert unread == ["letters.raw: gzip was not read to its end."]


def test_every_table_has_its_end(swept: list[Listing | Stretch]) -> None:
    listing = swept[0]
    assert isinstance(listing, Listing)
    ended = [part.table.name for part in swept if isinstance(part, Stretch) and part.position is None]
    assert ended == [table.name for table in listing.tables]
    assert "history.customers_audit" in ended


@pytest.mark.parametrize("rows", [1, 3])
def test_small_stretches_find_the_same(
    address: str, swept: list[Listing | Stretch], rows: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sql_sweeper, "ROWS_A_STRETCH", rows)
    connector = PostgresqlConnector.from_settings({"url": address})
    again = list(sweep(connector, Task(ANN, "CRM", "test", load_map(MAP))))
    assert _all(again) == _all(swept)


def test_a_sweep_goes_on_where_it_was_cut_off(
    address: str, swept: list[Listing | Stretch], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sql_sweeper, "ROWS_A_STRETCH", 2)
    connector = PostgresqlConnector.from_settings({"url": address})
    whole = list(sweep(connector, Task(ANN, "CRM", "test", load_map(MAP))))
    stretches = [part for part in whole if isinstance(part, Stretch)]
    for cut in (3, len(stretches) - 6):
        last = stretches[cut]
        task = Task(ANN, "CRM", "test", load_map(MAP), table=last.table.name, position=last.position)
        rest = [part for part in sweep(connector, task) if isinstance(part, Stretch)]
        assert _all([*stretches[: cut + 1], *rest]) == _all(swept)


def test_columns_that_may_not_be_read_are_named(address: str) -> None:
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("create role reader login password 'x'")
        connection.execute("grant select (id, note) on secrets to reader")
    try:
        host = address.rpartition("@")[2]
        connector = PostgresqlConnector.from_settings({"url": f"postgresql://reader:x@{host}"})
        swept = list(sweep(connector, Task(ANN, "CRM", "test")))
        listing = swept[0]
        assert isinstance(listing, Listing)
        closed = {table.name: table.closed for table in listing.tables}
        assert closed["secrets"] == ("pin",)
        assert closed["tags"] == ("words", "id")
        assert closed["history.*"] == ("*",)
        assert _one(swept, "secrets").columns == ("note",)
    finally:
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute("revoke all on secrets from reader; drop role reader")


def test_a_source_that_cannot_be_gone_through_says_so() -> None:
    connector = InMemoryConnector.from_settings({})
    with pytest.raises(Unsupported, match="Look into it by hand"):
        list(sweep(connector, Task(ANN, "Shop", "test")))


def _all(parts: list[Listing | Stretch] | list[Stretch]) -> list[tuple[str, str, str, str]]:
    return sorted(
        (each.table, str(dict(each.key)), str(each.kind), str(each.coverage))
        for part in parts
        if isinstance(part, Stretch)
        for each in part.found
    )
