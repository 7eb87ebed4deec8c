"""A hold set at each boundary of the sources' work: what was not sent stays unsent, what is done is on record."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest

from fulfillment.changes.by_connector import carry
from fulfillment.changes.by_connector.end import HELD
from fulfillment.changes.by_connector.models import SourceChange
from fulfillment.changes.by_connector.order import order_of
from fulfillment.changes.by_connector.stored import stored
from fulfillment.changes.holding import hold_changes, lift_hold
from fulfillment.changes.models import ChangeState
from fulfillment.connectors.base import Connector
from fulfillment.sources.connection import open_connector
from requests_app.audit.actors import Actor
from requests_app.leases.models import WorkState
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.states import RequestState as S
from tests.desk import signed_in
from tests.factories import rosa
from tests.fulfillment.changes.by_connector.several import (
    OF_REGISTER,
    WORKING,
    Several,
    erased_lines,
    row_of,
    several_sources,
    wanted_lines,
)
from tests.fulfillment.changes.by_connector.shop import LATER, due_now, erasing, work
from tests.fulfillment.changes.shop import fresh
from tests.invariants import check_invariants
from tests.servers import TestServers

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
Hold = Callable[[], None]


@pytest.fixture
def three(running_servers: TestServers, settings: Any) -> Iterator[Several]:
    with several_sources(settings, registers=1) as three:
        yield three


# At which source, before which of its notes the hold comes (0: before its work begins; -1: after its last note); which
# sources are erased when it stands, and how many calls were made to the one that has no transactions.
BOUNDARIES = {
    "before the first source begins": ("shop_0", 0, set(), 0),
    "after the look, before the change becomes final": ("shop_0", 1, set(), 0),
    "after the receipt was noted, before it is final": ("shop_0", -1, {"shop_0"}, 0),
    "between two sources": ("register_0", 0, {"shop_0"}, 0),
    "between two records of a source without transactions": ("register_0", 3, {"shop_0"}, 1),
    "before the last source": ("shop_1", 0, {"shop_0", "register_0"}, 3),
}


@pytest.mark.parametrize("boundary", BOUNDARIES)
def test_a_hold_stops_what_was_not_sent_keeps_what_is_done_and_its_end_lets_the_rest_go_on(
    three: Several, boundary: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, number, erased, calls = BOUNDARIES[boundary]
    asked = erasing()
    _hold_at(asked, key, number, monkeypatch)
    _work_in_turn(asked)
    _stands(three, asked, erased, calls)

    lift_hold(subject_request_id=asked.pk, by=Actor.staff(rosa()), at=LATER)
    due_now(asked)
    _work_in_turn(asked)
    assert fresh(asked).state == S.VERIFYING
    assert three.erased() == set(WORKING)
    assert three.registers["register_0"].changes == OF_REGISTER
    for each in WORKING:
        assert erased_lines(each) == wanted_lines(each)
    check_invariants()


@pytest.mark.parametrize("became_final", [True, False])
def test_a_hold_after_a_worker_died_lets_the_source_say_what_is_done(
    three: Several, became_final: bool
) -> None:
    asked = erasing()
    _died_after_noting(row_of("shop_0"), commit=became_final)
    _hold(asked)
    _work_in_turn(asked)
    _stands(three, asked, {"shop_0"} if became_final else set(), 0)


def test_the_page_says_how_many_records_are_gone_where_a_hold_came_between_two(
    three: Several, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = erasing()
    _hold_at(asked, "register_0", 3, monkeypatch)
    _work_in_turn(asked)
    row = row_of("register_0")
    assert row.made is not None
    assert {each.collection: each.rows for each in row.made.lines} == {"notes": 1}
    page = _page(asked)
    assert "1 record is erased already and does not come back:" in page
    assert "The change as a whole is not made." in page
    # Five rows of the first shop, and the one note.
    assert "6 records were changed before the hold, and stay so." in page

    lift_hold(subject_request_id=asked.pk, by=Actor.staff(rosa()), at=LATER)
    due_now(asked)
    _work_in_turn(asked)
    assert row_of("register_0").made is None
    assert "erased already" not in _page(asked)


def _page(asked: SubjectRequest) -> str:
    client = signed_in(rosa())
    return client.get(f"/staff/requests/{asked.reference}/changes/").content.decode()


def _stands(three: Several, asked: SubjectRequest, erased: set[str], calls: int) -> None:
    """The sources, our record of them and the page agree, and nothing else was sent."""
    assert three.erased() == erased
    assert len(three.registers["register_0"].changes) == calls
    for key in WORKING:
        row = row_of(key)
        assert (row.receipt is not None) is (key in erased)
        assert row.change.state == (ChangeState.DONE if key in erased else ChangeState.OPEN)
        if key not in erased:
            assert (row.work_state, row.last_error) == (WorkState.WAITING, HELD)
    assert fresh(asked).state == S.EXECUTING
    page = signed_in(rosa()).get(f"/staff/requests/{asked.reference}/changes/").content.decode()
    assert "Rosa Reviewer holds the changes back since" in page
    assert page.count("<dt>Records changed</dt>") == len(erased)
    check_invariants()


def _work_in_turn(asked: SubjectRequest) -> None:
    """What a worker does with each source, as often as there is anything to do."""
    for key in WORKING:
        carry.carry_out(row_id=row_of(key).pk, at=LATER)
    # A worker that asks first what an earlier attempt left behind comes to the hold in its second turn.
    for row in SourceChange.objects.filter(work_state=WorkState.WAITING, noted_at__isnull=False):
        SourceChange.objects.filter(pk=row.pk).update(next_attempt_at=LATER)
        carry.carry_out(row_id=row.pk, at=LATER)
    work(asked)


def _hold(asked: SubjectRequest) -> None:
    hold_changes(subject_request_id=asked.pk, why="A dispute in court.", by=Actor.staff(rosa()), at=LATER)


def _hold_at(asked: SubjectRequest, key: str, number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The work on one source is met by the hold at one of its notes; everything else is as it is."""
    left = [lambda: _hold(asked)]

    def opened(source: Any) -> Connector[Any]:
        connector = open_connector(source)
        if source.key != key or not left:
            return connector
        if number == 0:
            left.pop()()
            return connector
        change, notes = connector.change, [0]

        def make(*given: Any, note: Any, **more: Any) -> Any:
            def noted(receipt: Any) -> None:
                notes[0] += 1
                if notes[0] == number:
                    left.pop()()
                note(receipt)
                if number == -1:
                    left.pop()()

            return change(*given, note=noted, **more)

        monkeypatch.setattr(connector, "change", make)
        return connector

    monkeypatch.setattr(carry, "open_connector", opened)


def _died_after_noting(row: SourceChange, *, commit: bool) -> None:
    """What a killed worker leaves: a note of ours, and a transaction that ended one way or the other."""

    class Dead(Exception):
        pass

    def note(receipt: Any) -> None:
        row.noted_sealed, row.noted_at = stored(receipt), LATER
        row.save(update_fields=["noted_sealed", "noted_at"])
        if not commit:
            raise Dead

    assert row.change.source is not None
    with suppress(Dead):
        open_connector(row.change.source).change(order_of(row), row.map_version.data_map, note=note)
