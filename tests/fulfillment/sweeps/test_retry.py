"""A sweep that was given up goes on when a person says so; one that nobody wants any more stops at its next step."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone

from fulfillment.changes.compare import compare
from fulfillment.connectors import sql_sweeper
from fulfillment.sources.connect import change_settings
from fulfillment.sources.models import DataSource
from fulfillment.sweeps.errors import NothingToRetry, SweepRunning, SweepsOver
from fulfillment.sweeps.models import Sweep
from fulfillment.sweeps.progress import how_far, time_left
from fulfillment.sweeps.retry import retry_sweep
from fulfillment.sweeps.start import start_sweep
from fulfillment.sweeps.states import SweepPurpose
from fulfillment.sweeps.work import MOST_ATTEMPTS, work_on_sweep
from requests_app.audit.actors import Actor
from requests_app.errors import NotPermitted
from requests_app.leases.models import WorkState
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.moves import Move
from requests_app.lifecycle.perform import perform
from requests_app.lifecycle.states import RequestState as S
from requests_app.roles import Role
from tests.databases import source_database
from tests.desk import signed_in
from tests.factories import NOON, SYSTEM, a_request_in, rosa, staff
from tests.fulfillment.sweeps.crm import connect_crm

pytestmark = pytest.mark.django_db

TABLES = """
create table customers (id integer primary key, email text, name text);
create table orders (id integer primary key, customer_id integer, note text);
insert into orders select n, 2, 'note ' || n || ' for ann@example.org' from generate_series(1, 8) n;
create table mails (id integer primary key, sender text);
insert into mails values (1, 'ann@example.org');
"""


@pytest.fixture(scope="module")
def address(django_db_setup: None) -> Iterator[str]:
    with source_database(TABLES) as url:
        yield url


@pytest.fixture
def source(address: str) -> DataSource:
    return connect_crm(address)


def _ann(state: S = S.IN_REVIEW, **details: object) -> SubjectRequest:
    return a_request_in(state, email="ann@example.org", name="Ann Lee", **details)


def _begun(asked: SubjectRequest, source: DataSource) -> Sweep:
    return start_sweep(subject_request=asked, source=source, by=SYSTEM, at=NOON)


def _given_up(row: Sweep) -> Sweep:
    Sweep.objects.filter(pk=row.pk).update(
        work_state=WorkState.DEAD, attempts=MOST_ATTEMPTS, last_error="CRM cannot be reached, or broke off."
    )
    row.refresh_from_db()
    return row


def _address(row: Sweep, step: str) -> str:
    return f"/staff/requests/{row.subject_request.reference}/traces/{row.pk}/{step}/"


def test_a_person_lets_a_check_after_a_deletion_go_on_and_the_result_waits_for_it(source: DataSource) -> None:
    asked = _ann(S.VERIFYING, right="deletion")
    row = _given_up(Sweep.objects.get(subject_request=asked))
    desk = signed_in(rosa())
    page = desk.get(f"/staff/requests/{asked.reference}/traces/").content.decode()
    assert "CRM cannot be reached" in page
    assert _address(row, "retry") in page
    assert desk.post(_address(row, "retry")).status_code == 302
    row.refresh_from_db()
    assert (row.work_state, row.attempts, row.last_error) == (WorkState.WAITING, 0, "")
    comparison = compare(asked)
    assert comparison is not None
    assert comparison.unswept == ("CRM",), "nobody knows yet what it will find"
    assert work_on_sweep(sweep_id=row.pk, at=NOON) is not None
    again = compare(asked)
    assert again is not None
    assert (again.unswept, again.traces) == ((), 9)


def test_it_goes_on_where_it_was_given_up(source: DataSource, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sql_sweeper, "ROWS_A_STRETCH", 2)
    row = _begun(_ann(), source)
    Sweep.objects.filter(pk=row.pk).update(table="mails", position=None, tables_done=2)
    retry_sweep(sweep_id=_given_up(row).pk, by=Actor.staff(rosa()), at=NOON)
    seen: list[str] = []
    assert work_on_sweep(
        sweep_id=row.pk, at=NOON, watch=lambda _row, stretch: seen.append(stretch.table.name)
    )
    assert set(seen) == {"orders"}


def test_only_what_was_given_up_and_still_says_anything_is_tried_again(source: DataSource) -> None:
    asked, by = _ann(), Actor.staff(rosa())
    row = _begun(asked, source)
    with pytest.raises(NothingToRetry):
        retry_sweep(sweep_id=row.pk, by=by, at=NOON)
    _given_up(row)
    with pytest.raises(NotPermitted):
        retry_sweep(sweep_id=row.pk, by=Actor.staff(staff("Olu", Role.AUDITOR)), at=NOON)
    _begun(asked, source)
    with pytest.raises(SweepRunning):
        retry_sweep(sweep_id=row.pk, by=by, at=NOON)
    old = _given_up(row)
    Sweep.objects.filter(pk=old.pk).update(purpose=SweepPurpose.AFTER_CHANGE)
    with pytest.raises(NothingToRetry):
        retry_sweep(sweep_id=old.pk, by=by, at=NOON)


def test_a_withdrawn_request_stops_its_sweep_at_the_next_step(
    source: DataSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sql_sweeper, "ROWS_A_STRETCH", 2)
    asked = _ann()
    row = _begun(asked, source)
    seen: list[str] = []

    def withdrawn(_row: Sweep, stretch: object) -> None:
        seen.append("stretch")
        if len(seen) == 1:
            by = Actor.subject(asked.reference)
            perform(subject_request_id=asked.pk, move=Move.WITHDRAW, by=by, at=NOON)

    assert work_on_sweep(sweep_id=row.pk, at=NOON, watch=withdrawn) is None
    row.refresh_from_db()
    assert (row.work_state, len(seen)) == (WorkState.CANCELLED, 1)
    with pytest.raises(SweepsOver):
        _begun(SubjectRequest.objects.get(pk=asked.pk), source)


def test_the_page_shows_counts_and_the_time_left_and_asks_again_by_itself(source: DataSource) -> None:
    asked, now = _ann(), timezone.now()
    row = _begun(asked, source)
    Sweep.objects.filter(pk=row.pk).update(
        tables_done=1, tables_total=3, rows_looked=3_000, rows_before=1_000, rows_total=13_000,
        working_since=now - timedelta(minutes=1), leased_until=now + timedelta(minutes=1),
    )  # fmt: skip
    row.refresh_from_db()
    assert time_left(row, at=now) == timedelta(minutes=5)
    assert how_far(row, at=now) == "1 of 3 tables, 3,000 of about 13,000 rows, about 5 minutes left"
    desk = signed_in(rosa())
    page = desk.get(f"/staff/requests/{asked.reference}/traces/").content.decode()
    live = desk.get(_address(row, "live")).content.decode()
    for text in (page, live):
        assert "3,000 of about 13,000 rows" in text
        assert f'hx-get="{_address(row, "live")}"' in text
    Sweep.objects.filter(pk=row.pk).update(work_state=WorkState.DONE)
    ended = desk.get(_address(row, "live")).content.decode()
    assert "Gone through" in ended
    assert "hx-get" not in ended
    assert "Show the result" in ended


def test_what_waits_says_for_what(source: DataSource) -> None:
    row = _begun(_ann(), source)
    assert how_far(row, at=NOON) == "0 of 0 tables, waits for its turn"
    change_settings(source=source, settings={"url": "postgresql://nobody@127.0.0.1:1/x"}, by=SYSTEM, at=NOON)
    assert work_on_sweep(sweep_id=row.pk, at=NOON) is None
    row.refresh_from_db()
    assert "CRM cannot be reached, or broke off. Tried again at" in how_far(row, at=NOON)


def test_an_estimate_that_was_too_low_says_nothing(source: DataSource) -> None:
    row = _begun(_ann(), source)
    row.working_since, row.rows_looked, row.rows_total = NOON, 10, 10
    assert time_left(row, at=NOON + timedelta(minutes=1)) is None
