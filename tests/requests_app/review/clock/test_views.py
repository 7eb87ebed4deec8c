"""The clock of a case at the desk: its dates, its steps, and the pages that move it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from requests_app.accounts.models import StaffMember
from requests_app.audit.actors import Actor
from requests_app.lifecycle.known_rights import RIGHTS
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.moves import Move
from requests_app.lifecycle.perform import perform
from requests_app.lifecycle.states import RequestState as S
from requests_app.review.clock.dates import main_date, other_dates
from tests.desk import signed_in
from tests.factories import NOON, a_request_in, ada_asks, piet, rosa

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 10)
# Rights that somebody in these places may exercise.
PLACES = {"opt_out_sale_share": "US-CA", "limit_sensitive": "US-CA", "third_party_list": "US-OR"}
BEGUN = dict.fromkeys(("grievance", "nominate"), datetime(2027, 6, 1, tzinfo=UTC))
PLACES |= {"confirmation": "BR", "complaint": "GB-ENG", "grievance": "IN", "nominate": "IN"}


@pytest.fixture
def worker() -> StaffMember:
    return rosa()


@pytest.fixture
def desk(worker: StaffMember) -> Client:
    return signed_in(worker)


def page(subject_request: SubjectRequest, tail: str = "clock/") -> str:
    return f"/staff/requests/{subject_request.reference}/{tail}"


def keys(subject_request: SubjectRequest) -> dict[str, date]:
    return {each.key: each.day for each in other_dates(subject_request, today=TODAY)}


def test_the_page_shows_each_step_with_its_article(desk: Client) -> None:
    shown = desk.get(page(a_request_in(S.IN_REVIEW, place="DE-BE"))).content.decode()
    assert "Why 3 December 2026" in shown
    for words in ("Art. 12(3)", "Reg. 1182/71 Art. 3(4)", "that day is not counted", "What the person reads"):
        assert words in shown
    assert "Only if the person is told by 3 December 2026" in shown
    assert "Wednesday 3 February 2027" in shown


def test_every_date_of_a_californian_request_stands_there() -> None:
    asked = ada_asks(right="deletion", place="US-CA")
    assert keys(asked) == {
        "acknowledgement": date(2026, 11, 18),  # ten business days: 11 November is Veterans Day
        "refusal": date(2026, 12, 18),
        "extension_notice": date(2026, 12, 18),
    }
    assert main_date(asked, today=TODAY).day == date(2026, 12, 18)


def test_a_refusal_opens_the_time_to_contest_it() -> None:
    asked = a_request_in(S.IN_REVIEW, place="US-GA")
    refused = perform(
        subject_request_id=asked.pk,
        move=Move.REFUSE,
        by=Actor.staff(rosa()),
        at=NOON + timedelta(days=6),
        reason="The proof was not yours.",
        given={"code": "unverifiable"},
    )
    assert "appeal_window" not in keys(asked)
    # Sixty days after 9 November: 8 January 2027, a Friday.
    assert keys(refused)["appeal_window"] == date(2027, 1, 8)


def test_an_opt_out_shows_when_it_is_carried_out() -> None:
    asked = ada_asks(right="opt_out_sale_share", place="US-CA")
    assert keys(asked)["opt_out"] == asked.response_due_on == date(2026, 11, 25)


@pytest.mark.parametrize("right", [code for code in RIGHTS if code != "appeal"])
def test_every_right_has_a_clock_to_look_at(desk: Client, right: str) -> None:
    asked = ada_asks(right=right, place=PLACES.get(right, "PT"), at=BEGUN.get(right, NOON))
    assert desk.get(page(asked)).status_code == 200


def test_more_time_is_taken_on_the_page_and_said_there(desk: Client) -> None:
    asked = ada_asks(place="PT", at=timezone.now() - timedelta(days=3))
    form = desk.get(page(asked, "clock/extend/")).content.decode()
    assert "Take more time?" in form
    refused = desk.post(page(asked, "clock/extend/"), {"version": asked.version, "reason": ""})
    assert refused.status_code == 422
    sent = {"version": asked.version, "reason": "Fourteen years of mail."}
    shown = desk.post(page(asked, "clock/extend/"), sent, follow=True).content.decode()
    assert "The person was told that it takes longer" in shown
    assert "The extension was used before" in shown
    moved = SubjectRequest.objects.get(pk=asked.pk)
    assert moved.response_due_on > asked.response_due_on
    again = desk.post(page(asked, "clock/extend/"), sent)
    assert again.status_code == 409


def test_an_approver_sees_the_clock_and_moves_nothing() -> None:
    asked = ada_asks(place="PT", at=timezone.now() - timedelta(days=3))
    approver = signed_in(piet())
    shown = approver.get(page(asked))
    assert shown.status_code == 200
    assert b"clock/extend/" not in shown.content
    for tail in ("clock/extend/", "clock/law/", "ask/", "answer/"):
        assert approver.post(page(asked, tail)).status_code == 403


def test_the_law_is_chosen_with_a_reason(desk: Client) -> None:
    asked = ada_asks(place=None, at=timezone.now() - timedelta(days=1))
    assert b"would not say where they live" in desk.get(page(asked)).content
    sent = {"version": asked.version, "regime": "eu-gdpr", "reason": "She writes that she lives in Porto."}
    shown = desk.post(page(asked, "clock/law/"), sent, follow=True).content
    assert b"Chosen by staff" in shown
    assert b"Another law answers than it seemed" in shown
    assert SubjectRequest.objects.get(pk=asked.pk).regime == "eu-gdpr"


def test_a_question_says_beforehand_what_it_does(desk: Client) -> None:
    stops = a_request_in(S.IN_REVIEW, place="PT", at=timezone.now() - timedelta(days=1))
    runs_on = a_request_in(S.IN_REVIEW, place="US-VA", at=timezone.now() - timedelta(days=1))
    assert b"The clock stops: the days from your question" in desk.get(page(stops, "ask/")).content
    assert b"The clock does not stop" in desk.get(page(runs_on, "ask/")).content


def test_a_law_without_fees_offers_none(desk: Client) -> None:
    brazil = a_request_in(S.IN_REVIEW, place="BR", at=timezone.now() - timedelta(days=1))
    shown = desk.get(page(brazil, "ask/")).content
    assert b"So no fee can be asked here" in shown
    assert b'name="amount"' not in shown


def test_a_question_is_asked_and_an_answer_entered(desk: Client) -> None:
    asked = a_request_in(S.IN_REVIEW, place="PT", at=timezone.now() - timedelta(days=1))
    assert desk.get(page(asked, "moves/ask_person/"))["Location"] == page(asked, "ask/")
    sent = {"version": asked.version, "topic": "clarification", "words": "Which account?"}
    desk.post(page(asked, "ask/"), sent)
    assert SubjectRequest.objects.get(pk=asked.pk).state == S.AWAITING_ANSWER
    assert b"nobody stopped the clock for it" in desk.get(page(asked)).content
    shown = desk.get(page(asked, "answer/")).content
    assert b"Which account?" not in shown  # shown with the name only
    assert desk.post(page(asked, "answer/"), {"act": "answer", "answer": ""}).status_code == 422
    desk.post(page(asked, "answer/"), {"act": "answer", "answer": "The newer one."})
    assert SubjectRequest.objects.get(pk=asked.pk).state == S.IN_REVIEW


def test_a_fee_is_asked_and_its_payment_recorded(desk: Client) -> None:
    asked = a_request_in(S.IN_REVIEW, place="GB-ENG", at=timezone.now() - timedelta(days=1))
    sent = {"version": asked.version, "topic": "fee", "words": "A further copy.", "amount": "10"}
    assert desk.post(page(asked, "ask/"), sent).status_code == 400
    desk.post(page(asked, "ask/"), sent | {"currency": "GBP"})
    assert b"A fee of 10.00 GBP was asked for" in desk.get(page(asked, "answer/")).content
    desk.post(page(asked, "answer/"), {"act": "paid"})
    fresh = SubjectRequest.objects.get(pk=asked.pk)
    assert (fresh.state, fresh.questions.get().ending) == (S.IN_REVIEW, "paid")


def test_going_on_without_an_answer_takes_a_reason(desk: Client) -> None:
    asked = a_request_in(S.AWAITING_ANSWER, place="PT", at=timezone.now() - timedelta(days=1))
    assert desk.post(page(asked, "answer/"), {"act": "go_on", "reason": ""}).status_code == 422
    desk.post(page(asked, "answer/"), {"act": "go_on", "reason": "Clear by now."})
    assert SubjectRequest.objects.get(pk=asked.pk).state == S.IN_REVIEW


def test_looking_at_the_pages_changes_nothing(desk: Client) -> None:
    asked = a_request_in(S.IN_REVIEW, place="PT", at=timezone.now() - timedelta(days=1))
    for tail in ("clock/", "clock/extend/", "clock/law/", "ask/", "answer/"):
        desk.get(page(asked, tail))
    assert SubjectRequest.objects.get(pk=asked.pk).version == asked.version
