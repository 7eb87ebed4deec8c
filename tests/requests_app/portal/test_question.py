"""The person's side of a question, a fee and a date that moved."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from requests_app.audit.actors import Actor
from requests_app.deadlines.events import Topic
from requests_app.decisions.ask import Asking, ask_person
from requests_app.decisions.extend import extend_deadline
from requests_app.lifecycle.known_rights import RIGHTS
from requests_app.lifecycle.models import Link, SubjectRequest
from requests_app.lifecycle.perform import Opening, open_request
from requests_app.lifecycle.states import RequestState as S
from requests_app.portal import story
from tests.factories import NOON, a_request_in, ada_asks, rosa

pytestmark = pytest.mark.django_db
PAGE = "/requests/yours/question/"
PLACES = {"opt_out_sale_share": "US-CA", "limit_sensitive": "US-CA", "third_party_list": "US-OR"}
PLACES |= {"confirmation": "BR", "complaint": "GB-ENG", "grievance": "IN", "nominate": "IN"}
BEGUN = dict.fromkeys(("grievance", "nominate"), datetime(2027, 6, 1, tzinfo=UTC))
Opened = Callable[[SubjectRequest], Client]


def asked_for_fee() -> SubjectRequest:
    """A request whose person owes ten pounds."""
    asked = a_request_in(S.IN_REVIEW, place="GB-ENG", at=timezone.now() - timedelta(days=2))
    fee = Asking(Topic.FEE, "A further copy.", Decimal("10"), "GBP")
    return ask_person(subject_request_id=asked.pk, asking=fee, by=Actor.staff(rosa()), at=timezone.now())


def test_a_question_is_a_task_and_is_answered_once(opened: Opened) -> None:
    asked = a_request_in(S.AWAITING_ANSWER, at=timezone.now() - timedelta(days=2))
    browser = opened(asked)
    status = browser.get("/requests/yours/").content.decode()
    assert "Answer our question" in status
    assert "only you can tell us" in status
    assert "Which of your two accounts" in browser.get(PAGE).content.decode()
    assert browser.post(PAGE, {"answer": " "}).status_code == 422
    assert browser.post(PAGE, {"answer": "The newer one."})["Location"] == "/requests/yours/"
    fresh = SubjectRequest.objects.get(pk=asked.pk)
    assert (fresh.state, fresh.questions.get().answer) == (S.IN_REVIEW, "The newer one.")
    assert browser.post(PAGE, {"answer": "Again."})["Location"] == "/requests/yours/"
    assert SubjectRequest.objects.get(pk=asked.pk).version == fresh.version


def test_a_fee_is_told_as_paid_and_waits_for_us(opened: Opened) -> None:
    asked = asked_for_fee()
    browser = opened(asked)
    assert "A fee of 10.00 GBP" in browser.get(PAGE).content.decode()
    browser.post(PAGE)
    assert "You told us on" in browser.get("/requests/yours/").content.decode()
    assert SubjectRequest.objects.get(pk=asked.pk).state == S.AWAITING_ANSWER


def test_looking_at_the_question_answers_nothing(opened: Opened) -> None:
    asked = asked_for_fee()
    opened(asked).get(PAGE)
    assert asked.questions.get().said_paid_at is None


def test_a_date_that_moved_says_what_it_was_and_why() -> None:
    asked = ada_asks(place="PT")
    extend_deadline(
        subject_request_id=asked.pk,
        reason="Fourteen years of mail.",
        by=Actor.staff(rosa()),
        at=NOON + timedelta(days=5),
    )
    asked.refresh_from_db()
    told = story.date_of(asked, today=date(2026, 12, 1))
    assert told.date == date(2027, 2, 3)
    for words in ("We told you in time", "It was 3 December 2026 before.", "Fourteen years of mail."):
        assert words in told.text


@pytest.mark.parametrize("right", [code for code in RIGHTS if code != "appeal"])
def test_every_right_and_its_appeal_say_why_their_date_is_what_it_is(right: str) -> None:
    at = BEGUN.get(right, NOON)
    first = ada_asks(right=right, place=PLACES.get(right, "PT"), at=at)
    appeal = open_request(
        Opening(
            submission=first.submission,
            right="appeal",
            regime=first.regime,
            place=first.place,
            language="en",
            name="Ada",
            email="ada@example.org",
            linked_to=first,
            link=Link.APPEAL,
        ),
        by=Actor.subject(first.reference),
        at=at,
    )
    for asked in (first, appeal):
        told = story.date_of(SubjectRequest.objects.get(pk=asked.pk), today=at.date())
        assert told.text
        assert asked.state_facts.clock_runs is bool(told.why)
        assert told.date == asked.response_due_on or not told.why
