"""A sweep is a row of work: kept stretch by stretch, taken up where it was cut off, sealed, forgotten on request."""

from collections.abc import Iterator

import pytest
from django.db import connection as own

from fulfillment.changes.compare import compare
from fulfillment.connectors import sql_sweeper
from fulfillment.identities.add import enter_identity
from fulfillment.identities.decide import accept_identity
from fulfillment.runs.finish import finish_run
from fulfillment.runs.selectors import latest_run_for
from fulfillment.runs.states import RunPurpose
from fulfillment.sources.connect import connect_source
from fulfillment.sources.models import DataSource
from fulfillment.sweeps.decide import decide_traces
from fulfillment.sweeps.errors import NobodyMeant, SweepRunning, UnknownTrace
from fulfillment.sweeps.forget import forget_sweeps
from fulfillment.sweeps.models import Sweep, Trace
from fulfillment.sweeps.selectors import accepted_traces, left_after_change, sweeps_of, traces_to_decide
from fulfillment.sweeps.start import start_sweep
from fulfillment.sweeps.states import SweepPurpose, TraceDecision
from fulfillment.sweeps.work import work_on_sweep
from requests_app.audit.actors import Actor
from requests_app.audit.models import AuditEntry
from requests_app.leases.lease import LeaseLost
from requests_app.leases.models import WorkState
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.states import RequestState
from tests.databases import source_database
from tests.factories import NOON, SYSTEM, a_request_in, ada_asks, rosa
from tests.fulfillment.sweeps.crm import connect_crm

pytestmark = pytest.mark.django_db

TABLES = """
create table customers (id integer primary key, email text, name text);
insert into customers values (1, 'ann@example.org', 'Ann Lee'), (2, 'bob@example.com', 'Bob');
create table orders (id integer primary key, customer_id integer, note text);
insert into orders select n, 2, 'note ' || n || case when n % 3 = 0 then ' for ann@example.org' else '' end
  from generate_series(1, 9) n;
create table mails (id integer primary key, sender text);
insert into mails values (1, 'ANN@example.org');
"""


@pytest.fixture(scope="module")
def address(django_db_setup: None) -> Iterator[str]:
    with source_database(TABLES) as url:
        yield url


@pytest.fixture
def source(address: str) -> DataSource:
    return connect_crm(address)


@pytest.fixture
def ann() -> SubjectRequest:
    return a_request_in(RequestState.IN_REVIEW, email="ann@example.org", name="Ann Lee")


def _swept(ann: SubjectRequest, source: DataSource, purpose: SweepPurpose = SweepPurpose.REVIEW) -> Sweep:
    row = start_sweep(subject_request=ann, source=source, by=SYSTEM, at=NOON, purpose=purpose)
    ended = work_on_sweep(sweep_id=row.pk, at=NOON)
    assert ended is not None
    return ended


def test_a_sweep_ends_with_counts_in_the_clear_and_traces_sealed(
    ann: SubjectRequest, source: DataSource
) -> None:
    row = _swept(ann, source)
    assert (row.is_done, row.ended_at, row.position) == (True, NOON, None)
    assert row.counts == {"own": 2, "mention": 3, "shared": 0, "namesake": 0}
    assert (row.tables_done, row.tables_total) == (3, 3)
    outside = row.traces.exclude(coverage="covered")
    assert [each.table for each in outside] == ["mails", "orders", "orders", "orders"]
    with own.cursor() as cursor:
        cursor.execute(
            "select t::text from fulfillment_trace t union all select t::text from fulfillment_sweep t"
        )
        stored = "\n".join(line for (line,) in cursor.fetchall())
    assert "example.org" not in stored.lower()
    mail = outside.get(table="mails")
    assert (mail.content["key"], mail.words[0]["words"]) == ({"id": 1}, "ANN@example.org")


def test_one_sweep_of_a_source_at_a_time(ann: SubjectRequest, source: DataSource) -> None:
    start_sweep(subject_request=ann, source=source, by=SYSTEM, at=NOON)
    with pytest.raises(SweepRunning):
        start_sweep(subject_request=ann, source=source, by=SYSTEM, at=NOON)


def test_a_sweep_that_was_cut_off_goes_on_and_keeps_nothing_twice(
    ann: SubjectRequest, source: DataSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sql_sweeper, "ROWS_A_STRETCH", 2)
    row = start_sweep(subject_request=ann, source=source, by=SYSTEM, at=NOON)

    def overtaken(row: Sweep, _stretch: object) -> None:
        if row.table == "orders" and row.position is not None:
            raise LeaseLost("Another attempt has taken over this work.")

    assert work_on_sweep(sweep_id=row.pk, at=NOON, watch=overtaken) is None
    row.refresh_from_db()
    kept = row.traces.count()
    assert (row.table, row.work_state) == ("orders", WorkState.WAITING)
    Sweep.objects.filter(pk=row.pk).update(leased_until=None)
    seen: list[str] = []
    ended = work_on_sweep(
        sweep_id=row.pk, at=NOON, watch=lambda row, stretch: seen.append(stretch.table.name)
    )
    assert ended is not None
    assert set(seen) == {"orders"}, "what was done is not done again"
    assert kept < ended.traces.count()
    assert ended.counts == {"own": 2, "mention": 3, "shared": 0, "namesake": 0}
    assert ended.rows_looked == 12, "each row is counted once, whoever looked at it"


def test_what_staff_accepted_is_looked_for_too(ann: SubjectRequest, source: DataSource) -> None:
    by = Actor.staff(rosa())
    other = enter_identity(
        subject_request_id=ann.pk, kind="email", value="bob@example.com", evidence="", by=by, at=NOON
    )
    accept_identity(identity_id=other.pk, evidence="their second account", by=by, at=NOON)
    row = start_sweep(subject_request=ann, source=source, by=SYSTEM, at=NOON)
    assert work_on_sweep(sweep_id=row.pk, at=NOON) is not None
    assert Sweep.objects.get(pk=row.pk).counts["own"] == 3


def test_nobody_is_looked_for_before_the_address_is_proved(source: DataSource) -> None:
    asked = ada_asks(email="ann@example.org", name="Ann Lee")
    with pytest.raises(NobodyMeant):
        start_sweep(subject_request=asked, source=source, by=SYSTEM, at=NOON)


def test_a_person_decides_and_only_what_was_accepted_is_theirs(
    ann: SubjectRequest, source: DataSource
) -> None:
    row = _swept(ann, source)
    assert traces_to_decide(ann) == 4
    by = Actor.staff(rosa())
    mail, first, *others = row.traces.exclude(coverage="covered")
    decide_traces(subject_request=ann, trace_ids=[mail.pk], decision=TraceDecision.ACCEPTED, by=by, at=NOON)
    decide_traces(subject_request=ann, trace_ids=[first.pk], decision=TraceDecision.REFUSED, by=by, at=NOON)
    assert traces_to_decide(ann) == len(others)
    assert accepted_traces(ann) == [mail]
    assert str(Trace.objects.get(pk=mail.pk).decided_by_id) == by.staff_id


def test_a_trace_of_another_request_cannot_be_decided(ann: SubjectRequest, source: DataSource) -> None:
    trace = _swept(ann, source).traces.first()
    assert trace is not None
    with pytest.raises(UnknownTrace):
        decide_traces(
            subject_request=ada_asks(email="bob@example.com"),
            trace_ids=[trace.pk],
            decision=TraceDecision.ACCEPTED,
            by=SYSTEM,
            at=NOON,
        )


def test_after_a_deletion_what_is_left_is_what_nobody_put_aside(
    ann: SubjectRequest, source: DataSource
) -> None:
    row = _swept(ann, source, SweepPurpose.AFTER_CHANGE)
    left = left_after_change(ann)
    assert {each.table for each in left} == {"mails", "orders"}, "the map's own rows are the second search's"
    assert len(left) == 4
    decide_traces(
        subject_request=ann, trace_ids=[left[0].pk], decision=TraceDecision.REFUSED, by=SYSTEM, at=NOON
    )
    assert len(left_after_change(ann)) == 3
    assert sweeps_of(ann) == [row]


def test_traces_are_forgotten_and_counts_stay(ann: SubjectRequest, source: DataSource) -> None:
    row = _swept(ann, source)
    assert forget_sweeps(subject_request=ann, by=SYSTEM, at=NOON) == 5
    assert forget_sweeps(subject_request=ann, by=SYSTEM, at=NOON) == 0
    row.refresh_from_db()
    assert (row.traces.count(), row.identifiers, row.counts["own"]) == (0, [], 2)


def test_a_source_that_does_not_answer_is_tried_again(ann: SubjectRequest) -> None:
    gone = connect_crm("postgresql://nobody@127.0.0.1:1/none")
    row = start_sweep(subject_request=ann, source=gone, by=SYSTEM, at=NOON)
    assert work_on_sweep(sweep_id=row.pk, at=NOON) is None
    row.refresh_from_db()
    assert (row.work_state, row.last_error) == (WorkState.WAITING, "CRM cannot be reached, or broke off.")


def test_after_a_deletion_every_source_is_gone_through_before_the_second_search_ends(
    source: DataSource,
) -> None:
    asked = a_request_in(RequestState.VERIFYING, right="deletion", email="ann@example.org", name="Ann Lee")
    row = Sweep.objects.get(subject_request=asked)
    assert row.purpose == SweepPurpose.AFTER_CHANGE
    run = latest_run_for(asked, RunPurpose.VERIFICATION)
    assert run is not None
    run.tasks.update(work_state=WorkState.DONE)
    assert not finish_run(run_id=run.pk, at=NOON), "it waits for the sweep"
    assert work_on_sweep(sweep_id=row.pk, at=NOON) is not None
    comparison = compare(asked)
    assert comparison is not None
    assert comparison.traces == 4
    assert not comparison.is_clean
    assert finish_run(run_id=run.pk, at=NOON)


def test_a_source_that_could_not_be_gone_through_is_named_in_the_result(source: DataSource) -> None:
    asked = a_request_in(RequestState.VERIFYING, right="deletion", email="ann@example.org", name="Ann Lee")
    Sweep.objects.filter(subject_request=asked).update(work_state=WorkState.DEAD)
    comparison = compare(asked)
    assert comparison is not None
    assert comparison.unswept == ("CRM",)
    assert not comparison.is_clean


def test_a_source_that_has_nothing_to_go_through_is_named_and_holds_nothing_up(source: DataSource) -> None:
    yaml = "dataset: [{fides_key: cards, collections: [{name: c, fields: [{name: m, fides_meta: {identity: email}}]}]}]"
    connect_source(
        key="cards", kind="in_memory", label="Cards", settings={}, map_yaml=yaml, by=SYSTEM, at=NOON
    )
    asked = a_request_in(RequestState.VERIFYING, right="deletion", email="ann@example.org", name="Ann Lee")
    row = Sweep.objects.get(subject_request=asked)
    assert row.source.key == "crm"
    assert work_on_sweep(sweep_id=row.pk, at=NOON) is not None
    comparison = compare(asked)
    assert comparison is not None
    assert [source.label for source, _ in comparison.not_swept] == ["Cards"]
    assert "cannot be gone through one by one" in comparison.not_swept[0][1]
    assert comparison.unswept == ()
    said = AuditEntry.objects.filter(event="sweep.not_possible").get()
    assert "cards" in str(said.facts)
