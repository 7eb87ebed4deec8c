"""A deletion that waits: who is told, how it is stopped, what holds it back, how it begins by itself."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from fulfillment import tasks
from fulfillment.changes.begin import begin_deletion, due_deletions
from fulfillment.changes.models import ChangeTask
from fulfillment.runs.models import SourceTask
from requests_app.audit.actors import Actor
from requests_app.correspondence.models import Message
from requests_app.decisions.cancel import cancel_by_token, cancel_token, look_at_cancel_link
from requests_app.decisions.errors import AlreadyStopped, DeletionHasBegun
from requests_app.identity.errors import LinkNotValid
from requests_app.lifecycle.errors import MoveNotAllowed
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.moves import Move
from requests_app.lifecycle.perform import perform
from requests_app.lifecycle.states import RequestState as S
from tests.desk import signed_in
from tests.factories import NOON, SYSTEM, ada_asks, rosa
from tests.fulfillment.changes.shop import (
    APPROVED,
    INVOICES,
    approve,
    checked_deletion,
    connect,
    erasing,
    fresh,
    propose,
    waiting,
)

pytestmark = pytest.mark.django_db


def test_every_address_on_file_is_told_with_numbers_and_a_way_to_stop() -> None:
    connect()
    asked = waiting()
    told = Message.objects.filter(subject_request=asked, notice="deletion_planned")
    assert {each.to_address for each in told} == {"ada@example.org", "ada.home@example.net"}
    for each in told:
        assert "1 record will be deleted, in 1 system" in each.text
        assert "3 records stay" in each.text
        assert each.secrets["cancel_url"].endswith(cancel_token(asked))
        assert cancel_token(asked) not in each.text


def test_staff_read_the_end_of_the_wait_in_the_time_of_the_office() -> None:
    connect()
    asked = waiting()
    SubjectRequest.objects.filter(pk=asked.pk).update(waits_until=datetime(2027, 7, 10, 1, 30, tzinfo=UTC))
    page = signed_in(rosa()).get(reverse("review:case", args=[asked.reference])).content.decode()
    assert "It ends on 9 July 2027, 21:30 EDT." in page


def test_whatever_the_case_of_the_link_it_stops_the_deletion(client: Client) -> None:
    connect()
    asked = waiting()
    page = reverse("portal:cancel-deletion", args=[cancel_token(asked).upper()])
    assert "Stop the deletion" in client.get(page).content.decode()
    assert client.head(page).status_code == 200
    assert fresh(asked).state == S.WAITING_PERIOD
    answer = client.post(page, follow=True)
    assert "The deletion is stopped" in answer.content.decode()
    assert fresh(asked).state == S.WITHDRAWN
    assert "The deletion is stopped" in client.post(page, follow=True).content.decode()


@pytest.mark.parametrize("token", ["", "x" * 64, "0" * 64, "é" * 64])
def test_a_link_that_is_none_of_ours_stops_nothing(client: Client, token: str) -> None:
    connect()
    asked = waiting()
    with pytest.raises(LinkNotValid):
        look_at_cancel_link(token=token or cancel_token(asked)[:-1])
    forged = cancel_token(asked)[:-1] + ("0" if cancel_token(asked)[-1] != "0" else "1")
    with pytest.raises(LinkNotValid):
        cancel_by_token(token=forged, at=APPROVED)
    assert fresh(asked).state == S.WAITING_PERIOD


def test_once_it_has_begun_the_link_is_too_late(client: Client) -> None:
    connect()
    asked = erasing()
    with pytest.raises(DeletionHasBegun):
        cancel_by_token(token=cancel_token(asked), at=APPROVED)
    answer = client.get(reverse("portal:cancel-deletion", args=[cancel_token(asked)]))
    assert answer.status_code == 410


def test_a_stopped_deletion_never_begins() -> None:
    connect()
    asked = waiting()
    cancel_by_token(token=cancel_token(asked), at=APPROVED)
    assert not begin_deletion(subject_request_id=asked.pk, at=APPROVED + timedelta(days=30))
    with pytest.raises(AlreadyStopped):
        cancel_by_token(token=cancel_token(asked), at=APPROVED)
    assert not ChangeTask.objects.filter(subject_request=asked).exists()


@pytest.mark.parametrize("state", [S.CHECKING, S.AWAITING_APPROVAL, S.WAITING_PERIOD])
def test_the_person_can_take_it_back_at_every_moment_before_it_begins(state: S) -> None:
    connect()
    asked = checked_deletion()
    if state != S.CHECKING:
        propose(asked)
    if state == S.WAITING_PERIOD:
        approve(asked)
    perform(subject_request_id=asked.pk, move=Move.WITHDRAW, by=Actor.subject(asked.reference), at=APPROVED)
    assert fresh(asked).state == S.WITHDRAWN
    assert not SourceTask.objects.filter(run__subject_request=asked).exclude(store_name="").exists()


def test_it_does_not_begin_before_its_day_and_only_once() -> None:
    connect()
    asked = waiting()
    assert asked.waits_until is not None
    assert not begin_deletion(subject_request_id=asked.pk, at=asked.waits_until - timedelta(seconds=1))
    assert begin_deletion(subject_request_id=asked.pk, at=asked.waits_until)
    assert not begin_deletion(subject_request_id=asked.pk, at=asked.waits_until)
    assert ChangeTask.objects.filter(subject_request=asked).count() == 1


def test_a_beat_that_slept_catches_up() -> None:
    connect()
    asked = waiting()
    assert asked.waits_until < timezone.now()
    assert due_deletions() == [asked.pk]
    tasks.carry_on()
    assert fresh(asked).state == S.EXECUTING
    tasks.carry_on()
    assert ChangeTask.objects.filter(subject_request=asked).count() == 1


def test_the_copy_is_delivered_before_anything_is_deleted() -> None:
    connect()
    asked = waiting()
    copy = ada_asks(right="access")
    SubjectRequest.objects.filter(pk=copy.pk).update(submission=asked.submission)
    assert not begin_deletion(subject_request_id=asked.pk, at=asked.waits_until)
    assert fresh(asked).state == S.WAITING_PERIOD
    perform(subject_request_id=copy.pk, move=Move.WITHDRAW, by=Actor.subject(copy.reference), at=APPROVED)
    assert begin_deletion(subject_request_id=asked.pk, at=asked.waits_until)


def test_where_the_date_is_near_it_begins_at_once_and_the_notice_says_so() -> None:
    connect()
    asked = checked_deletion()
    propose(asked)
    late = datetime.combine(fresh(asked).response_due_on, NOON.timetz())
    asked = approve(asked, at=late)
    assert asked.waits_until == late
    notice = Message.objects.filter(subject_request=asked, notice="deletion_planned").first()
    assert notice is not None
    assert "begins now" in notice.text
    assert begin_deletion(subject_request_id=asked.pk, at=late)


def test_begin_is_refused_to_whoever_is_not_the_machine() -> None:
    connect()
    asked = waiting()
    with pytest.raises(MoveNotAllowed):
        perform(subject_request_id=asked.pk, move=Move.BEGIN_EXECUTION, by=SYSTEM, at=NOON)
    assert len(INVOICES) == 3
