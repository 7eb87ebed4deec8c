"""An objection is weighed purpose by purpose, and a machine's decision is reviewed; both are written down."""

import pytest

from requests_app.audit.actors import Actor
from requests_app.audit.models import AuditEntry
from requests_app.decisions.balancing import (
    Balance,
    decide_review,
    finish_objection,
    name_purposes,
    weigh_purposes,
)
from requests_app.decisions.errors import NotBeingWeighed, WordsMissing
from requests_app.lifecycle.errors import MoveNotAllowed
from requests_app.lifecycle.models import Outcome, SubjectRequest
from requests_app.lifecycle.moves import Move
from requests_app.lifecycle.perform import perform
from requests_app.lifecycle.states import RequestState as S
from requests_app.lifecycle.weighed import THE_DECISION, Verdict, Weighed, purposes_that_stop
from tests.factories import rosa
from tests.requests_app.decisions.asking import LATER, weighing

pytestmark = pytest.mark.django_db
OBJECTION = {"purposes": ["research", "security"], "reasons": "I am a journalist."}
DECISION = {"decision": "My account was closed.", "view": "I was on holiday."}


@pytest.fixture
def rosas() -> Actor:
    return Actor.staff(rosa())


@pytest.fixture
def asked() -> SubjectRequest:
    return weighing("objection", OBJECTION)


def _won(purpose: str) -> Balance:
    return Balance(
        purpose, "It helps us plan.", "A journalist.", "Her sources matter more.", Verdict.FOR_PERSON
    )


def _lost(purpose: str, ground: str = "compelling_grounds") -> Balance:
    return Balance(purpose, "It stops fraud.", "A journalist.", "Everyone is safer.", Verdict.FOR_US, ground)


def _weigh(asked: SubjectRequest, by: Actor, *balances: Balance) -> SubjectRequest:
    return weigh_purposes(subject_request_id=asked.pk, balances=balances, by=by, at=LATER)


def test_both_sides_and_the_reason_are_kept_with_who_weighed(asked: SubjectRequest, rosas: Actor) -> None:
    _weigh(asked, rosas, _lost("security"))
    row = Weighed.objects.get()
    assert (row.item, row.verdict, row.ground) == ("security", "for_us", "compelling_grounds")
    assert (row.our_side, row.their_side) == ("It stops fraud.", "A journalist.")
    assert row.conclusion == "Everyone is safer."
    assert str(row.weighed_by_id) == rosas.key
    facts = AuditEntry.objects.get(event="objection.purpose_weighed").facts
    assert facts == '{"item":"security","verdict":"for_us"}'


def test_a_purpose_weighed_anew_leaves_one_balancing_and_two_entries(
    asked: SubjectRequest, rosas: Actor
) -> None:
    _weigh(asked, rosas, _lost("security"))
    _weigh(asked, rosas, _won("security"))
    row = Weighed.objects.get()
    assert (row.verdict, row.ground) == ("for_person", "")
    assert AuditEntry.objects.filter(event="objection.purpose_weighed").count() == 2


@pytest.mark.parametrize(
    ("balance", "words"),
    [
        (Balance("security", " ", "b", "c", Verdict.FOR_PERSON), "both sides"),
        (Balance("security", "a", "", "c", Verdict.FOR_PERSON), "both sides"),
        (Balance("security", "a", "b", "", Verdict.FOR_PERSON), "both sides"),
        (Balance("security", "a", "b", "c", "neither"), "whose side"),
        (Balance("security", "a", "b", "c", Verdict.FOR_US), "choose a ground"),
        (Balance("support", "a", "b", "c", Verdict.FOR_PERSON), "no such purpose"),
    ],
)
def test_half_a_balancing_is_refused(
    asked: SubjectRequest, rosas: Actor, balance: Balance, words: str
) -> None:
    with pytest.raises(WordsMissing, match=words):
        _weigh(asked, rosas, balance)
    assert not Weighed.objects.exists()


def test_the_purposes_that_the_person_won_stop(asked: SubjectRequest, rosas: Actor) -> None:
    _weigh(asked, rosas, _won("research"), _lost("security"))
    granted = finish_objection(subject_request_id=asked.pk, by=rosas, at=LATER)
    assert granted.state == S.EXECUTING
    assert purposes_that_stop(granted) == ("research",)
    assert "Everyone is safer." in granted.reason


def test_a_purpose_that_nobody_weighed_holds_everything_back(asked: SubjectRequest, rosas: Actor) -> None:
    _weigh(asked, rosas, _won("research"))
    with pytest.raises(MoveNotAllowed, match="1 of 2 purposes are not weighed yet"):
        finish_objection(subject_request_id=asked.pk, by=rosas, at=LATER)


def test_an_objection_that_loses_everywhere_is_refused_on_the_first_ground(
    asked: SubjectRequest, rosas: Actor
) -> None:
    _weigh(asked, rosas, _lost("research"), _lost("security", "legal_claims"))
    refused = finish_objection(subject_request_id=asked.pk, by=rosas, at=LATER)
    assert (refused.state, refused.reason_code) == (S.REFUSED, "compelling_grounds")
    assert refused.reason.count("Everyone is safer.") == 2


def test_nothing_weighed_means_nothing_refused_by_balance(asked: SubjectRequest, rosas: Actor) -> None:
    with pytest.raises(MoveNotAllowed, match="2 of 2 purposes"):
        finish_objection(subject_request_id=asked.pk, by=rosas, at=LATER)


def test_marketing_beside_another_purpose_stops_whatever_is_weighed(rosas: Actor) -> None:
    asked = weighing("objection", {"purposes": ["marketing", "security"]})
    with pytest.raises(WordsMissing, match="no such purpose to weigh"):
        _weigh(asked, rosas, _lost("marketing"))
    _weigh(asked, rosas, _lost("security"))
    granted = finish_objection(subject_request_id=asked.pk, by=rosas, at=LATER)
    assert granted.state == S.EXECUTING
    assert purposes_that_stop(granted) == ("marketing",)


def test_purposes_told_in_plain_words_are_named_by_staff_once(rosas: Actor) -> None:
    asked = weighing("objection", {"reasons": "Leave me alone."})
    with pytest.raises(MoveNotAllowed, match="No purpose is named yet"):
        finish_objection(subject_request_id=asked.pk, by=rosas, at=LATER)
    name_purposes(subject_request_id=asked.pk, purposes=["research"], by=rosas, at=LATER)
    named = SubjectRequest.objects.get(pk=asked.pk).particulars
    assert named == {"purposes": ["research"], "reasons": "Leave me alone."}
    with pytest.raises(NotBeingWeighed):
        name_purposes(subject_request_id=asked.pk, purposes=["support"], by=rosas, at=LATER)


def test_a_decision_that_does_not_stand_is_changed_as_written(rosas: Actor) -> None:
    asked = weighing("automated_decision", DECISION)
    found = Balance(THE_DECISION, "A score.", "On holiday.", "The score was wrong.", Verdict.FOR_PERSON)
    with pytest.raises(WordsMissing, match="what changes"):
        decide_review(subject_request_id=asked.pk, balance=found, by=rosas, at=LATER)
    changes = Balance(**{**vars(found), "change": "Open the account again."})
    granted = decide_review(subject_request_id=asked.pk, balance=changes, by=rosas, at=LATER)
    assert (granted.state, granted.reason) == (S.EXECUTING, "The score was wrong.")
    assert Weighed.objects.get().change == "Open the account again."


def test_a_decision_that_stands_is_answered_with_the_reason(rosas: Actor) -> None:
    asked = weighing("automated_decision", DECISION)
    found = Balance(THE_DECISION, "A score.", "On holiday.", "The bills were unpaid.", Verdict.FOR_US)
    answered = decide_review(subject_request_id=asked.pk, balance=found, by=rosas, at=LATER)
    assert (answered.state, answered.outcome) == (S.COMPLETED, Outcome.NOT_CHANGED)
    assert answered.reason == "The bills were unpaid."
    assert str(answered.decided_by_id) == rosas.key


@pytest.mark.parametrize("move", [Move.GRANT, Move.LET_STAND])
def test_no_review_ends_before_a_person_has_written_something_down(rosas: Actor, move: Move) -> None:
    asked = weighing("automated_decision", DECISION)
    with pytest.raises(MoveNotAllowed, match="Nobody has written down yet"):
        perform(subject_request_id=asked.pk, move=move, by=rosas, at=LATER, reason="So.")


def test_one_kind_of_weighing_does_not_serve_another(asked: SubjectRequest, rosas: Actor) -> None:
    found = Balance(THE_DECISION, "a", "b", "c", Verdict.FOR_US)
    with pytest.raises(WordsMissing):
        decide_review(subject_request_id=asked.pk, balance=found, by=rosas, at=LATER)
