"""What a recipient answers by its link: looking changes nothing, the first answer counts, nothing personal stays."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from fulfillment.recipients.answer import answer_by_token
from fulfillment.recipients.by_hand import note_ending, note_told, send_again
from fulfillment.recipients.endings import Ending
from fulfillment.recipients.errors import AlreadyAnswered, NothingToSend
from fulfillment.recipients.models import RecipientLetter, RecipientNotice
from fulfillment.recipients.remind import remind_due
from fulfillment.recipients.save import change_recipient
from fulfillment.recipients.send import deliver_letter
from requests_app.audit.actors import Actor
from requests_app.errors import BadInput, NotPermitted
from requests_app.leases.models import WorkState
from tests.factories import NOON, piet, rosa
from tests.fulfillment.changes.shop import connect
from tests.fulfillment.recipients.cast import HOST, erased, sol, the_host, the_letter, the_notice, token_in
from tests.mailbox import Mailbox

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(days=40)


@pytest.fixture
def token() -> str:
    """The token of a letter to the host."""
    connect()
    the_host()
    erased()
    return token_in(the_letter().secrets["answer_url"])


def _page(token: str) -> str:
    return reverse("answer:answer", args=[token])


def test_the_token_itself_is_kept_nowhere_once_it_is_sent(token: str, post: Mailbox) -> None:
    deliver_letter(letter_id=the_letter().pk, at=NOON)
    letter = the_letter()
    assert token not in f"{letter.text}{letter.html}{letter.secrets}{letter.answer_hash}"


def test_looking_changes_nothing_and_names_nobody(token: str) -> None:
    for _ in range(2):
        answer = Client().get(_page(token.upper()))
        assert answer.status_code == 200
    page = answer.content.decode()
    assert "Erasure" in page
    assert "ada@example.org" not in page
    assert not the_notice().ending


def test_an_answer_is_kept_and_the_person_forgotten(token: str) -> None:
    answer = Client().post(_page(token), {"ending": "cannot", "why": "A court told us to keep it."})
    assert "Thank you" in answer.content.decode()
    notice = the_notice()
    assert (notice.ending, notice.ending_note) == (Ending.CANNOT, "A court told us to keep it.")
    assert notice.ended_by is None
    assert notice.said_sealed == {}
    assert the_letter().secrets == {}


def test_one_who_cannot_says_why(token: str) -> None:
    answer = Client().post(_page(token), {"ending": "cannot", "why": " "})
    assert answer.status_code == 422
    assert "Say why you cannot." in answer.content.decode()
    assert not the_notice().ending


def test_the_same_answer_twice_is_one_and_another_is_refused(token: str) -> None:
    client = Client()
    assert client.post(_page(token), {"ending": "done"}).status_code == 200
    assert client.post(_page(token), {"ending": "done"}).status_code == 200
    assert client.post(_page(token), {"ending": "not_held"}).status_code == 409
    assert the_notice().ending == Ending.DONE
    assert "we have your answer" in client.get(_page(token)).content.decode()


@pytest.mark.parametrize("wrong", ["0" * 64, "abc", "0" * 63 + "g"])
def test_another_token_opens_nothing(token: str, wrong: str) -> None:
    assert Client().get(_page(wrong)).status_code == 404
    assert Client().post(_page(wrong), {"ending": "done"}).status_code == 404


def test_a_page_of_another_site_cannot_answer(token: str) -> None:
    assert Client(enforce_csrf_checks=True).post(_page(token), {"ending": "done"}).status_code == 403
    assert not the_notice().ending


def test_a_system_answers_in_json(token: str) -> None:
    address = reverse("answer:answer-by-system", args=[token])
    client = Client(enforce_csrf_checks=True)
    for body in (b"no", b"[]", b'{"answer": "sure"}', b'{"answer": 1}'):
        assert client.post(address, body, content_type="application/json").status_code == 400
    answer = client.post(address, json.dumps({"answer": "not_held"}), content_type="application/json")
    assert (answer.status_code, answer.json()) == (200, {"answer": "not_held"})
    assert the_notice().ending == Ending.NOT_HELD
    assert client.get(address).status_code == 405


def test_a_system_that_says_too_much_is_refused(token: str) -> None:
    address = reverse("answer:answer-by-system", args=[token])
    body = json.dumps({"answer": "done", "why": "x" * 200_000})
    assert Client().post(address, body, content_type="application/json").status_code == 400
    assert not the_notice().ending


def test_staff_write_an_answer_down_or_why_nobody_is_told(token: str) -> None:
    worker = rosa()
    by, notice = Actor.staff(worker), the_notice()
    with pytest.raises(NotPermitted):
        note_ending(notice_id=notice.pk, ending=Ending.DONE, why="", by=Actor.staff(piet()), at=LATER)
    with pytest.raises(BadInput):
        note_ending(notice_id=notice.pk, ending=Ending.DISPROPORTIONATE, why=" ", by=by, at=LATER)
    note_ending(notice_id=notice.pk, ending=Ending.IMPOSSIBLE, why="It was wound up.", by=by, at=LATER)
    assert the_notice().ended_by == worker
    with pytest.raises(AlreadyAnswered):
        note_told(notice_id=notice.pk, on=NOON.date(), by=by, at=LATER)


def test_one_that_was_spared_may_answer_all_the_same(token: str) -> None:
    by = Actor.staff(rosa())
    note_ending(notice_id=the_notice().pk, ending=Ending.IMPOSSIBLE, why="Gone.", by=by, at=LATER)
    answer_by_token(token=token, ending="done", why="", at=LATER)
    assert the_notice().ending == Ending.DONE


def test_told_by_hand_has_its_day(token: str) -> None:
    by, notice = Actor.staff(rosa()), the_notice()
    for day in (notice.written_at.date() - timedelta(days=1), LATER.date() + timedelta(days=1)):
        with pytest.raises(BadInput):
            note_told(notice_id=notice.pk, on=day, by=by, at=LATER)
    note_told(notice_id=notice.pk, on=LATER.date(), by=by, at=LATER)
    assert the_notice().told_on == LATER.date()


def test_a_silent_recipient_is_reminded_twice_and_no_more(token: str, post: Mailbox) -> None:
    deliver_letter(letter_id=the_letter().pk, at=NOON)
    assert remind_due(at=NOON) == []
    for number in (1, 2):
        (letter,) = remind_due(at=NOON + timedelta(days=60 * number))
        assert letter.subject.startswith("Reminder:")
        assert remind_due(at=NOON + timedelta(days=60 * number)) == []
        deliver_letter(letter_id=letter.pk, at=LATER)
    assert remind_due(at=NOON + timedelta(days=900)) == []
    assert len({each["Message-ID"] for each in post.messages}) == 3
    # Any of the links may be used, and after the answer nothing more is written.
    answer_by_token(token=token, ending="done", why="", at=LATER)
    assert remind_due(at=NOON + timedelta(days=999)) == []


def test_one_whose_letter_never_left_is_not_reminded_but_sent_again(token: str, post: Mailbox) -> None:
    post.answer = "550 no such mailbox"
    deliver_letter(letter_id=the_letter().pk, at=NOON)
    assert the_letter().work_state == WorkState.DEAD
    assert remind_due(at=LATER) == []
    post.answer = "250 OK"
    moved = replace(HOST, mail_address="dpo@host.example")
    change_recipient(key="cloud_host_ltd", details=moved, by=sol(), at=NOON)
    name = the_letter().rfc_message_id
    send_again(notice_id=the_notice().pk, by=Actor.staff(rosa()), at=LATER)
    assert deliver_letter(letter_id=the_letter().pk, at=LATER)
    assert post.sent_to("dpo@host.example")[0]["Message-ID"] == name
    with pytest.raises(NothingToSend):
        send_again(notice_id=the_notice().pk, by=Actor.staff(rosa()), at=LATER)


def test_a_letter_that_waits_is_not_sent_after_the_answer(token: str, post: Mailbox) -> None:
    answer_by_token(token=token, ending="done", why="", at=LATER)
    assert not deliver_letter(letter_id=the_letter().pk, at=LATER)
    assert post.messages == []
    assert RecipientLetter.objects.count() == RecipientNotice.objects.count() == 1
