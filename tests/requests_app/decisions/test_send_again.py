"""What could not be delivered goes once more: the same letter, or a fresh code, and never what has lost its point."""

import json
from datetime import timedelta
from uuid import UUID

import pytest
from pytest_django import Settings

from omne_dsar.embedded import ports
from requests_app.audit.actors import Actor
from requests_app.audit.models import AuditEntry
from requests_app.correspondence.deliver import deliver_message
from requests_app.correspondence.models import Message
from requests_app.correspondence.notices import Notice
from requests_app.correspondence.write import write_message
from requests_app.decisions.errors import NotToBeSentAgain
from requests_app.decisions.send_again import send_again, undelivered
from requests_app.errors import NotPermitted
from requests_app.identity.codes import issue_code
from requests_app.identity.models import Purpose
from requests_app.leases.models import WorkState
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.states import RequestState as S
from tests.factories import NOON, a_request_in, ada_asks, piet, rosa
from tests.mailbox import Mailbox

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(days=2)


@pytest.fixture
def refusing(settings: Settings, mailbox: Mailbox) -> Mailbox:
    """A mail server that knows nobody, for now."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = ports.LOOPBACK, mailbox.port
    mailbox.answer = "550 No such mailbox"
    return mailbox


def given_up(asked: SubjectRequest, notice: Notice) -> Message:
    """A message that the mail server refuses for good."""
    message = asked.messages.filter(notice=notice).last() or write_message(
        notice, subject_request=asked, at=NOON
    )
    assert not deliver_message(message_id=message.pk, at=NOON)
    message.refresh_from_db()
    assert message.work_state == WorkState.DEAD
    return message


def again(message_id: UUID) -> None:
    send_again(message_id=message_id, by=Actor.staff(rosa()), at=LATER)


def test_the_same_letter_goes_once_more_and_arrives_under_its_own_name(refusing: Mailbox) -> None:
    message = given_up(a_request_in(S.IN_REVIEW), Notice.IDENTITY_CONFIRMED)
    refusing.answer = "250 OK"
    again(message.pk)
    assert deliver_message(message_id=message.pk, at=LATER)
    (mail,) = refusing.messages
    assert mail["Message-ID"] == message.rfc_message_id
    message.refresh_from_db()
    assert (message.work_state, message.sent_at, message.attempts) == (WorkState.DONE, LATER, 1)


def test_who_sent_it_again_is_recorded_and_what_it_says_is_not(refusing: Mailbox) -> None:
    message = given_up(a_request_in(S.IN_REVIEW), Notice.IDENTITY_CONFIRMED)
    again(message.pk)
    entry = AuditEntry.objects.get(event="message.tried_again")
    assert (entry.actor_kind, json.loads(entry.facts)) == ("staff", {"notice": "identity_confirmed"})


def test_a_code_is_not_sent_again_but_a_new_one(refusing: Mailbox) -> None:
    asked = ada_asks()
    old = given_up(asked, Notice.CONFIRM_IDENTITY)
    again(old.pk)
    newest = asked.messages.order_by("-written_at").first()
    assert newest is not None
    assert newest.pk != old.pk
    assert newest.secrets["code"] != old.secrets["code"]
    old.refresh_from_db()
    assert old.work_state == WorkState.DEAD
    with pytest.raises(NotToBeSentAgain):
        again(old.pk)


def test_codes_that_the_person_asks_for_at_that_moment_are_not_sent_again(refusing: Mailbox) -> None:
    asked = a_request_in(S.IN_REVIEW)
    issue_code(subject_request=asked, purpose=Purpose.PORTAL, by=Actor.subject(asked.reference), at=NOON)
    message = given_up(asked, Notice.PORTAL_CODE)
    assert undelivered(asked) == []
    with pytest.raises(NotToBeSentAgain):
        again(message.pk)


@pytest.mark.parametrize("state", [S.IN_REVIEW, S.LAPSED])
def test_a_code_for_a_request_that_is_confirmed_or_gone_has_lost_its_point(
    refusing: Mailbox, state: S
) -> None:
    asked = a_request_in(state)
    given_up(asked, Notice.CONFIRM_IDENTITY)
    assert undelivered(asked) == []


def test_what_was_sent_or_is_on_its_way_is_left_alone(refusing: Mailbox) -> None:
    asked = a_request_in(S.IN_REVIEW)
    refusing.answer = "250 OK"
    waiting = asked.messages.filter(notice=Notice.IDENTITY_CONFIRMED).get()
    with pytest.raises(NotToBeSentAgain):
        again(waiting.pk)
    assert deliver_message(message_id=waiting.pk, at=NOON)
    with pytest.raises(NotToBeSentAgain):
        again(waiting.pk)
    assert len(refusing.messages) == 1


def test_where_a_newer_message_says_the_same_the_older_one_rests(refusing: Mailbox) -> None:
    asked = a_request_in(S.IN_REVIEW)
    older = given_up(asked, Notice.IDENTITY_CONFIRMED)
    newer = write_message(Notice.IDENTITY_CONFIRMED, subject_request=asked, at=LATER)
    with pytest.raises(NotToBeSentAgain):
        again(older.pk)
    Message.objects.filter(pk=newer.pk).update(work_state=WorkState.DEAD)
    assert [each.pk for each in undelivered(asked)] == [newer.pk]


def test_only_who_works_cases_may(refusing: Mailbox) -> None:
    message = given_up(a_request_in(S.IN_REVIEW), Notice.IDENTITY_CONFIRMED)
    with pytest.raises(NotPermitted):
        send_again(message_id=message.pk, by=Actor.staff(piet()), at=LATER)
    message.refresh_from_db()
    assert message.work_state == WorkState.DEAD
