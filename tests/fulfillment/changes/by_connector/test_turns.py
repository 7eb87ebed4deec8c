"""Searches, changes and looks at one source take turns by one mechanism: its places, and its rests."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from django.db.models.functions import Now

from fulfillment.changes.by_connector.carry import carry_out
from fulfillment.changes.by_connector.models import SourceChange
from fulfillment.changes.read_backs.look import read_back
from fulfillment.changes.rehearsals.look import look_beforehand
from fulfillment.changes.rehearsals.models import Rehearsal
from fulfillment.findings.gather import search_source
from fulfillment.introspection.look import ask_for_look, look_at_source
from fulfillment.runs.models import SourceTask
from fulfillment.sources.check import FAILURES_BEFORE_REST
from fulfillment.sources.connect import change_settings
from fulfillment.sources.models import DataSource, SourcePlace
from fulfillment.sources.turns import is_its_turn
from fulfillment.sweeps.start import start_sweep
from fulfillment.sweeps.work import work_on_sweep
from requests_app.leases.lease import Lease, take
from requests_app.leases.models import LeasedWork, WorkState
from requests_app.lifecycle.states import RequestState as S
from tests.factories import NOON, SYSTEM, a_request_in
from tests.fulfillment.changes.by_connector.shop import ANN, LATER, connect, erasing
from tests.fulfillment.changes.read_backs.shop import PEOPLE_ONLY, restricting, the_look
from tests.fulfillment.connectors.sql_changes.shop import Shop

pytestmark = pytest.mark.django_db
Work = dict[str, tuple[LeasedWork, Callable[[], object]]]


def _searching() -> SourceTask:
    asked = a_request_in(S.FULFILLING, email=ANN)
    return SourceTask.objects.get(run__subject_request=asked)


def _all_kinds(shop: Shop) -> Work:
    """A row of every kind of work at one source, each waiting, with what a worker does."""
    source = connect(shop, **PEOPLE_ONLY)
    look = the_look(restricting())
    change = SourceChange.objects.get(change__subject_request=erasing())
    task, (rehearsal,) = _searching(), Rehearsal.objects.all()
    Rehearsal.objects.update(work_state=WorkState.WAITING, next_attempt_at=NOON, attempts=0)
    reviewed = a_request_in(S.IN_REVIEW, email=ANN)
    sweep = start_sweep(subject_request=reviewed, source=source, by=SYSTEM, at=NOON)
    proposal = ask_for_look(source=source, by=SYSTEM, at=NOON)
    return {
        "search": (task, partial(search_source, task_id=task.pk, at=LATER)),
        "rehearsal": (rehearsal, partial(look_beforehand, row_id=rehearsal.pk, at=LATER)),
        "read-back": (look, partial(read_back, row_id=look.pk, at=LATER)),
        "sweep": (sweep, partial(work_on_sweep, sweep_id=sweep.pk, at=LATER)),
        "proposal": (proposal, partial(look_at_source, look_id=proposal.pk, at=LATER)),
        "change": (change, partial(carry_out, row_id=change.pk, at=LATER)),
    }


def _are_put_off(work: Work) -> None:
    for kind, (row, do) in work.items():
        do()
        row.refresh_from_db()
        assert (row.work_state, row.attempts, row.last_error) == (WorkState.WAITING, 0, ""), kind
        assert type(row)._default_manager.filter(pk=row.pk, next_attempt_at__gt=Now()).exists(), kind


def _are_done(work: Work) -> None:
    for kind, (row, do) in work.items():
        type(row)._default_manager.filter(pk=row.pk).update(next_attempt_at=NOON)
        do()
        row.refresh_from_db()
        assert row.work_state == WorkState.DONE, kind
        assert not SourcePlace.objects.exists(), kind


def _at_work(row: LeasedWork) -> Lease:
    """A worker has it, and one of the source's places."""
    lease = take(type(row), row.pk, length=timedelta(minutes=1))
    assert lease is not None
    assert is_its_turn(lease, DataSource.objects.get())
    return lease


def _goes_away(shop: Shop, source: DataSource) -> None:
    away = {"url": shop.url.rpartition("@")[0] + "@127.0.0.1:9/nothing"}
    change_settings(source=source, settings=away, by=SYSTEM, at=NOON)


def test_while_a_search_has_the_only_place_nothing_else_asks_the_source(shop: Shop) -> None:
    work = _all_kinds(shop)
    DataSource.objects.update(most_at_once=1)
    search = _at_work(_searching())
    _are_put_off(work)
    search.not_yet(after=timedelta(0))
    _are_done(work)


def test_while_a_change_has_the_only_place_a_search_waits(shop: Shop) -> None:
    connect(shop)
    change, task = SourceChange.objects.get(change__subject_request=erasing()), _searching()
    DataSource.objects.update(most_at_once=1)
    change_lease = _at_work(change)
    _are_put_off({"search": (task, partial(search_source, task_id=task.pk, at=LATER))})
    change_lease.again(after=timedelta(0), error="Later.")
    _are_done({"search": (task, partial(search_source, task_id=task.pk, at=LATER))})


def test_a_source_that_failed_searches_is_left_alone_by_everything_else(shop: Shop) -> None:
    work = _all_kinds(shop)
    source, tasks = DataSource.objects.get(), [_searching() for _ in range(FAILURES_BEFORE_REST)]
    _goes_away(shop, source)
    for task in tasks:
        assert search_source(task_id=task.pk, at=LATER) is None
    source.refresh_from_db()
    assert source.rests_until is not None
    change_settings(source=source, settings={"url": shop.url}, by=SYSTEM, at=NOON)
    _are_put_off(work)
    DataSource.objects.update(rests_until=Now() - timedelta(seconds=1))
    _are_done(work)


def test_a_source_that_failed_changes_is_not_searched(shop: Shop) -> None:
    source = connect(shop)
    change, task = SourceChange.objects.get(change__subject_request=erasing()), _searching()
    _goes_away(shop, source)
    for _attempt in range(FAILURES_BEFORE_REST):
        SourceChange.objects.update(next_attempt_at=NOON)
        assert carry_out(row_id=change.pk, at=LATER) is None
    source.refresh_from_db()
    assert (source.failures_in_row, source.rests_until is None) == (FAILURES_BEFORE_REST, False)
    _are_put_off({"search": (task, partial(search_source, task_id=task.pk, at=LATER))})


def test_every_kind_of_work_notes_that_a_source_failed_and_that_it_is_well_again(shop: Shop) -> None:
    work = _all_kinds(shop)
    source = DataSource.objects.get()
    _goes_away(shop, source)
    for count, (_row, do) in enumerate(work.values(), start=1):
        do()
        source.refresh_from_db()
        assert source.failures_in_row == count
        DataSource.objects.update(rests_until=None)
    change_settings(source=source, settings={"url": shop.url}, by=SYSTEM, at=NOON)
    for kind, (row, do) in work.items():
        DataSource.objects.update(failures_in_row=3)
        type(row)._default_manager.filter(pk=row.pk).update(next_attempt_at=NOON)
        do()
        source.refresh_from_db()
        assert source.failures_in_row == 0, kind
