"""What workers share about a source: calls add up, pauses hold for all, one of them fetches the token."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection

from fulfillment.connectors.memory import OwnMemory, SourceMemory
from fulfillment.sources import memory
from fulfillment.sources.memory import DatabaseMemory
from fulfillment.sources.models import SourceSlot
from tests.sources import connect_shop


@pytest.fixture(params=["database", "own"])
def shared(request: pytest.FixtureRequest, transactional_db: None) -> SourceMemory:
    """A memory as several workers see it."""
    return DatabaseMemory(connect_shop().pk) if request.param == "database" else OwnMemory()


def at_once(work: Callable[[], Any], workers: int = 4) -> list[Any]:
    """The same by several workers, each with a connection of its own."""

    def run() -> Any:
        try:
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(workers) as pool:
        return [each.result() for each in [pool.submit(run) for _ in range(workers)]]


def test_calls_of_all_workers_count_against_one_budget(shared: SourceMemory) -> None:
    def ten() -> int:
        return sum(shared.take_call([(25, 60)]) is None for _ in range(10))

    assert sum(at_once(ten)) == 25
    wait = shared.take_call([(25, 60)])
    assert wait is not None
    assert not wait.told
    assert 50 < wait.seconds <= 64


def test_in_no_stretch_of_time_are_there_more_calls_than_allowed(shared: SourceMemory) -> None:
    made: list[float] = []
    until = time.monotonic() + 1.6
    while time.monotonic() < until:
        wait = shared.take_call([(8, 1)])
        if wait is None:
            made.append(time.monotonic())
        else:
            time.sleep(min(wait.seconds, 0.1))
    assert len(made) > 8
    assert all(later - first > 0.99 for first, later in zip(made, made[8:], strict=False))


def test_the_tighter_of_two_limits_decides_and_a_refused_call_is_not_counted(shared: SourceMemory) -> None:
    limits = [(2, 1), (3, 3600)]
    assert [shared.take_call(limits) for _ in range(2)] == [None, None]
    assert shared.take_call(limits) is not None
    time.sleep(1.1)
    assert shared.take_call(limits) is None
    wait = shared.take_call(limits)
    assert wait is not None
    assert wait.seconds > 3000


def test_a_pause_that_one_is_told_holds_for_all_and_is_never_shortened(shared: SourceMemory) -> None:
    shared.pause(40)
    shared.pause(1)
    for limits in ([], [(5, 1)]):
        wait = shared.take_call(limits)
        assert wait is not None
        assert wait.told
        assert 38 < wait.seconds <= 40


def test_one_at_a_time_holds_a_slot_and_the_next_sees_what_it_kept(shared: SourceMemory) -> None:
    fetched: list[int] = []

    def fetch_unless_there() -> str:
        with shared.slot("token") as held:
            if "token" not in held:
                fetched.append(threading.get_ident())
                time.sleep(0.1)
                held["token"] = "t1"
            return str(held["token"])

    assert at_once(fetch_unless_there) == ["t1"] * 4
    assert len(fetched) == 1
    assert shared.recall("token") == {"token": "t1"}


def test_what_ends_in_an_error_keeps_nothing(shared: SourceMemory) -> None:
    def fail() -> None:
        with shared.slot("token") as held:
            held["token"] = "half"
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert shared.recall("token") == {}


@pytest.mark.django_db(transaction=True)
def test_what_is_kept_is_sealed_and_an_emptied_slot_leaves_no_row() -> None:
    shared = DatabaseMemory(connect_shop().pk)
    with shared.slot("token") as held:
        held["token"] = "s3cr3t"
    with connection.cursor() as cursor:
        cursor.execute("select kept_sealed from fulfillment_sourceslot")
        assert b"s3cr3t" not in bytes(cursor.fetchone()[0])
    with shared.slot("token") as held:
        held.clear()
    assert not SourceSlot.objects.exists()


@pytest.fixture
def moments(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The database's clock, as a test sets it."""
    told = [0.0]
    monkeypatch.setattr(memory, "database_now", lambda: datetime.fromtimestamp(told[0], UTC))
    return told


@pytest.mark.django_db
def test_old_calls_fall_out_of_the_count(moments: list[float]) -> None:
    shared = DatabaseMemory(connect_shop().pk)
    for moment in (1000.0, 1001.0, 1030.0):
        moments[0] = moment
        assert shared.take_call([(3, 60)]) is None
    moments[0] = 1059.0
    wait = shared.take_call([(3, 60)])
    assert wait is not None
    assert 1 < wait.seconds <= 6
    moments[0] += wait.seconds
    assert shared.take_call([(3, 60)]) is None
