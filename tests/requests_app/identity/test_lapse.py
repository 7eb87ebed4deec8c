"""What nobody proves ends in time: as the law's lesser answer, or closed with a notice, never late."""

from datetime import date, timedelta

import pytest

from requests_app.audit.actors import Actor
from requests_app.identity.ask import ask_more_proof
from requests_app.identity.decide import accept_verification
from requests_app.identity.follow_up import NothingOffered, ask_instead, offered_instead
from requests_app.identity.lapse import CONFIRM_WITHIN, lapse_unconfirmed, lessen, may_be_lessened
from requests_app.identity.time_left import lapses_on
from requests_app.lifecycle.errors import MoveNotAllowed
from requests_app.lifecycle.models import AnswerScope, IdentityLevel, Link, SubjectRequest
from requests_app.lifecycle.states import RequestState as S
from tests.factories import AGENT, NOON, SYSTEM, a_request_in, ada_asks, ada_asks_by, rosa
from tests.proofs import by_ada, confirmed, given, marks, waiting

pytestmark = pytest.mark.django_db
LATE = NOON + CONFIRM_WITHIN + timedelta(minutes=1)
DAY = timedelta(days=1)


def _fresh(asked: SubjectRequest) -> SubjectRequest:
    return SubjectRequest.objects.get(pk=asked.pk)


def test_what_was_never_confirmed_lapses_and_the_person_is_told() -> None:
    asked = ada_asks()
    assert lapse_unconfirmed(at=LATE - timedelta(minutes=2)) == 0
    assert lapse_unconfirmed(at=LATE) == 1
    assert _fresh(asked).state == S.LAPSED
    told = asked.messages.get(notice="lapsed")
    assert "sell or share" not in told.text


def test_what_was_confirmed_or_is_young_stays() -> None:
    a_request_in(S.IN_REVIEW)
    ada_asks(at=LATE)
    assert lapse_unconfirmed(at=LATE) == 0


def test_a_second_run_changes_nothing() -> None:
    ada_asks()
    assert [lapse_unconfirmed(at=LATE), lapse_unconfirmed(at=LATE)] == [1, 0]


def test_it_lapses_the_day_before_the_answer_is_due_when_that_comes_first() -> None:
    asked = waiting()
    due = asked.response_due_on
    late_proof = NOON + (due - NOON.date() - timedelta(days=5))
    SubjectRequest.objects.filter(pk=asked.pk).update(state_since=late_proof)
    asked = _fresh(asked)
    assert lapses_on(asked) == due - DAY
    on_the_day = NOON + (due - DAY - NOON.date())
    assert lapse_unconfirmed(at=on_the_day - DAY) == 0
    assert lapse_unconfirmed(at=on_the_day) == 1
    assert asked.messages.get(notice="lapsed").written_at.date() < due


def test_a_proof_that_waits_for_us_keeps_a_request_open() -> None:
    asked = waiting()
    given(asked)
    assert lapse_unconfirmed(at=LATE + DAY) == 0


def test_while_a_law_lets_the_clock_stand_the_fortnight_counts_and_a_month_at_most() -> None:
    asked = a_request_in(S.IN_REVIEW)
    asked_at = NOON + timedelta(days=25)
    asked = ask_more_proof(
        subject_request_id=asked.pk,
        level=IdentityLevel.REASONABLE,
        reason="The mail was sent from another country each time.",
        by=Actor.staff(rosa()),
        at=asked_at,
    )
    # The due date, 3 December, is nearer than the fortnight; the pause of Art. 12(6) GDPR moves it on.
    assert asked.response_due_on == date(2026, 12, 3)
    assert lapses_on(asked) == (asked_at + CONFIRM_WITHIN).date()
    SubjectRequest.objects.filter(pk=asked.pk).update(state_since=asked_at + timedelta(days=20))
    assert lapses_on(_fresh(asked)) == (asked_at + timedelta(days=30)).date()


def test_in_california_two_points_bring_the_categories_instead_of_a_lapse() -> None:
    asked = waiting()
    proof = given(asked)
    accept_verification(
        subject_request_id=asked.pk, verification_id=proof.pk, marks=marks(2), by=Actor.staff(rosa()), at=NOON
    )
    assert lapse_unconfirmed(at=LATE) == 0
    asked = _fresh(asked)
    assert (asked.state, asked.answer_scope) == (S.IN_REVIEW, AnswerScope.CATEGORIES)
    assert asked.messages.filter(notice="lessened").count() == 1
    assert not asked.messages.filter(notice__in=("lapsed", "identity_confirmed")).exists()


def test_no_lesser_answer_goes_to_an_agent_whose_mandate_was_not_accepted() -> None:
    asked = confirmed(ada_asks_by(AGENT, place="US-CA"))
    proof = given(asked)
    which = {"subject_request_id": asked.pk, "verification_id": proof.pk}
    asked = accept_verification(**which, marks=marks(2), by=Actor.staff(rosa()), at=NOON)
    assert asked.identity_level == IdentityLevel.REASONABLE
    assert not may_be_lessened(asked, by=SYSTEM)
    with pytest.raises(MoveNotAllowed, match="mandate has not been accepted"):
        lessen(subject_request_id=asked.pk, by=SYSTEM, at=NOON)
    assert lapse_unconfirmed(at=LATE) == 1


def test_without_them_a_copy_lapses_there_too() -> None:
    asked = waiting()
    assert lapse_unconfirmed(at=LATE + DAY) == 1
    assert _fresh(asked).answer_scope == AnswerScope.FULL


def test_a_deletion_that_lapses_in_california_offers_the_opt_out_once_and_without_proof() -> None:
    asked = ada_asks(right="deletion", place="US-CA")
    assert lapse_unconfirmed(at=LATE) == 1
    assert "sell or share" in asked.messages.get(notice="lapsed").text
    lapsed = _fresh(asked)
    assert offered_instead(lapsed) == "opt_out_sale_share"
    opened = ask_instead(subject_request_id=asked.pk, by=by_ada(asked), at=LATE)
    assert (opened.right, opened.link, opened.linked_to_id) == (
        "opt_out_sale_share",
        Link.FOLLOW_UP,
        asked.pk,
    )
    assert opened.state == S.EXECUTING
    assert opened.received_at == LATE
    again = ask_instead(subject_request_id=asked.pk, by=by_ada(asked), at=LATE + DAY)
    assert again.pk == opened.pk


@pytest.mark.parametrize(
    "asked_with", [{"right": "access", "place": "US-CA"}, {"right": "deletion", "place": "PT"}]
)
def test_nothing_is_offered_where_the_law_offers_nothing(asked_with: dict[str, str]) -> None:
    asked = ada_asks(**asked_with)
    lapse_unconfirmed(at=LATE)
    with pytest.raises(NothingOffered):
        ask_instead(subject_request_id=asked.pk, by=by_ada(asked), at=LATE)


def test_nothing_is_offered_before_the_lapse() -> None:
    asked = ada_asks(right="deletion", place="US-CA")
    with pytest.raises(NothingOffered):
        ask_instead(subject_request_id=asked.pk, by=by_ada(asked), at=NOON)
