"""A restriction is granted on a ground, stays, and ends only on a day that the person was told."""

from datetime import UTC, date, datetime, timedelta

import pytest

from requests_app.audit.actors import Actor
from requests_app.decisions.errors import LiftingTooSoon
from requests_app.decisions.lifting import (
    announce_lifting,
    earliest_lifting,
    grant_restriction,
)
from requests_app.lifecycle.errors import CaseChangedMeanwhile, MoveNotAllowed, ReasonMissing, WrongArgument
from requests_app.lifecycle.models import Outcome, SubjectRequest
from requests_app.lifecycle.moves import Move
from requests_app.lifecycle.perform import perform
from requests_app.lifecycle.states import RequestState as S
from tests.factories import NOON, SYSTEM, a_request_in, rosa
from tests.requests_app.decisions.asking import LATER, confirm, unconfirmed
from tests.walking import the_machine_alone

pytestmark = pytest.mark.django_db


@pytest.fixture
def rosas() -> Actor:
    return Actor.staff(rosa())


def _announce(asked: SubjectRequest, by: Actor, **changed: object) -> SubjectRequest:
    wanted = {"on": date(2026, 11, 20), "reason": "The data were found right.", "by": by, "at": NOON}
    return announce_lifting(subject_request=asked, **{**wanted, **changed})


def test_a_restriction_is_granted_on_the_ground_that_staff_found(rosas: Actor) -> None:
    asked = confirm(unconfirmed("restriction", {"ground": "claims", "what": "My tickets"}))
    granted = grant_restriction(
        subject_request_id=asked.pk, ground="accuracy", what="", by=rosas, at=LATER, reason="You dispute it."
    )
    assert granted.state == S.EXECUTING
    assert granted.particulars == {"ground": "accuracy", "what": "My tickets"}
    assert granted.reason == "You dispute it."


def test_without_a_ground_or_on_an_old_page_nothing_is_granted(rosas: Actor) -> None:
    asked = confirm(unconfirmed("restriction", {}))
    with pytest.raises(MoveNotAllowed, match="a ground that the law of this case gives"):
        grant_restriction(subject_request_id=asked.pk, ground="whim", what="", by=rosas, at=LATER)
    with pytest.raises(CaseChangedMeanwhile):
        grant_restriction(
            subject_request_id=asked.pk, ground="claims", what="", by=rosas, at=LATER, expected_version=1
        )
    assert SubjectRequest.objects.get(pk=asked.pk).particulars["ground"] == ""


@pytest.mark.parametrize(
    ("place", "of_the_law", "of_another"),
    [("BR", "unnecessary", "claims"), ("KR", "on_request", "accuracy"), ("ZA", "proof", "objection")],
)
def test_each_law_restricts_on_grounds_of_its_own(
    rosas: Actor, place: str, of_the_law: str, of_another: str
) -> None:
    with the_machine_alone():
        asked = a_request_in(S.IN_REVIEW, right="restriction", place=place)
    with pytest.raises(MoveNotAllowed):
        grant_restriction(subject_request_id=asked.pk, ground=of_another, what="", by=rosas, at=LATER)
    granted = grant_restriction(subject_request_id=asked.pk, ground=of_the_law, what="", by=rosas, at=LATER)
    assert (granted.state, granted.particulars["ground"]) == (S.EXECUTING, of_the_law)


def test_the_ground_that_the_person_named_is_not_yet_one_that_was_found(rosas: Actor) -> None:
    asked = confirm(unconfirmed("restriction", {"ground": "claims"}))
    with pytest.raises(WrongArgument, match="ground"):
        perform(subject_request_id=asked.pk, move=Move.GRANT, by=rosas, at=LATER)


def test_a_lifting_is_announced_with_its_reason_and_its_day(rosas: Actor) -> None:
    announced = _announce(a_request_in(S.IN_FORCE), rosas)
    assert announced.state == S.LIFTING_ANNOUNCED
    assert announced.reason == "The data were found right."
    # Midnight in the time zone of the law, which for Portugal's GDPR is that of Brussels.
    assert announced.waits_until == datetime(2026, 11, 19, 23, tzinfo=UTC)
    (told,) = announced.messages.filter(notice="lifting_announced")
    assert "Nothing changes before Friday 20 November 2026." in told.text


def test_the_person_hears_a_week_before_at_least(rosas: Actor) -> None:
    asked = a_request_in(S.IN_FORCE)
    assert earliest_lifting(asked, at=NOON) == date(2026, 11, 10)
    with pytest.raises(LiftingTooSoon, match="10 November 2026 or later"):
        _announce(asked, rosas, on=date(2026, 11, 9))
    assert _announce(asked, rosas, on=date(2026, 11, 10)).state == S.LIFTING_ANNOUNCED


def test_a_lifting_without_a_reason_is_not_announced(rosas: Actor) -> None:
    with pytest.raises(ReasonMissing):
        _announce(a_request_in(S.IN_FORCE), rosas, reason=" ")


def test_nothing_is_lifted_before_the_announced_day(rosas: Actor) -> None:
    announced = _announce(a_request_in(S.IN_FORCE), rosas)
    until = announced.waits_until
    with pytest.raises(MoveNotAllowed, match="does not happen before"):
        perform(subject_request_id=announced.pk, move=Move.LIFT, by=rosas, at=until - timedelta(seconds=1))
    lifted = perform(subject_request_id=announced.pk, move=Move.LIFT, by=rosas, at=until)
    done = perform(subject_request_id=lifted.pk, move=Move.FINISH_LIFTING, by=SYSTEM, at=until)
    assert (done.state, done.outcome) == (S.COMPLETED, Outcome.GRANTED)


def test_a_lifting_called_off_leaves_the_restriction_in_force_without_a_day(rosas: Actor) -> None:
    announced = _announce(a_request_in(S.IN_FORCE), rosas)
    kept = perform(
        subject_request_id=announced.pk, move=Move.KEEP_IN_FORCE, by=rosas, at=LATER, reason="You were right."
    )
    assert (kept.state, kept.waits_until) == (S.IN_FORCE, None)
