"""A change is believed when an independent look shows it, at once and again some days later."""

import json
from datetime import timedelta

import pytest
from django.conf import settings

from fulfillment import tasks
from fulfillment.changes.finish import requests_to_finish
from fulfillment.changes.models import ChangeState, ChangeTask
from fulfillment.changes.read_backs.decide import let_stand, look_once_more
from fulfillment.changes.read_backs.models import Occasion, ReadBackWork
from fulfillment.changes.selectors import changes_for
from fulfillment.sources.connect import change_settings
from requests_app.audit.actors import Actor
from requests_app.audit.models import AuditEntry
from requests_app.errors import BadInput, NotPermitted
from requests_app.leases.models import WorkState
from requests_app.lifecycle.states import RequestState as S
from requests_app.open_work import oldest_open_work
from requests_app.roles import Role
from tests.factories import NOON, SYSTEM, a_request_in, rosa, staff
from tests.fulfillment.changes.by_connector.shop import ANN, LATER, connect, work
from tests.fulfillment.changes.read_backs.shop import (
    PEOPLE_ONLY,
    asked_of_a_person,
    correcting,
    days_go_by,
    look,
    objecting,
    restricting,
    the_look,
)
from tests.fulfillment.changes.shop import end, fresh
from tests.fulfillment.connectors.sql_changes.shop import Shop

pytestmark = pytest.mark.django_db
USED = "select marketing from people where id = 1"


def test_a_restriction_is_in_force_only_once_a_look_has_shown_the_mark(shop: Shop) -> None:
    connect(shop, **PEOPLE_ONLY)
    asked = restricting()
    assert asked.state == S.EXECUTING
    assert requests_to_finish() == []
    asked = look(asked)
    assert (asked.state, asked.outcome) == (S.IN_FORCE, "granted")
    row = ReadBackWork.objects.get(occasion=Occasion.AT_ONCE)
    (fact,) = row.found
    assert (fact.collection, fact.rows, fact.right, fact.left) == ("people", 1, 1, 0)
    assert len(fact.digest) == 64


def test_a_mark_that_is_not_there_holds_the_request_and_asks_a_person(shop: Shop) -> None:
    connect(shop, **PEOPLE_ONLY)
    asked = restricting()
    shop.execute("update people set status = 'active' where id = 1")
    asked = look(asked)
    assert asked.state == S.EXECUTING
    assert the_look(asked).agrees is False
    theirs = asked_of_a_person(asked)
    (people,) = theirs.instructions.collections
    assert people.why == "1 record does not read as decided in status."
    assert theirs in changes_for(rosa())

    # Whoever says that it is mended is not believed either.
    end(theirs)
    assert look(asked).state == S.EXECUTING
    shop.execute("update people set status = 'blocked' where id = 1")
    end(asked_of_a_person(asked))
    assert (look(asked).state, fresh(asked).outcome) == (S.IN_FORCE, "granted")


def test_what_nobody_could_mend_is_never_called_done_in_full(shop: Shop) -> None:
    connect(shop, **PEOPLE_ONLY)
    asked = restricting()
    shop.execute("update people set status = 'active' where id = 1")
    look(asked)
    end(asked_of_a_person(asked), ChangeState.COULD_NOT)
    assert (fresh(asked).state, fresh(asked).outcome) == (S.IN_FORCE, "partly")


def test_a_mark_that_is_gone_days_later_becomes_work_that_staff_see(shop: Shop) -> None:
    connect(shop, **PEOPLE_ONLY)
    asked = look(restricting())
    second = ReadBackWork.objects.get(occasion=Occasion.LATER)
    assert second.next_attempt_at - second.created_at > timedelta(days=-20)
    assert ReadBackWork.objects.filter(pk=second.pk, next_attempt_at__gt=NOON).exists()
    assert tasks.due(ReadBackWork) == []
    assert oldest_open_work([asked.pk]) == {}

    shop.execute("update people set status = 'active' where id = 1")
    assert days_go_by(asked).agrees is False
    assert fresh(asked).state == S.IN_FORCE
    assert asked_of_a_person(asked) in changes_for(rosa())
    assert asked.pk in oldest_open_work([asked.pk])


def test_the_days_until_the_second_look_are_a_setting(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "READ_BACK_DAYS", 0)
    connect(shop, **PEOPLE_ONLY)
    asked = look(restricting())
    assert tasks.due(ReadBackWork) == [the_look(asked).pk]


def test_a_lifting_is_over_once_the_mark_is_gone_and_the_look_at_the_mark_is_dropped(shop: Shop) -> None:
    connect(shop, **PEOPLE_ONLY)
    asked = a_request_in(S.LIFTING, right="restriction", email=ANN)
    work(asked)
    marks = ReadBackWork.objects.filter(change__kind="restrict", work_state=WorkState.WAITING)
    assert not marks.exists()
    shop.execute("update people set status = 'blocked' where id = 1")
    assert look(asked).state == S.LIFTING
    shop.execute("update people set status = 'gone' where id = 1")
    end(asked_of_a_person(asked))
    assert look(asked).state == S.COMPLETED


def test_a_correction_reads_as_decided_and_the_old_value_is_nowhere(shop: Shop) -> None:
    connect(shop, **PEOPLE_ONLY)
    asked = look(correcting())
    assert (asked.state, asked.outcome) == (S.COMPLETED, "granted")
    (fact,) = the_look(asked).found or ReadBackWork.objects.first().found  # type: ignore[union-attr]
    assert (fact.right, fact.left, fact.elsewhere) == (1, 0, 0)


def test_an_old_value_that_stands_in_another_field_holds_the_request(shop: Shop) -> None:
    connect(shop, **PEOPLE_ONLY)
    shop.execute('update people set papers = \'{"call": ["030  1"]}\' where id = 1')
    asked = look(correcting())
    assert asked.state == S.EXECUTING
    (fact,) = the_look(asked).found
    assert (fact.left, fact.elsewhere, fact.old_in) == (0, 1, ("papers",))
    (people,) = asked_of_a_person(asked).instructions.collections
    assert people.why == "1 record still says the old value in papers."


def test_whoever_says_that_it_may_stand_says_why_and_only_more_than_that_is_asked_again(shop: Shop) -> None:
    connect(shop, **PEOPLE_ONLY)
    shop.execute('update people set papers = \'{"call": "030 1"}\' where id = 1')
    asked = look(correcting())
    row = the_look(asked)
    with pytest.raises(BadInput):
        let_stand(row_id=row.pk, why=" ", by=Actor.staff(rosa()), at=LATER)
    with pytest.raises(NotPermitted):
        let_stand(row_id=row.pk, why="So.", by=Actor.staff(staff("Sol", Role.SOURCE_OWNER)), at=LATER)
    let_stand(row_id=row.pk, why="A list of calls, as they were made.", by=Actor.staff(rosa()), at=LATER)
    assert (fresh(asked).state, fresh(asked).outcome) == (S.COMPLETED, "granted")
    assert not ChangeTask.objects.filter(subject_request=asked, state=ChangeState.OPEN).exists()
    assert AuditEntry.objects.filter(event="change.let_stand").count() == 1
    assert days_go_by(asked).agrees is True


def test_a_correction_of_the_address_that_a_person_is_known_by_is_found_by_the_new_one(shop: Shop) -> None:
    connect(shop, **PEOPLE_ONLY)
    asked = look(correcting("Ann@club.example", "ann.berg@club.example", name="email"))
    assert asked.state == S.COMPLETED
    assert ReadBackWork.objects.get(occasion=Occasion.AT_ONCE).found[0].rows == 1


def test_the_use_that_was_objected_to_has_stopped(shop: Shop) -> None:
    connect(shop, **PEOPLE_ONLY)
    asked = objecting()
    assert asked.state == S.EXECUTING
    assert shop.rows(USED) == [(False,)]
    asked = look(asked)
    assert (asked.state, asked.outcome) == (S.COMPLETED, "granted")
    (fact,) = ReadBackWork.objects.get(occasion=Occasion.AT_ONCE).found
    assert (fact.collection, fact.rows, fact.right, fact.left) == ("people", 1, 1, 0)


def test_a_use_that_goes_on_after_an_objection_holds_the_request(shop: Shop) -> None:
    connect(shop, **PEOPLE_ONLY)
    asked = objecting()
    shop.execute("update people set marketing = true where id = 1")
    assert look(asked).state == S.EXECUTING
    (people,) = asked_of_a_person(asked).instructions.collections
    assert people.why == "1 record does not read as decided in marketing."
    shop.execute("update people set marketing = false where id = 1")
    end(asked_of_a_person(asked))
    assert look(asked).state == S.COMPLETED


def test_a_use_that_begins_again_some_days_later_becomes_work_that_staff_see(shop: Shop) -> None:
    connect(shop, **PEOPLE_ONLY)
    asked = look(objecting())
    shop.execute("update people set marketing = true where id = 1")
    assert days_go_by(asked).agrees is False
    assert asked_of_a_person(asked) in changes_for(rosa())


def test_a_source_that_cannot_be_read_is_looked_at_again_by_a_person(shop: Shop) -> None:
    source = connect(shop, **PEOPLE_ONLY)
    asked = restricting()
    shop.execute("alter table people rename column papers to files")
    assert look(asked).state == S.EXECUTING
    row = the_look(asked)
    assert (row.work_state, row.is_open_question) == (WorkState.DEAD, True)
    assert asked.pk in oldest_open_work([asked.pk])
    shop.execute("alter table people rename column files to papers")
    look_once_more(row_id=row.pk, by=Actor.staff(rosa()), at=LATER)
    assert look(asked).state == S.IN_FORCE
    assert source.label == "Shop"


def test_a_source_that_is_away_is_tried_again_and_nothing_is_called_done_meanwhile(shop: Shop) -> None:
    source = connect(shop, **PEOPLE_ONLY)
    asked = restricting()
    away = {"url": shop.url.rpartition("@")[0] + "@127.0.0.1:9/nothing"}
    change_settings(source=source, settings=away, by=SYSTEM, at=NOON)
    assert look(asked).state == S.EXECUTING
    row = the_look(asked)
    assert (row.work_state, row.agrees) == (WorkState.WAITING, None)
    assert row.last_error.endswith(".")


def test_a_look_leaves_nothing_of_the_person_behind(shop: Shop) -> None:
    connect(shop, **PEOPLE_ONLY)
    shop.execute('update people set papers = \'{"call": "030 1"}\' where id = 1')
    asked = look(correcting())
    kept = json.dumps([row.facts for row in ReadBackWork.objects.all()])
    said = " ".join(AuditEntry.objects.values_list("facts", flat=True))
    for personal in ("030 1", "030 9", "Ann@", "Berg"):
        assert personal not in kept
        assert personal not in said
    assert asked.state == S.EXECUTING
