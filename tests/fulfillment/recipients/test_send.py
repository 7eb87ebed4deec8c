"""Letters to recipients: sent once as the other side sees it, signed, tried again, given up with a reason."""

import json
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.db.models.functions import Now
from django.utils import timezone
from pytest_django import Settings
from standardwebhooks.webhooks import Webhook

from fulfillment.recipients.models import RecipientLetter
from fulfillment.recipients.save import change_recipient
from fulfillment.recipients.send import deliver_letter
from requests_app.leases.models import WorkState
from tests.factories import NOON
from tests.fulfillment.changes.shop import connect
from tests.fulfillment.recipients.cast import (
    HOST,
    SECRET,
    called_host,
    erased,
    erased_in_the_shop,
    sol,
    the_host,
    the_letter,
    token_in,
)
from tests.json_server import Answer, Asked, JsonServer
from tests.mailbox import Mailbox, text_of

pytestmark = pytest.mark.django_db


def _now() -> datetime:
    """The independent library holds a signature against the real clock."""
    return timezone.now()


def _is_due_again() -> None:
    RecipientLetter.objects.update(next_attempt_at=Now() - timedelta(seconds=1), leased_until=None)


def test_a_mail_names_the_person_as_the_recipient_knows_them_and_carries_a_link(post: Mailbox) -> None:
    connect()
    the_host()
    erased()
    assert deliver_letter(letter_id=the_letter().pk, at=NOON)
    mail = post.sent_to("privacy@host.example")[0]
    text = text_of(mail)
    assert "Please erase what you hold of it" in text
    assert "The person (Id): 1" in text
    assert "ada@example.org" not in text
    assert token_in(text)
    assert mail["Message-ID"] == the_letter().rfc_message_id
    assert the_letter().secrets == {}


def test_a_mail_that_was_sent_is_not_sent_again(post: Mailbox) -> None:
    connect()
    the_host()
    erased()
    assert deliver_letter(letter_id=the_letter().pk, at=NOON)
    assert not deliver_letter(letter_id=the_letter().pk, at=NOON)
    assert len(post.messages) == 1


def test_what_a_value_holds_is_no_markup_of_the_mail(post: Mailbox) -> None:
    people = [{"id": 1, "name": "<b>Ada", "seen_at": None, "email": "ada@example.org", "second_email": None}]
    connect(people=people)
    the_host(known_by="shop/people/name")
    erased()
    deliver_letter(letter_id=the_letter().pk, at=NOON)
    html = post.messages[0].get_body(("html",))
    assert html is not None
    assert "&lt;b&gt;Ada" in html.get_content()


def test_a_call_is_signed_as_an_independent_library_reads_it(settings: Settings) -> None:
    with JsonServer(lambda asked: Answer({}, status=204)) as theirs:
        settings.OUTBOUND_ALLOWED_HOSTS = [f"127.0.0.1:{theirs.port}"]
        connect()
        called_host(f"{theirs.url}/privacy")
        erased()
        assert deliver_letter(letter_id=the_letter().pk, at=_now())
        (asked,) = theirs.asked
    said = Webhook(SECRET).verify(asked.body, dict(asked.headers))
    assert said["type"] == "recipient.erase"
    assert said["data"]["person"] == {"kind": "id", "values": ["1"]}
    assert token_in(said["data"]["answer_url"])
    assert asked.headers["idempotency-key"] == asked.headers["webhook-id"] == str(the_letter().pk)
    assert "ada" not in json.dumps(said).lower()


def test_while_a_secret_is_replaced_both_sign_and_then_the_new_one_alone(settings: Settings) -> None:
    newer = "whsec_" + "QkJC" * 8
    with JsonServer(lambda asked: Answer({})) as theirs:
        settings.OUTBOUND_ALLOWED_HOSTS = [f"127.0.0.1:{theirs.port}"]
        connect()
        host = called_host(theirs.url)
        details = replace(HOST, way="webhook", url=theirs.url, secret=newer)
        change_recipient(key=host.key, details=details, by=sol(), at=_now())
        erased()
        deliver_letter(letter_id=the_letter().pk, at=_now())
        (asked,) = theirs.asked
        for secret in (SECRET, newer):
            Webhook(secret).verify(asked.body, dict(asked.headers))
        _send_anew()
        deliver_letter(letter_id=the_letter().pk, at=_now() + timedelta(days=8))
        assert len(theirs.asked[-1].headers["webhook-signature"].split()) == 1


def _send_anew() -> None:
    RecipientLetter.objects.update(work_state=WorkState.WAITING)
    _is_due_again()


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_dies_after_the_call_leaves_a_call_with_the_same_id(settings: Settings) -> None:
    died: list[bool] = []

    def decide(asked: Asked) -> Answer:
        if not died:
            died.append(True)
            # Its lease has passed to another before it could write that the call was made.
            RecipientLetter.objects.update(fence=99, leased_until=None)
            connection.close()
        return Answer({})

    with JsonServer(decide) as theirs:
        settings.OUTBOUND_ALLOWED_HOSTS = [f"127.0.0.1:{theirs.port}"]
        connect()
        called_host(theirs.url)
        erased()
        assert not deliver_letter(letter_id=the_letter().pk, at=_now())
        assert the_letter().sent_at is None
        _is_due_again()
        assert deliver_letter(letter_id=the_letter().pk, at=_now())
        first, second = theirs.asked
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.body == second.body


@pytest.mark.parametrize(
    ("status", "state"), [(500, WorkState.WAITING), (302, WorkState.WAITING), (410, WorkState.DEAD)]
)
def test_only_a_good_answer_counts_and_gone_is_gone(settings: Settings, status: int, state: str) -> None:
    with JsonServer(lambda asked: Answer({}, status=status, headers={"Location": "/elsewhere"})) as theirs:
        settings.OUTBOUND_ALLOWED_HOSTS = [f"127.0.0.1:{theirs.port}"]
        connect()
        called_host(theirs.url)
        erased()
        assert not deliver_letter(letter_id=the_letter().pk, at=_now())
        assert len(theirs.asked) == 1
    assert the_letter().work_state == state
    assert str(status) in the_letter().last_error


def test_an_address_inside_our_network_is_not_called(settings: Settings) -> None:
    connect()
    called_host("https://localhost:8443/hook")
    erased()
    assert not deliver_letter(letter_id=the_letter().pk, at=_now())
    assert the_letter().work_state == WorkState.DEAD
    assert "private network" in the_letter().last_error


def test_nothing_is_sent_where_nobody_is_set_up() -> None:
    erased_in_the_shop()
    assert not RecipientLetter.objects.exists()
