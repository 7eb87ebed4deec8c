"""A hold on a deletion: it does not begin, is not carried out again and not completed, until the hold is lifted."""

import pytest
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.urls import reverse

from fulfillment.changes.begin import begin_deletion, due_deletions
from fulfillment.changes.errors import ChangesHeldAlready
from fulfillment.changes.holding import hold_changes, hold_of, lift_hold
from fulfillment.changes.models import ChangeHold, ChangeState, ChangeTask
from fulfillment.changes.panel import PLANNED, planned_deletion
from fulfillment.recipients.models import RecipientNotice
from requests_app.audit.actors import Actor
from requests_app.audit.models import AuditEntry
from requests_app.errors import BadInput, NotPermitted
from requests_app.lifecycle.errors import MoveNotAllowed
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.moves import Move
from requests_app.lifecycle.perform import perform
from requests_app.lifecycle.states import RequestState as S
from requests_app.roles import Role
from tests.desk import signed_in
from tests.factories import NOON, a_request_in, rosa, staff
from tests.fulfillment.changes.shop import (
    STRANGERS,
    complete,
    connect,
    end,
    end_all,
    erasing,
    fresh,
    now_holds,
    search,
    waiting,
)

pytestmark = pytest.mark.django_db
VISIT = RequestFactory().get("/requests/yours/")


def _hold(asked: SubjectRequest) -> None:
    hold_changes(subject_request_id=asked.pk, why="A dispute in court.", by=Actor.staff(rosa()), at=NOON)


def _lift(asked: SubjectRequest) -> None:
    lift_hold(subject_request_id=asked.pk, by=Actor.staff(rosa()), at=NOON)


def _page(client: Client, name: str, *args: object) -> str:
    answer = client.get(reverse(name, args=args))
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_deletion_that_is_held_before_its_wait_ends_does_not_begin_until_the_hold_is_lifted() -> None:
    connect()
    asked = waiting()
    _hold(asked)
    assert due_deletions() == [asked.pk]
    assert not begin_deletion(subject_request_id=asked.pk, at=asked.waits_until)
    assert fresh(asked).state == S.WAITING_PERIOD
    assert not ChangeTask.objects.exists()
    _lift(asked)
    assert begin_deletion(subject_request_id=asked.pk, at=asked.waits_until)
    assert fresh(asked).state == S.EXECUTING


def test_the_person_is_promised_no_day_while_it_is_held_and_nobody_says_why() -> None:
    connect()
    asked = waiting()
    _hold(asked)
    page = render_to_string(PLANNED, planned_deletion(VISIT, fresh(asked)))
    assert "held back at the moment" in page
    assert "begins on" not in page
    assert "court" not in page
    _lift(asked)
    assert "begins on" in render_to_string(PLANNED, planned_deletion(VISIT, fresh(asked)))


def test_the_case_says_that_a_deletion_waits_for_the_hold() -> None:
    connect()
    asked = waiting()
    assert "Hold the changes back" in _page(signed_in(rosa()), "changes:changes", asked.reference)
    _hold(asked)
    page = _page(signed_in(rosa()), "review:case", asked.reference)
    assert "Next: the hold ends, then the deletion begins" in page


def test_what_is_seen_after_a_deletion_is_neither_completed_nor_told_nor_repeated_while_it_is_held() -> None:
    shop = connect()
    asked = erasing()
    end_all(asked)
    _hold(asked)
    now_holds(shop, people=STRANGERS)
    # Looking changes nothing, so the second search goes on.
    search(asked)
    assert fresh(asked).state == S.CONFIRMING
    with pytest.raises(MoveNotAllowed, match="held back"):
        complete(asked)
    again = Move.CARRY_OUT_AGAIN
    with pytest.raises(MoveNotAllowed, match="held back"):
        perform(subject_request_id=asked.pk, move=again, by=Actor.staff(rosa()), at=NOON, reason="Again.")
    page = _page(signed_in(rosa()), "changes:result", asked.reference)
    assert "The changes of this request are held back. Lift the hold first." in page
    assert not RecipientNotice.objects.exists()
    assert ChangeTask.objects.get().state == ChangeState.DONE
    _lift(asked)
    assert complete(asked).state == S.COMPLETED
    assert RecipientNotice.objects.count() == 1


def test_whoever_does_it_by_hand_is_told_to_wait_and_may_write_down_what_they_did_before() -> None:
    connect()
    asked = erasing()
    task = ChangeTask.objects.get()
    client = signed_in(staff("Sol Source", Role.SOURCE_OWNER))
    assert "Do nothing for now." not in _page(client, "changes:change", task.pk)
    _hold(asked)
    page = _page(client, "changes:change", task.pk)
    assert "Do nothing for now." in page
    assert "court" not in page
    assert "nothing more is changed until the hold is lifted" in _page(
        signed_in(rosa()), "review:case", asked.reference
    )
    end(task)
    assert fresh(asked).state == S.VERIFYING


def test_a_hold_has_a_reason_is_set_once_and_is_on_record() -> None:
    connect()
    asked = erasing()
    by = Actor.staff(rosa())
    with pytest.raises(BadInput, match="Say why"):
        hold_changes(subject_request_id=asked.pk, why=" ", by=by, at=NOON)
    sol = Actor.staff(staff("Sol", Role.SOURCE_OWNER))
    with pytest.raises(NotPermitted):
        hold_changes(subject_request_id=asked.pk, why="Mine.", by=sol, at=NOON)
    _hold(asked)
    with pytest.raises(ChangesHeldAlready):
        _hold(asked)
    with pytest.raises(NotPermitted):
        lift_hold(subject_request_id=asked.pk, by=sol, at=NOON)
    _lift(asked)
    _lift(asked)
    assert hold_of(asked) is None
    held = ChangeHold.objects.get()
    assert held.set_by.display_name == "Rosa Reviewer"
    assert held.lifted_by is not None
    said = AuditEntry.objects.filter(event__in=("change.held", "change.hold_lifted"))
    assert [each.event for each in said.order_by("pk")] == ["change.held", "change.hold_lifted"]
    assert not said.filter(facts__contains="court").exists()


def test_the_page_of_a_hold_asks_why_and_looking_at_it_holds_nothing() -> None:
    connect()
    asked = a_request_in(S.EXECUTING)
    client, address = signed_in(rosa()), reverse("changes:hold", args=[asked.reference])
    assert client.get(address).status_code == 200
    assert client.get(reverse("changes:lift_hold", args=[asked.reference])).status_code == 405
    assert hold_of(asked) is None
    answer = client.post(address, {"why": " "})
    assert answer.status_code == 422
    assert "Say why nothing more is to be changed." in answer.content.decode()
    assert client.post(address, {"why": "A court."}).status_code == 302
    answer = client.post(address, {"why": "A court."})
    assert (answer.status_code, "held back already" in answer.content.decode()) == (409, True)
    sol = signed_in(staff("Sol", Role.SOURCE_OWNER))
    assert sol.get(address).status_code == 403
    assert sol.post(reverse("changes:lift_hold", args=[asked.reference])).status_code == 403
    assert "Rosa Reviewer holds the changes back since" in _page(client, "changes:changes", asked.reference)
    assert client.post(reverse("changes:lift_hold", args=[asked.reference])).status_code == 302
    assert hold_of(asked) is None
