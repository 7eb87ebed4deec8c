"""Questions to the person: what they do to the clock, how they are answered, and going on without an answer."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from requests_app.audit.actors import Actor
from requests_app.audit.models import AuditEntry
from requests_app.deadlines.events import Topic
from requests_app.decisions.ask import (
    Asking,
    answer_question,
    ask_person,
    go_on_without_answer,
    open_question,
    record_fee_paid,
    say_paid,
)
from requests_app.decisions.errors import (
    AnswerMissing,
    FeeIncomplete,
    FeeNotAllowed,
    NothingAsked,
    RoleMayNotDecide,
)
from requests_app.decisions.models import Ending
from requests_app.lifecycle.errors import ReasonMissing
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.states import RequestState as S
from tests.factories import NOON, a_request_in, rosa

pytestmark = pytest.mark.django_db
WORDS = "Which of your two accounts do you mean?"
QUESTION = Asking(Topic.CLARIFICATION, WORDS, clock_reason="Two accounts, eleven years of mail.")
FEE = Asking(Topic.FEE, "A second copy.", Decimal("12.50"), "EUR")
DAY = timedelta(days=1)


def ask(place: str = "PT", asking: Asking = QUESTION) -> SubjectRequest:
    """A request whose person was asked on 4 November."""
    asked = a_request_in(S.IN_REVIEW, place=place)
    return ask_person(subject_request_id=asked.pk, asking=asking, by=Actor.staff(rosa()), at=NOON + DAY)


def person(subject_request: SubjectRequest) -> Actor:
    """The person as an actor."""
    return Actor.subject(subject_request.reference)


def test_the_person_is_asked_by_mail_without_the_words_and_the_words_are_sealed() -> None:
    asked = ask()
    assert asked.state == S.AWAITING_ANSWER
    assert WORDS not in asked.messages.get(notice="question_asked").text
    assert open_question(asked).words == WORDS
    assert [each.type for each in asked.clock_events.all()] == ["clarification_requested"]


def test_where_the_law_stops_the_clock_the_answer_moves_the_date_and_the_person_is_told() -> None:
    asked = ask()
    assert asked.response_due_on == date(2026, 12, 3)
    answered = answer_question(
        subject_request_id=asked.pk, answer="The newer one.", by=person(asked), at=NOON + 5 * DAY
    )
    assert answered.state == S.IN_REVIEW
    assert answered.response_due_on == date(2026, 12, 7)
    assert answered.questions.get().answer == "The newer one."
    moved = answered.moved_dates.get()
    assert (moved.before, moved.after, moved.cause) == (
        date(2026, 12, 3),
        date(2026, 12, 7),
        "clarification_received",
    )
    assert "four days" in answered.messages.get(notice="date_moved").text


def test_a_pause_that_is_only_tolerated_needs_a_reason_on_record() -> None:
    asked = ask("PT", Asking(Topic.CLARIFICATION, WORDS))
    assert not asked.clock_events.exists()
    assert "do not count" not in asked.messages.get(notice="question_asked").text
    answered = answer_question(
        subject_request_id=asked.pk, answer="The newer one.", by=person(asked), at=NOON + 5 * DAY
    )
    assert (answered.state, answered.response_due_on) == (S.IN_REVIEW, date(2026, 12, 3))
    stopped = ask()
    assert "do not count" in stopped.messages.get(notice="question_asked").text
    assert AuditEntry.objects.filter(event="request.clock_stopped", target_id=str(stopped.pk)).exists()
    # The United Kingdom's own Act stops it, whoever says so.
    assert ask("GB-ENG", Asking(Topic.CLARIFICATION, WORDS)).clock_events.exists()


def test_where_the_law_does_not_stop_the_clock_nothing_moves_and_nobody_is_written_to() -> None:
    asked = ask("US-VA")
    answered = answer_question(
        subject_request_id=asked.pk, answer="Both.", by=person(asked), at=NOON + 5 * DAY
    )
    assert answered.response_due_on == asked.response_due_on
    assert not answered.messages.filter(notice="date_moved").exists()


def test_going_on_without_an_answer_leaves_the_date_and_a_later_question_counts_from_its_own_day() -> None:
    asked = ask()
    by = Actor.staff(rosa())
    went_on = go_on_without_answer(
        subject_request_id=asked.pk, reason="Clear enough.", by=by, at=NOON + 8 * DAY
    )
    assert went_on.response_due_on == date(2026, 12, 3)
    assert went_on.questions.get().ending == Ending.WENT_ON
    ask_person(subject_request_id=asked.pk, asking=QUESTION, by=by, at=NOON + 10 * DAY)
    answered = answer_question(
        subject_request_id=asked.pk, answer="The old one.", by=person(asked), at=NOON + 12 * DAY
    )
    # Two days, not the eleven since the first question.
    assert answered.response_due_on == date(2026, 12, 7)  # 5 December is a Saturday
    assert went_on.moved_dates.count() == 1


def test_a_fee_is_paid_when_staff_have_seen_it_not_when_the_person_says_so() -> None:
    asked = ask("GB-ENG", Asking(Topic.FEE, "A further copy.", Decimal("10"), "GBP"))
    assert "10.00 GBP" in asked.messages.get(notice="fee_asked").text
    say_paid(subject_request_id=asked.pk, by=person(asked), at=NOON + 3 * DAY)
    asked.refresh_from_db()
    assert (asked.state, asked.clock_events.count()) == (S.AWAITING_ANSWER, 1)
    paid = record_fee_paid(subject_request_id=asked.pk, by=Actor.staff(rosa()), at=NOON + 4 * DAY)
    # Art. 12A: the month begins when the fee is there, 7 November.
    assert (paid.state, paid.response_due_on) == (S.IN_REVIEW, date(2026, 12, 7))


def test_a_fee_is_not_answered_and_a_question_is_not_paid() -> None:
    fee, question = ask("PT", FEE), ask()
    with pytest.raises(AnswerMissing):
        answer_question(subject_request_id=fee.pk, answer="No.", by=person(fee), at=NOON + 2 * DAY)
    with pytest.raises(NothingAsked):
        say_paid(subject_request_id=question.pk, by=person(question), at=NOON + 2 * DAY)
    with pytest.raises(NothingAsked):
        record_fee_paid(subject_request_id=question.pk, by=Actor.staff(rosa()), at=NOON + 2 * DAY)


def test_a_law_that_lets_nothing_be_charged_refuses_the_fee() -> None:
    with pytest.raises(FeeNotAllowed, match="always free"):
        ask("BR", FEE)


@pytest.mark.parametrize(
    "asking",
    [
        Asking(Topic.FEE, "A copy."),
        Asking(Topic.FEE, "A copy.", Decimal("0"), "EUR"),
        Asking(Topic.FEE, "A copy.", Decimal("5"), ""),
        Asking(Topic.CLARIFICATION, WORDS, Decimal("5"), "EUR"),
    ],
)
def test_a_fee_has_its_price_and_a_question_has_none(asking: Asking) -> None:
    with pytest.raises(FeeIncomplete):
        ask("PT", asking)


def test_a_question_has_words_and_an_answer_has_some() -> None:
    with pytest.raises(ReasonMissing):
        ask("PT", Asking(Topic.CLARIFICATION, " "))
    asked = ask()
    with pytest.raises(AnswerMissing, match="Write your answer"):
        answer_question(subject_request_id=asked.pk, answer=" ", by=person(asked), at=NOON + 2 * DAY)


def test_only_staff_go_on_without_an_answer_and_only_once() -> None:
    asked = ask()
    with pytest.raises(RoleMayNotDecide):
        go_on_without_answer(subject_request_id=asked.pk, reason="So.", by=person(asked), at=NOON + 2 * DAY)
    answer_question(subject_request_id=asked.pk, answer="The newer.", by=person(asked), at=NOON + 2 * DAY)
    with pytest.raises(NothingAsked):
        answer_question(subject_request_id=asked.pk, answer="Again.", by=person(asked), at=NOON + 3 * DAY)
