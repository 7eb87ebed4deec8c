"""The moment of our answer."""

from datetime import timedelta

import pytest

from requests_app.audit.actors import Actor
from requests_app.lifecycle.answered import answered_at
from requests_app.lifecycle.models import Outcome
from requests_app.lifecycle.moves import Move
from requests_app.lifecycle.perform import perform
from requests_app.lifecycle.states import RequestState as S
from tests.factories import NOON, SYSTEM, a_request_in, rosa
from tests.walking import make, the_machine_alone, walk_to

pytestmark = pytest.mark.django_db
LATER = timedelta(days=200)


def test_nothing_is_answered_while_the_clock_runs() -> None:
    assert answered_at(a_request_in(S.IN_REVIEW)) is None


def test_a_restriction_is_answered_when_it_comes_into_force_however_long_it_stands() -> None:
    asked = a_request_in(S.IN_FORCE)
    at = asked.state_since
    announced = perform(
        subject_request_id=asked.pk,
        move=Move.ANNOUNCE_LIFTING,
        by=Actor.staff(rosa()),
        at=NOON + LATER,
        reason="The data are right.",
        given={"waits_until": NOON + LATER + timedelta(days=30)},
    )
    assert answered_at(announced) == at


def test_a_copy_is_answered_when_it_is_released_and_not_when_it_is_fetched() -> None:
    with the_machine_alone():
        asked = a_request_in(S.READY)
        fetched = perform(
            subject_request_id=asked.pk,
            move=Move.DELIVER,
            by=SYSTEM,
            at=asked.state_since + timedelta(days=29),
            given={"outcome": Outcome.GRANTED},
        )
    assert answered_at(fetched) == asked.state_since


def test_a_copy_that_was_taken_back_was_no_answer() -> None:
    with the_machine_alone():
        asked = make(Move.TAKE_BACK, a_request_in(S.READY))
        assert answered_at(asked) is None
        again = walk_to(S.READY, asked)
    assert answered_at(again) == again.state_since


def test_a_refusal_is_the_answer() -> None:
    asked = a_request_in(S.REFUSED)
    assert answered_at(asked) == asked.closed_at
