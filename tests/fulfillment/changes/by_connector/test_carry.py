"""A source carries a decision out by itself, once, or says why a person must."""

import json
from contextlib import suppress
from datetime import timedelta

import pytest

from fulfillment.changes.by_connector.carry import UNASKED, UNKNOWN, carry_out
from fulfillment.changes.by_connector.decide import take_over, try_again
from fulfillment.changes.by_connector.models import SourceChange
from fulfillment.changes.by_connector.order import order_of, order_secret
from fulfillment.changes.by_connector.stored import stored
from fulfillment.changes.end import Ending, end_change
from fulfillment.changes.errors import ChangeAlreadyEnded, SourceIsAtWork
from fulfillment.changes.holding import hold_changes, lift_hold
from fulfillment.changes.models import ChangeState, ChangeTask, Hand
from fulfillment.changes.selectors import changes_for
from fulfillment.connectors.changing import ChangeReceipt
from fulfillment.sources.connect import change_settings
from requests_app.audit.actors import Actor
from requests_app.audit.models import AuditEntry
from requests_app.leases.models import WorkState
from requests_app.lifecycle.states import RequestState as S
from tests.factories import NOON, SYSTEM, a_request_in, rosa
from tests.fulfillment.changes.by_connector.shop import (
    ANN,
    LATER,
    checked,
    connect,
    due_now,
    erasing,
    the_change,
    work,
)
from tests.fulfillment.connectors.sql_changes.shop import Shop

pytestmark = pytest.mark.django_db

WATCHED = """
create function refuse() returns trigger language plpgsql as $$ begin raise exception 'never'; end $$;
create trigger no_loss before delete on visits for each row execute function refuse();
"""


def test_a_source_erases_by_itself_and_its_receipt_ends_the_change(shop: Shop) -> None:
    connect(shop)
    asked = work(erasing())
    change = the_change(asked)
    assert (change.state, change.hand, change.ended_by_id) == (ChangeState.DONE, Hand.CONNECTOR, None)
    assert change.records_changed == 5
    assert asked.state == S.VERIFYING
    assert shop.rows("select id from visits") == [(3,)]
    assert shop.rows("select name from people where id = 1") == [(None,)]
    for held in (change.receipt, json.dumps(change.by_connector.receipt_sealed)):
        assert "Ann" not in held
        assert "transaction" in held or "token" in held


def test_the_name_of_the_person_is_taken_out_of_words_as_their_address_is(shop: Shop) -> None:
    """No row is found by a name; in those that are surely Ann's it identifies her all the same."""
    connect(shop)
    shop.execute(
        "update people set note = 'Ann Berg rang: ask Joe, or write to ann@club.example' where id = 1"
    )
    work(erasing(checked(name="Ann Berg")))
    ((note, papers),) = shop.rows("select note, papers from people where id = 1")
    assert note == "[removed] rang: ask Joe, or write to [removed]"
    assert papers == {"by": "[removed]", "n": 1}
    assert shop.rows("select note from people where id = 2") == [("Ann is a friend",)]


def test_nothing_of_a_person_stands_in_the_log(shop: Shop) -> None:
    connect(shop)
    work(erasing())
    assert not AuditEntry.objects.filter(facts__iregex=r"ann[ @]|berg").exists()


def test_while_a_source_does_it_no_person_is_asked(shop: Shop) -> None:
    connect(shop)
    asked = erasing()
    assert not changes_for(rosa()).exists()
    ending = Ending(state=ChangeState.DONE, records_changed=1)
    with pytest.raises(SourceIsAtWork):
        end_change(task_id=the_change(asked).pk, ending=ending, by=Actor.staff(rosa()), at=LATER)


def test_what_stands_in_the_way_is_said_before_anything_changes_and_a_person_mends_it(shop: Shop) -> None:
    connect(shop)
    asked = erasing()
    shop.execute("alter table people alter column phone set not null, alter column name set not null")
    asked = work(asked)
    change = the_change(asked)
    assert (change.hand, change.state) == (Hand.PERSON, ChangeState.OPEN)
    (reason,) = change.by_connector.reasons
    assert "name" in reason
    assert "Ann" not in reason
    assert len(shop.rows("select * from visits")) == 3

    shop.execute("alter table people alter column name drop not null")
    try_again(change_id=change.pk, by=Actor.staff(rosa()), at=LATER)
    asked = work(asked)
    assert the_change(asked).state == ChangeState.DONE
    assert asked.state == S.VERIFYING


def test_a_trigger_that_refuses_is_found_beforehand(shop: Shop) -> None:
    connect(shop)
    asked = erasing()
    shop.execute(WATCHED)
    asked = work(asked)
    assert the_change(asked).hand == Hand.PERSON
    assert shop.rows("select name from people where id = 1") == [("Ann Berg",)]


def test_what_the_map_is_silent_about_becomes_a_task_of_its_own_beside_it(shop: Shop) -> None:
    connect(shop, visits={"erase": None})
    asked = work(erasing())
    theirs = ChangeTask.objects.get(subject_request=asked, part=1)
    assert the_change(asked).state == ChangeState.DONE
    assert (theirs.hand, theirs.state) == (Hand.PERSON, ChangeState.OPEN)
    (visits,) = theirs.instructions.collections
    assert (visits.name, visits.why) == ("visits", "its map does not say how it is erased.")
    assert asked.state == S.EXECUTING


def test_a_source_that_is_away_is_tried_again_later(shop: Shop) -> None:
    source = connect(shop)
    asked = erasing()
    away = {"url": shop.url.rpartition("@")[0] + "@127.0.0.1:9/nothing"}
    change_settings(source=source, settings=away, by=SYSTEM, at=NOON)
    asked = work(asked)
    row = the_change(asked).by_connector
    assert (row.work_state, row.attempts) == (WorkState.WAITING, 1)
    assert row.last_error.endswith(".")
    change_settings(source=source, settings={"url": shop.url}, by=SYSTEM, at=NOON)
    due_now(asked)
    assert work(asked).state == S.VERIFYING


@pytest.mark.parametrize("became_final", [True, False])
def test_an_attempt_that_died_after_its_note_is_settled_by_asking_the_source(
    shop: Shop, became_final: bool
) -> None:
    connect(shop)
    asked = erasing()
    row = the_change(asked).by_connector
    noted = _died_after_noting(shop, row, commit=became_final)
    asked = work(asked)
    row.refresh_from_db()
    assert row.work_state == WorkState.DONE
    assert (row.receipt == noted) is became_final
    assert the_change(asked).records_changed == 5
    assert shop.rows("select id from visits") == [(3,)]
    assert AuditEntry.objects.filter(event="change.done").count() == 1


def test_what_the_source_cannot_tell_is_never_guessed(shop: Shop) -> None:
    connect(shop)
    asked = erasing()
    row = the_change(asked).by_connector
    _note(row, ChangeReceipt((), token="77@another cluster"))
    asked = work(asked)
    row.refresh_from_db()
    assert row.reasons == (UNKNOWN,)
    assert the_change(asked).hand == Hand.PERSON
    assert len(shop.rows("select * from visits")) == 3


def test_a_source_that_cannot_be_asked_for_a_day_is_looked_into_by_a_person(shop: Shop) -> None:
    source = connect(shop)
    asked = erasing()
    row = the_change(asked).by_connector
    noted = _died_after_noting(shop, row, commit=True)
    away = {"url": shop.url.rpartition("@")[0] + "@127.0.0.1:9/nothing"}
    change_settings(source=source, settings=away, by=SYSTEM, at=NOON)
    work(asked, at=LATER + timedelta(hours=23))
    row.refresh_from_db()
    assert (row.work_state, the_change(asked).hand) == (WorkState.WAITING, Hand.CONNECTOR)
    due_now(asked)
    work(asked, at=LATER + timedelta(hours=25))
    row.refresh_from_db()
    assert (row.work_state, the_change(asked).hand) == (WorkState.DEAD, Hand.PERSON)
    assert (row.reasons[0], row.receipt) == (UNASKED, None)

    # The source is there again, and is asked: nothing is erased a second time.
    change_settings(source=source, settings={"url": shop.url}, by=SYSTEM, at=NOON)
    try_again(change_id=row.change_id, by=Actor.staff(rosa()), at=LATER)
    assert work(asked).state == S.VERIFYING
    row.refresh_from_db()
    assert row.receipt == noted


def test_a_request_that_goes_another_way_stops_before_anything_is_sent(shop: Shop) -> None:
    connect(shop)
    asked = a_request_in(S.EXECUTING, right="restriction", email=ANN)
    row = SourceChange.objects.get()
    ChangeTask.objects.filter(pk=row.change_id).update(state=ChangeState.CANCELLED, ended_at=LATER)
    assert carry_out(row_id=row.pk, at=LATER) is None
    row.refresh_from_db()
    assert row.work_state == WorkState.CANCELLED
    assert shop.rows("select status from people where id = 1") == [("active",)]
    assert asked.state == S.EXECUTING


def test_a_hold_stops_what_was_not_sent_and_its_end_lets_it_go_on(shop: Shop) -> None:
    connect(shop)
    asked = erasing()
    by = Actor.staff(rosa())
    hold_changes(subject_request_id=asked.pk, why="A court case.", by=by, at=LATER)
    assert work(asked).state == S.EXECUTING
    assert len(shop.rows("select * from visits")) == 3
    assert "holds" in the_change(asked).by_connector.last_error
    lift_hold(subject_request_id=asked.pk, by=by, at=LATER)
    assert work(asked).state == S.VERIFYING


def test_a_hold_that_comes_while_the_source_works_is_met_at_the_note_and_nothing_becomes_final(
    shop: Shop,
) -> None:
    connect(shop)
    asked = erasing()
    row = SourceChange.objects.select_related("change__source", "map_version").get()
    connector = shop.connector

    class HeldMeanwhile(type(connector)):  # type: ignore[misc]
        def change(self, order, data_map, *, note, heartbeat):  # type: ignore[no-untyped-def]
            hold_changes(subject_request_id=asked.pk, why="A court.", by=Actor.staff(rosa()), at=LATER)
            return super().change(order, data_map, note=note, heartbeat=heartbeat)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            "fulfillment.changes.by_connector.carry.open_connector",
            lambda _source: HeldMeanwhile(connector.settings),
        )
        assert carry_out(row_id=row.pk, at=LATER) is None
    row.refresh_from_db()
    assert (row.work_state, row.noted_at) == (WorkState.WAITING, None)
    assert len(shop.rows("select * from visits")) == 3


def test_somebody_takes_it_over_and_the_source_leaves_it_alone(shop: Shop) -> None:
    connect(shop)
    asked = erasing()
    change, by = the_change(asked), Actor.staff(rosa())
    take_over(change_id=change.pk, by=by, at=LATER)
    assert work(asked).state == S.EXECUTING
    assert list(changes_for(rosa())) == [change]
    end_change(task_id=change.pk, ending=Ending(state=ChangeState.DONE, records_changed=5), by=by, at=LATER)
    with pytest.raises(ChangeAlreadyEnded):
        try_again(change_id=change.pk, by=by, at=LATER)
    change.by_connector.refresh_from_db()
    assert change.by_connector.work_state == WorkState.CANCELLED


def test_each_order_has_a_secret_of_its_own_that_its_retries_share(shop: Shop) -> None:
    connect(shop)
    row = the_change(erasing()).by_connector
    assert order_of(row).secret == order_of(row).secret == order_secret(row.order_key)
    assert order_secret("another") != order_secret(row.order_key)
    assert len(order_of(row).secret) == 32


def _died_after_noting(shop: Shop, row: SourceChange, *, commit: bool) -> ChangeReceipt:
    """What a killed worker leaves: a note of ours, and a transaction of the source that ended one way or the other."""
    noted: list[ChangeReceipt] = []

    class Dead(Exception):
        pass

    def note(receipt: ChangeReceipt) -> None:
        noted.append(receipt)
        if not commit:
            raise Dead

    with suppress(Dead):
        shop.connector.change(order_of(row), row.map_version.data_map, note=note)
    _note(row, noted[0])
    return noted[0]


def _note(row: SourceChange, receipt: ChangeReceipt) -> None:
    row.noted_sealed, row.noted_at = stored(receipt), LATER
    row.save(update_fields=["noted_sealed", "noted_at"])
