"""A deletion takes words about the person out of records of others: those that somebody accepted."""

from datetime import timedelta

import pytest

from fulfillment.changes.begin import begin_deletion
from fulfillment.changes.by_connector.models import SourceChange
from fulfillment.changes.certificate import certificate_of
from fulfillment.changes.compare import compare
from fulfillment.changes.models import ChangeState
from fulfillment.changes.rehearsals.models import Rehearsal
from fulfillment.connectors.changing import How
from fulfillment.sources.models import DataSource
from fulfillment.sweeps.decide import decide_traces
from fulfillment.sweeps.errors import TraceClosed
from fulfillment.sweeps.models import Sweep, Trace
from fulfillment.sweeps.start import start_sweep
from fulfillment.sweeps.states import TraceDecision
from fulfillment.sweeps.work import work_on_sweep
from requests_app.audit.actors import Actor
from requests_app.leases.models import WorkState
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.moves import Move
from requests_app.lifecycle.perform import perform
from requests_app.lifecycle.states import RequestState as S
from tests.factories import NOON, SYSTEM, rosa
from tests.fulfillment.changes.by_connector.shop import (
    LATER,
    checked,
    connect,
    erasing,
    look,
    the_change,
    work,
)
from tests.fulfillment.changes.shop import approve, fresh, propose, search
from tests.fulfillment.connectors.sql_changes.shop import Shop

pytestmark = pytest.mark.django_db
BOARD = """
create table board (id int primary key, words text);
insert into board values (1, 'Ann Berg has moved, says Joe; ann@club.example'), (2, 'Ann is a common name')
"""
TAKEN_OUT = [("[removed] has moved, says Joe; [removed]",), ("Ann is a common name",)]


def board(shop: Shop) -> list[tuple[str]]:
    """What stands on the shop's board."""
    return shop.rows("select words from board order by id")


def swept(asked: SubjectRequest, source: DataSource) -> list[Trace]:
    """What a sweep found beyond the map."""
    row = start_sweep(subject_request=asked, source=source, by=SYSTEM, at=NOON)
    assert work_on_sweep(sweep_id=row.pk, at=NOON) is not None
    return list(row.traces.exclude(coverage="covered"))


def accept(asked: SubjectRequest, traces: list[Trace]) -> None:
    """Somebody says that they are about the person."""
    decide_traces(
        subject_request=asked,
        trace_ids=[each.pk for each in traces],
        decision=TraceDecision.ACCEPTED,
        by=Actor.staff(rosa()),
        at=NOON,
    )


def test_what_was_accepted_before_is_shown_to_whoever_approves_and_taken_out_with_the_deletion(
    shop: Shop,
) -> None:
    source = connect(shop)
    shop.execute(BOARD)
    asked = checked(name="Ann Berg")
    traces = swept(asked, source)
    assert [each.table for each in traces] == ["board"]
    accept(asked, traces)
    propose(asked)
    look()
    preflight = Rehearsal.objects.get().preflight
    assert preflight is not None
    assert [(each.collection, each.rows) for each in preflight.planned if each.how is How.REDACT] == [
        ("board", 1)
    ]
    with pytest.raises(TraceClosed, match="Send it back"):
        accept(asked, traces)
    waits = approve(asked)
    assert begin_deletion(subject_request_id=asked.pk, at=waits.waits_until)
    asked = work(fresh(asked))
    assert board(shop) == TAKEN_OUT
    assert the_change(asked).records_changed == 6


def test_what_a_sweep_finds_afterwards_is_taken_out_when_it_is_carried_out_again(shop: Shop) -> None:
    connect(shop)
    shop.execute(BOARD)
    asked = work(erasing(checked(name="Ann Berg")))
    sweep_all(asked)
    search(asked)
    (left,) = Trace.objects.exclude(coverage="covered")
    accept(asked, [left])
    perform(
        subject_request_id=asked.pk,
        move=Move.CARRY_OUT_AGAIN,
        by=Actor.staff(rosa()),
        at=LATER,
        reason="Somebody has written about her.",
    )
    again = SourceChange.objects.get(change__state=ChangeState.OPEN)
    assert (again.change.instructions.collections, again.change.instructions.words[0].rows) == ((), 1)
    asked = work(fresh(asked), at=LATER + timedelta(hours=1))
    assert board(shop) == TAKEN_OUT
    assert asked.state == S.VERIFYING
    sweep_all(asked)
    comparison = compare(asked)
    assert comparison is not None
    assert comparison.traces == 0
    certificate = certificate_of(asked)
    assert certificate is not None
    assert certificate.words == 1


def test_what_nobody_accepted_stays_as_it_is(shop: Shop) -> None:
    source = connect(shop)
    shop.execute(BOARD)
    asked = checked(name="Ann Berg")
    swept(asked, source)
    before = board(shop)
    work(erasing(asked))
    assert board(shop) == before


def sweep_all(asked: SubjectRequest) -> None:
    """What a worker does with every sweep that waits."""
    for row in Sweep.objects.filter(subject_request=asked, work_state=WorkState.WAITING):
        assert work_on_sweep(sweep_id=row.pk, at=LATER) is not None
