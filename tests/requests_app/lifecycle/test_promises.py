"""The promises that a short random walk may never come to, each met head on."""

from datetime import timedelta

import pytest
from django.db import transaction

from requests_app.audit.actors import Actor
from requests_app.lifecycle import proven
from requests_app.lifecycle.attempt import Attempt
from requests_app.lifecycle.check import refusal
from requests_app.lifecycle.errors import MoveNotAllowed
from requests_app.lifecycle.models import IdentityLevel, SubjectRequest
from requests_app.lifecycle.moves import Move
from requests_app.lifecycle.perform import perform
from requests_app.lifecycle.states import RequestState
from requests_app.roles import Role
from tests.factories import a_request_in
from tests.walking import SYSTEM, make, staff, the_machine_alone, walk_to, what_it_takes

pytestmark = pytest.mark.django_db
S, M = RequestState, Move


@pytest.mark.parametrize(
    ("right", "prepared_in", "prepares", "approved_in", "approves"),
    [
        ("access", S.IN_REVIEW, M.APPROVE, S.AWAITING_RELEASE, M.RELEASE),
        ("access", S.CHECKING, M.FINISH_REVIEW, S.AWAITING_RELEASE, M.RELEASE),
        ("deletion", S.CHECKING, M.PROPOSE_DELETION, S.AWAITING_APPROVAL, M.APPROVE_DELETION),
    ],
)
def test_nobody_approves_what_they_prepared_even_when_another_prepared_it_again(
    right: str, prepared_in: S, prepares: M, approved_in: S, approves: M
) -> None:
    both = Actor.staff(staff("Both", Role.CASE_WORKER, Role.APPROVER))
    with the_machine_alone():
        asked = a_request_in(prepared_in, right=right)
        asked = perform(subject_request_id=asked.pk, move=prepares, by=both, at=asked.state_since)
        asked = walk_to(approved_in, asked)
        asked = walk_to(approved_in, make(M.SEND_BACK, asked))
        given = what_it_takes(approves, asked, at=asked.state_since)
        with pytest.raises(MoveNotAllowed, match="You prepared this request"):
            perform(subject_request_id=asked.pk, move=approves, by=both, at=asked.state_since, given=given)


@pytest.mark.parametrize(
    ("right", "state", "move"),
    [("deletion", S.WAITING_PERIOD, M.BEGIN_EXECUTION), ("restriction", S.LIFTING_ANNOUNCED, M.LIFT)],
)
def test_what_was_announced_for_a_day_does_not_happen_a_moment_before(right: str, state: S, move: M) -> None:
    with the_machine_alone():
        asked = a_request_in(state, right=right)
        by = SYSTEM if move is M.BEGIN_EXECUTION else Actor.staff(staff("Rosa", Role.CASE_WORKER))
        assert asked.waits_until is not None
        early = asked.waits_until - timedelta(seconds=1)
        with pytest.raises(MoveNotAllowed, match="does not happen before"):
            perform(subject_request_id=asked.pk, move=move, by=by, at=early)
        perform(subject_request_id=asked.pk, move=move, by=by, at=asked.waits_until)


@pytest.mark.parametrize(
    ("right", "state", "move"),
    [
        ("access", S.CHECKING, M.FINISH_REVIEW),
        ("access", S.AWAITING_RELEASE, M.RELEASE),
        ("deletion", S.AWAITING_APPROVAL, M.APPROVE_DELETION),
        ("deletion", S.WAITING_PERIOD, M.BEGIN_EXECUTION),
        ("correction", S.IN_REVIEW, M.WEIGH),
    ],
)
def test_data_that_turn_out_sensitive_stop_the_next_decision_until_more_is_proven(
    right: str, state: S, move: M
) -> None:
    with the_machine_alone():
        asked = a_request_in(state, right=right)
        SubjectRequest.objects.filter(pk=asked.pk).update(is_sensitive=True)
        with pytest.raises(MoveNotAllowed, match="has not proven who they are"), transaction.atomic():
            make(move, asked)


@pytest.mark.parametrize(
    ("right", "state", "move"),
    [
        ("access", S.IN_REVIEW, M.APPROVE),
        ("access", S.CHECKING, M.SEARCH_AGAIN),
        ("access", S.CHECKING, M.FINISH_REVIEW),
        ("access", S.AWAITING_RELEASE, M.RELEASE),
        ("deletion", S.CHECKING, M.PROPOSE_DELETION),
        ("deletion", S.AWAITING_APPROVAL, M.APPROVE_DELETION),
        ("deletion", S.WAITING_PERIOD, M.BEGIN_EXECUTION),
        ("deletion", S.CONFIRMING, M.CARRY_OUT_AGAIN),
        ("correction", S.IN_REVIEW, M.WEIGH),
        ("correction", S.WEIGHING, M.GRANT),
        ("restriction", S.IN_REVIEW, M.GRANT),
        ("withdraw_consent", S.IN_REVIEW, M.GRANT),
        ("withdraw_consent", S.IN_REVIEW, M.ACT_AT_ONCE),
        ("automated_decision", S.WEIGHING, M.LET_STAND),
        ("appeal", S.WEIGHING, M.UPHOLD_APPEAL),
        ("complaint", S.IN_REVIEW, M.ANSWER),
    ],
)
def test_no_decision_is_made_below_what_is_demanded(
    right: str, state: S, move: M, monkeypatch: pytest.MonkeyPatch
) -> None:
    with the_machine_alone():
        asked = a_request_in(state, right=right)
        monkeypatch.setattr(proven, "demanded", lambda _asked: IdentityLevel(IdentityLevel.HIGH))
        assert asked.identity_level < IdentityLevel.HIGH
        assert "has not proven who they are" in str(refusal(Attempt(asked, SYSTEM), move))
