"""Work beside the thread that keeps the lease: beats while it waits, and stops when it is no longer wanted."""

import threading
import time
from collections.abc import Generator
from typing import Any

import psycopg
import pytest

from fulfillment.connectors import alongside
from fulfillment.connectors.alongside import Alongside
from fulfillment.connectors.base import Connector
from fulfillment.connectors.errors import Fatal
from tests.fulfillment.connectors.asking import query, tables

SLOW = "{name: slow_people, fields: [{name: s}, {name: email, fides_meta: {identity: email}}]}"


@pytest.fixture(autouse=True)
def quick_beats(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alongside, "BEAT_SECONDS", 0.05)


def counting(up_to: int, closed: list[int]) -> Generator[int, None, None]:
    """Numbers, and a note of where the counting was closed."""
    number = 0
    try:
        for number in range(up_to):
            yield number
    finally:
        closed.append(number)


def nothing() -> None:
    """For what needs no beat and no cancelling."""


def test_gives_every_item_in_order_and_leaves_no_thread() -> None:
    before = threading.active_count()
    assert list(Alongside(counting(50, []), nothing, nothing)) == list(range(50))
    assert threading.active_count() == before


def test_is_never_far_ahead_of_who_takes() -> None:
    closed: list[int] = []
    items = iter(Alongside(counting(10_000, closed), nothing, nothing))
    next(items)
    time.sleep(0.1)
    items.close()  # type: ignore[attr-defined]
    assert closed[0] <= alongside.AHEAD + 2


def test_a_failure_arrives_as_it_was_raised() -> None:
    def failing() -> Generator[int, None, None]:
        yield 1
        raise Fatal("It broke.")

    taken: list[int] = []
    with pytest.raises(Fatal, match=r"It broke\."):
        taken.extend(iter(Alongside(failing(), nothing, nothing)))
    assert taken == [1]


def test_beats_while_it_waits() -> None:
    def slow() -> Generator[int, None, None]:
        time.sleep(0.5)
        yield 1

    beats: list[int] = []
    list(Alongside(slow(), lambda: beats.append(1), nothing))
    assert len(beats) > 4


def test_a_lost_lease_stops_a_statement_that_is_running(address: str, postgresql: Connector[Any]) -> None:
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(
            "create or replace view slow_people as select email, pg_sleep(60)::text as s from people"
        )
    calls: list[int] = []

    def lose_the_lease() -> None:
        calls.append(1)
        if len(calls) > 12:
            raise RuntimeError("lost")

    started = time.monotonic()
    with pytest.raises(RuntimeError, match="lost"):
        list(postgresql.search(query("ann@x.org"), tables(SLOW), heartbeat=lose_the_lease))
    assert time.monotonic() - started < 45
    with psycopg.connect(address, autocommit=True) as connection:
        running = connection.execute(
            "select count(*) from pg_stat_activity where datname = current_database() "
            "and application_name like 'omne-dsar%' and state = 'active'"
        ).fetchone()
    assert running == (0,)
