"""A source that fails is left alone; a source that is slow is not asked by everybody at once."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models.functions import Now

from fulfillment.findings.gather import search_source
from fulfillment.runs.models import SourceTask
from fulfillment.runs.selectors import latest_run
from fulfillment.sources.check import note_failure, note_success, rest_after
from fulfillment.sources.models import DataSource, SourcePlace
from fulfillment.sources.turns import wait_for_turn
from requests_app.leases.lease import Lease, LeaseLost, take
from requests_app.leases.models import WorkState
from requests_app.lifecycle.states import RequestState as S
from tests.factories import NOON, a_request_in
from tests.sources import change_shop, connect_shop

LATER = NOON + timedelta(hours=5)
LENGTH = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def store_folder(settings, tmp_path) -> None:
    settings.STORE_URL, settings.STORE_OPTIONS = f"file://{tmp_path}/store", {}


def _task() -> SourceTask:
    run = latest_run(a_request_in(S.FULFILLING))
    assert run is not None
    return run.tasks.get()


def _leased(task: SourceTask) -> Lease:
    lease = take(SourceTask, task.pk, length=LENGTH)
    assert lease is not None
    return lease


def _waits(lease: Lease) -> timedelta | None:
    return wait_for_turn(lease, DataSource.objects.get())


def _fails(times: int) -> DataSource:
    source = DataSource.objects.get()
    for _ in range(times):
        note_failure(source, sentence="The source cannot be reached.", at=LATER)
    source.refresh_from_db()
    return source


@pytest.mark.django_db
def test_a_source_rests_after_its_fifth_failure_in_a_row_and_longer_each_time() -> None:
    waits = [rest_after(number) for number in (4, 5, 6, 7, 30, 1000)]
    minutes = [wait.total_seconds() / 60 for wait in waits]
    assert minutes == [0, 1, 2, 4, 30, 30]
    connect_shop()
    assert _fails(4).rests_until is None
    assert _fails(1).rests_until is not None
    note_success(DataSource.objects.get(), at=LATER)
    found = DataSource.objects.get()
    assert (found.failures_in_row, found.rests_until) == (0, None)


@pytest.mark.django_db
def test_a_resting_source_is_not_asked_and_waiting_is_no_attempt() -> None:
    connect_shop()
    task = _task()
    _fails(5)
    assert search_source(task_id=task.pk, at=LATER) is None
    task.refresh_from_db()
    assert (task.attempts, task.work_state, task.last_error) == (0, WorkState.WAITING, "")
    assert task.next_attempt_at > SourceTask.objects.filter(pk=task.pk).values_list(Now(), flat=True)[0]


@pytest.mark.django_db
def test_when_the_rest_is_over_one_asks_and_the_others_wait_for_what_it_finds() -> None:
    connect_shop()
    first, second = _task(), _task()
    _fails(5)
    DataSource.objects.update(rests_until=Now() - timedelta(seconds=1))
    assert _waits(_leased(first)) is None
    waited = _waits(_leased(second))
    assert waited is not None
    assert timedelta(seconds=50) < waited < timedelta(seconds=64)


@pytest.mark.django_db
def test_a_source_that_answers_again_is_asked_by_all() -> None:
    connect_shop(fails="retryable")
    first, second = _task(), _task()
    _fails(5)
    change_shop(DataSource.objects.get(), fails="")
    DataSource.objects.update(rests_until=Now() - timedelta(seconds=1))
    assert search_source(task_id=first.pk, at=LATER) is not None
    assert search_source(task_id=second.pk, at=LATER) is not None


@pytest.mark.django_db
def test_only_so_many_ask_a_source_at_once_and_a_place_goes_back_with_its_lease() -> None:
    connect_shop()
    leases = [_leased(_task()) for _ in range(3)]
    DataSource.objects.update(most_at_once=2)
    assert [_waits(lease) is None for lease in leases] == [True, True, False]
    leases[0].not_yet(after=timedelta(0))
    assert _waits(leases[2]) is None
    assert SourcePlace.objects.count() == 2


@pytest.mark.django_db
def test_a_place_is_kept_by_the_heartbeat_and_free_when_its_holder_is_silent() -> None:
    connect_shop()
    first, second = _leased(_task()), _leased(_task())
    DataSource.objects.update(most_at_once=1)
    assert _waits(first) is None
    over = Now() - timedelta(seconds=1)
    SourcePlace.objects.update(leased_until=over)
    first.beat()
    assert _waits(second) is not None
    SourcePlace.objects.update(leased_until=over)
    assert _waits(second) is None
    assert [place.work for place in SourcePlace.objects.all()] == [second.pk]


@pytest.mark.django_db
def test_whoever_lost_the_lease_gives_its_own_place_back_and_no_other() -> None:
    connect_shop()
    task = _task()
    first = _leased(task)
    DataSource.objects.update(most_at_once=1)
    assert _waits(first) is None
    SourceTask.objects.update(leased_until=Now() - timedelta(seconds=1))
    second = _leased(task)
    assert _waits(second) is None
    with pytest.raises(LeaseLost):
        first.beat()
    assert SourcePlace.objects.get().fence == second.fence
    SourceTask.objects.update(work_state=WorkState.CANCELLED, fence=9)
    with pytest.raises(LeaseLost):
        second.beat()
    assert not SourcePlace.objects.exists()


@pytest.mark.django_db
def test_a_full_source_does_not_cost_a_rested_one_its_only_try() -> None:
    connect_shop()
    first, second = _leased(_task()), _leased(_task())
    DataSource.objects.update(most_at_once=1)
    assert _waits(first) is None
    DataSource.objects.update(rests_until=Now() - timedelta(seconds=1))
    assert _waits(second) is not None
    assert DataSource.objects.filter(rests_until__lte=Now()).exists(), "nobody has tried it yet"


@pytest.mark.django_db(transaction=True)
def test_many_workers_at_the_same_moment_do_not_take_more_places_than_there_are() -> None:
    connect_shop()
    tasks = [_task() for _ in range(6)]
    DataSource.objects.update(most_at_once=2)
    start, turns = threading.Barrier(6), []

    def ask(task: SourceTask) -> None:
        try:
            lease = _leased(task)
            start.wait(timeout=30)
            turns.append(_waits(lease) is None)
        finally:
            connection.close()

    threads = [threading.Thread(target=ask, args=(task,)) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sorted(turns) == [False] * 4 + [True] * 2
