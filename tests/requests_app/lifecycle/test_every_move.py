"""Each right, each state it can reach, each move there is, really made: it leads as declared or is refused."""

from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType

import pytest
from django.db import transaction

from requests_app.audit.actors import Actor, ActorKind
from requests_app.audit.models import AuditEntry
from requests_app.errors import DomainError
from requests_app.lifecycle.errors import MoveNotAllowed
from requests_app.lifecycle.known_rights import RIGHTS
from requests_app.lifecycle.machine import Arrow, arrows
from requests_app.lifecycle.models import ClockEventRecord, IdentityLevel, SubjectRequest
from requests_app.lifecycle.moves import FACTS, Move
from requests_app.lifecycle.perform import perform
from requests_app.lifecycle.states import RequestState
from tests.factories import a_request_in
from tests.walking import (
    decide_every_part,
    for_every_right,
    opened_like,
    prepare_for,
    the_machine_alone,
    what_it_takes,
    whose,
)

pytestmark = pytest.mark.django_db
S, M = RequestState, Move
NOTHING: Mapping[str, object] = MappingProxyType({})
# Declared for every request, and never to be made for these: the conditions say why.
NEVER = {
    ("opt_out_sale_share", M.ASK_MORE_PROOF),  # no proof may be asked for an opt-out
    ("limit_sensitive", M.ASK_MORE_PROOF),
}
# Made only by a request of another sort than the usual one; each has its own test below.
BY_ANOTHER_SORT = {M.TAKE_IN, M.LESSEN, M.ACT_AT_ONCE}


def _everything(asked: SubjectRequest) -> tuple[object, ...]:
    row = SubjectRequest.objects.filter(pk=asked.pk).values().get()
    return row, AuditEntry.objects.count(), ClockEventRecord.objects.count(), SubjectRequest.objects.count()


def _try(move: Move, asked: SubjectRequest) -> SubjectRequest:
    """Make a move as it is really made."""
    given = what_it_takes(move, asked, at=asked.state_since + timedelta(hours=1))
    before = AuditEntry.objects.count()
    after = _make(move, asked, by=whose(move, asked), given=given)
    assert AuditEntry.objects.count() == before + 1
    assert AuditEntry.objects.latest("id").event == FACTS[move].event
    assert after.version == asked.version + 1
    return after


def _make(
    move: Move, asked: SubjectRequest, *, by: Actor, given: Mapping[str, object] = NOTHING
) -> SubjectRequest:
    at = asked.state_since + timedelta(hours=1)
    return perform(subject_request_id=asked.pk, move=move, by=by, at=at, reason="So.", given=given)


def _leaving(asked: SubjectRequest) -> dict[Move, RequestState]:
    found = arrows(RIGHTS[asked.right].machine)
    return {each.move: each.target for each in found if each.source == asked.state}


def _walk_the_arrow(move: Move, asked: SubjectRequest) -> RequestState | None:
    """Where a declared move leads, or None when its conditions refuse it; it is taken back afterwards."""
    with transaction.atomic():
        try:
            after = _try(move, prepare_for(move, asked))
            return RequestState(after.state)
        except DomainError:
            return None
        finally:
            transaction.set_rollback(True)


@for_every_right
def test_every_move_leads_where_it_is_declared_or_is_refused_and_changes_nothing(code: str) -> None:
    found = arrows(RIGHTS[code].machine)
    reached = [S.RECEIVED, *(state for state in S if any(each.target is state for each in found))]
    refused = set()
    with the_machine_alone():
        first = a_request_in(S.RECEIVED, right=code)
        anybody = {move: by for move in Move if (by := whose(move, first)).kind is not ActorKind.SUBJECT}
        for state in dict.fromkeys(reached):
            asked = a_request_in(state, right=code)
            before, leaving = _everything(asked), _leaving(asked)
            for move in Move:
                if move in leaving:
                    led_to = _walk_the_arrow(move, asked)
                    assert led_to in (leaving[move], None), (state, move)
                    refused |= set() if led_to else {move}
                else:
                    with pytest.raises(MoveNotAllowed):
                        _make(move, asked, by=anybody.get(move) or whose(move, asked))
            assert _everything(asked) == before, state
    assert refused <= BY_ANOTHER_SORT | {move for right, move in NEVER if right == code}


def _arrows_of(*moves: Move) -> list[tuple[str, Arrow]]:
    return [
        (code, each) for code in sorted(RIGHTS) for each in arrows(RIGHTS[code].machine) if each.move in moves
    ]


@pytest.mark.parametrize(("code", "arrow"), _arrows_of(M.TAKE_IN, M.ACT_AT_ONCE), ids=str)
def test_what_is_proven_before_is_taken_in_or_acts_at_once(code: str, arrow: Arrow) -> None:
    with the_machine_alone():
        usual = a_request_in(S.RECEIVED, right=code, **MARKETING.get(code, {}))
        asked = opened_like(usual, IdentityLevel.HIGH)
        if arrow.source is S.IN_REVIEW:
            asked = _try(M.TAKE_IN, asked)
        assert _try(arrow.move, asked).state == arrow.target


MARKETING: dict[str, dict[str, object]] = {"objection": {"particulars": {"purposes": ["marketing"]}}}


@pytest.mark.parametrize(("code", "arrow"), _arrows_of(M.LESSEN), ids=str)
def test_the_lesser_answer_is_given_where_its_law_knows_one(code: str, arrow: Arrow) -> None:
    with the_machine_alone():
        asked = a_request_in(S.AWAITING_IDENTITY, right=code, place="US-CA")
        given = {"level": IdentityLevel.REASONABLE}
        by, at = whose(M.ADD_PROOF, asked), asked.state_since
        asked = perform(subject_request_id=asked.pk, move=M.ADD_PROOF, by=by, at=at, given=given)
        assert _try(arrow.move, asked).state == arrow.target


@pytest.mark.parametrize(("code", "move"), sorted(NEVER))
def test_no_proof_is_asked_for_an_opt_out(code: str, move: Move) -> None:
    with the_machine_alone(), pytest.raises(MoveNotAllowed, match="none may be asked"):
        _try(move, a_request_in(S.IN_REVIEW, right=code))


def test_a_part_that_is_undecided_holds_the_grant() -> None:
    with the_machine_alone():
        asked = a_request_in(S.WEIGHING, right="objection")
        with pytest.raises(MoveNotAllowed):
            _try(M.GRANT, asked)
        decide_every_part(asked)
        assert _try(M.GRANT, asked).state == S.EXECUTING
