"""Before a second person approves a deletion, each source says what it would do and what would fail."""

from datetime import date

import pytest
from django.urls import reverse

from fulfillment.changes.models import ChangeTask, Hand
from fulfillment.changes.rehearsals.look import hand_to_a_person, look_again
from fulfillment.changes.rehearsals.models import Rehearsal
from requests_app.audit.actors import Actor
from requests_app.lifecycle.errors import MoveNotAllowed
from requests_app.lifecycle.states import RequestState as S
from tests.desk import signed_in
from tests.factories import NOON, a_request_in, rosa
from tests.fulfillment.changes.by_connector.shop import ANN, checked, connect, erasing, look
from tests.fulfillment.changes.shop import approve, propose, search
from tests.fulfillment.connectors.sql_changes.shop import Shop

pytestmark = pytest.mark.django_db


def test_the_dry_run_says_what_a_source_would_delete_mask_and_keep_until_when(shop: Shop) -> None:
    connect(shop)
    asked = checked()
    found = Rehearsal.objects.get().preflight
    assert found is not None
    assert found.rows == 5
    (kept,) = found.kept
    assert (kept.collection, kept.until) == ("invoices", date(2035, 12, 31))
    page = signed_in(rosa()).get(reverse("changes:dry_run", args=[asked.reference])).content.decode()
    assert "Nothing stands in the way" in page
    assert "Until 31 December 2035." in page
    assert len(shop.rows("select * from visits")) == 3


def test_an_approval_is_refused_while_something_stands_in_the_way(shop: Shop) -> None:
    connect(shop)
    shop.execute("alter table people alter column name set not null")
    asked = checked()
    propose(asked)
    with pytest.raises(MoveNotAllowed, match="Shop could not erase"):
        approve(asked)

    shop.execute("alter table people alter column name drop not null")
    look_again(row_id=Rehearsal.objects.get().pk, by=Actor.staff(rosa()), at=NOON)
    look()
    assert approve(asked).state == S.WAITING_PERIOD


def test_an_approval_waits_for_the_look(shop: Shop) -> None:
    connect(shop)
    asked = a_request_in(S.FULFILLING, right="deletion", email=ANN)
    search(asked)
    propose(asked)
    with pytest.raises(MoveNotAllowed, match="still being looked into"):
        approve(asked)


def test_a_source_that_was_handed_to_a_person_is_in_nobodys_way_and_is_not_asked(shop: Shop) -> None:
    connect(shop)
    shop.execute("alter table people alter column name set not null")
    asked = checked()
    hand_to_a_person(row_id=Rehearsal.objects.get().pk, by=Actor.staff(rosa()), at=NOON)
    asked = erasing(asked)
    assert ChangeTask.objects.get(subject_request=asked).hand == Hand.PERSON
