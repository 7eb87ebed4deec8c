"""A change in a source that a person answers for: the same personal link, each item ticked, the ledger written."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from fulfillment.changes.begin import begin_deletion
from fulfillment.changes.by_owner.remind import remind_unless_held
from fulfillment.changes.holding import hold_changes, lift_hold
from fulfillment.changes.models import ChangeState, ChangeTask, Hand
from fulfillment.connectors.asking import Held
from fulfillment.ledger.shelf import current_shelf
from fulfillment.owners.answer import answer_task
from fulfillment.owners.hand_in import hand_in_records
from fulfillment.owners.models import OwnerMail, OwnerTask, Purpose
from requests_app.audit.actors import Actor
from requests_app.leases.lease import due
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.states import RequestState as S
from requests_app.roles import Role
from tests.archive import code_of, connect_archive, last_link
from tests.desk import signed_in
from tests.factories import NOON, a_request_in, rosa, staff
from tests.fulfillment.changes.shop import approve, end, fresh, propose, search

pytestmark = pytest.mark.django_db
CSV = b"number,email,about\n7,ada@example.org,Contract of 2017\n"


@pytest.fixture
def erasing() -> SubjectRequest:
    """Ann has said what the archive holds of Ada, and Ada's deletion has begun."""
    connect_archive()
    asked = a_request_in(S.FULFILLING, right="deletion")
    search(asked)
    owner = OwnerTask.objects.get()
    hand_in_records(task_id=owner.pk, collection="folders", content=CSV, at=NOON)
    answer_task(task_id=owner.pk, held=Held.FOUND, note="", at=NOON)
    search(asked)
    propose(fresh(asked))
    waits = approve(fresh(asked))
    assert begin_deletion(subject_request_id=asked.pk, at=waits.waits_until)
    return fresh(asked)


def _opened(owner: OwnerTask) -> Client:
    OwnerTask.objects.update(link_expires_at=timezone.now() + timedelta(days=9))
    client, token = Client(), last_link(owner)
    client.post(reverse("owners:send_code", args=[token]))
    client.post(reverse("owners:door", args=[token]), {"code": code_of(owner)})
    return client


def test_the_owner_gets_the_instruction_ticks_each_item_and_the_erasure_is_in_the_ledger(
    erasing: SubjectRequest,
) -> None:
    owner = OwnerTask.objects.get(purpose=Purpose.CHANGE)
    client, page = _opened(owner), reverse("owner_changes:change")
    shown = client.get(page).content.decode()
    assert "ada@example.org" in shown
    assert "Erase these records" in shown
    done = {"ending": "done", "records_changed": "1", "note": "", "receipt": "Shredded, slip 12"}
    assert client.post(page, done).status_code == 422
    assert client.post(page, done | {"items": ["folders"]}).status_code == 302
    change = ChangeTask.objects.get()
    assert (change.state, change.hand, change.receipt) == (ChangeState.DONE, Hand.OWNER, "Shredded, slip 12")
    (entry,) = current_shelf().entries()
    assert entry.by_hand
    assert fresh(erasing).state == S.VERIFYING
    assert "Thank you" in client.get(page).content.decode()


def test_a_change_that_staff_end_needs_no_owner_any_more(erasing: SubjectRequest) -> None:
    end(ChangeTask.objects.get())
    assert not OwnerTask.objects.get(purpose=Purpose.CHANGE).is_open


def test_the_case_says_who_was_asked_and_leads_to_asking_somebody_else(erasing: SubjectRequest) -> None:
    owner = OwnerTask.objects.get(purpose=Purpose.CHANGE)
    client, changes = signed_in(rosa()), reverse("changes:changes", args=[erasing.reference])
    reassign = reverse("owners:reassign", args=[erasing.reference, owner.pk])
    page = client.get(changes).content.decode()
    assert "Ann Archivist was asked by mail" in page
    assert reassign in page
    assert f'href="{changes}"' in client.get(reassign).content.decode()
    answer = client.post(reassign, {"name": "Ben", "address": "ben@archive.example"})
    assert answer.headers["Location"] == changes
    assert "Ben was asked by mail" in client.get(changes).content.decode()


def test_whoever_may_only_look_is_not_led_there(erasing: SubjectRequest) -> None:
    client = signed_in(staff("Audra", Role.AUDITOR))
    page = client.get(reverse("changes:changes", args=[erasing.reference])).content.decode()
    assert "Ann Archivist was asked by mail" in page
    assert "Ask somebody else" not in page


def test_a_change_that_has_ended_leads_nowhere(erasing: SubjectRequest) -> None:
    end(ChangeTask.objects.get())
    page = signed_in(rosa()).get(reverse("changes:changes", args=[erasing.reference])).content.decode()
    assert "Ask somebody else" not in page


def _reminder_is_due() -> OwnerTask:
    OwnerTask.objects.filter(purpose=Purpose.CHANGE).update(next_attempt_at=NOON)
    return OwnerTask.objects.get(purpose=Purpose.CHANGE)


def _reminders() -> int:
    return OwnerMail.objects.filter(notice__in=["owner_reminded", "owner_escalated"]).count()


def test_nobody_is_reminded_while_the_changes_are_held_and_the_time_is_given_back_afterwards(
    erasing: SubjectRequest,
) -> None:
    by, owner = Actor.staff(rosa()), _reminder_is_due()
    held_at, lifted_at = owner.asked_at + timedelta(hours=1), owner.answer_by + timedelta(days=30)
    hold_changes(subject_request_id=erasing.pk, why="A dispute in court.", by=by, at=held_at)
    assert not remind_unless_held(task_id=owner.pk, at=owner.answer_by)
    assert not remind_unless_held(task_id=_reminder_is_due().pk, at=owner.answer_by + timedelta(days=3))
    waits = OwnerTask.objects.get(pk=owner.pk)
    assert (_reminders(), waits.reminded, waits.attempts) == (0, 0, 0)
    assert waits.leased_until is None
    assert not due(OwnerTask)

    lift_hold(subject_request_id=erasing.pk, by=by, at=lifted_at)
    goes_on = OwnerTask.objects.get(pk=owner.pk)
    assert goes_on.answer_by == owner.answer_by + (lifted_at - held_at)
    assert lifted_at < goes_on.next_attempt_at < goes_on.answer_by
    assert remind_unless_held(task_id=_reminder_is_due().pk, at=goes_on.next_attempt_at)
    assert _reminders() == 1
    assert "late" not in OwnerMail.objects.get(notice="owner_reminded").text


def test_a_hold_stops_no_reminder_of_a_search(erasing: SubjectRequest) -> None:
    OwnerTask.objects.update(purpose=Purpose.LOOK_AGAIN)
    hold_changes(subject_request_id=erasing.pk, why="A dispute.", by=Actor.staff(rosa()), at=NOON)
    owner = OwnerTask.objects.get(key__startswith="change:")
    OwnerTask.objects.update(next_attempt_at=NOON)
    assert remind_unless_held(task_id=owner.pk, at=owner.answer_by)
    assert _reminders() == 1
