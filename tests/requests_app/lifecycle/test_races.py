"""Two at once, in real transactions: one wins, the other gets an answer that can be read, and both are never done."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from django.db import connections

from requests_app.audit.actors import Actor
from requests_app.audit.models import AuditEntry
from requests_app.errors import DomainError
from requests_app.identity.prove import accept_proof
from requests_app.lifecycle.models import IdentityLevel, SubjectRequest
from requests_app.lifecycle.moves import FACTS, Move
from requests_app.lifecycle.perform import perform
from requests_app.lifecycle.states import RequestState
from tests.factories import a_request_in
from tests.walking import prepare_for, the_machine_alone, what_it_takes, whose

pytestmark = pytest.mark.django_db(transaction=True)
S, M = RequestState, Move


@dataclass(frozen=True)
class Race:
    right: str
    state: S
    moves: tuple[Move, Move]
    # Both may be made, one after the other, where the second leads on from where the first one led.
    versions: bool = True


RACES = (
    Race("access", S.IN_REVIEW, (M.APPROVE, M.REFUSE)),
    Race("access", S.CHECKING, (M.FINISH_REVIEW, M.SEARCH_AGAIN)),
    Race("access", S.AWAITING_RELEASE, (M.RELEASE, M.SEND_BACK)),
    Race("access", S.READY, (M.DELIVER, M.TAKE_BACK)),
    Race("deletion", S.AWAITING_APPROVAL, (M.APPROVE_DELETION, M.SEND_BACK)),
    Race("deletion", S.CONFIRMING, (M.COMPLETE, M.CARRY_OUT_AGAIN)),
    Race("objection", S.WEIGHING, (M.GRANT, M.ASK_MORE_PROOF)),
    Race("automated_decision", S.WEIGHING, (M.LET_STAND, M.ASK_MORE_PROOF)),
    Race("appeal", S.WEIGHING, (M.UPHOLD_APPEAL, M.REFUSE)),
    Race("complaint", S.IN_REVIEW, (M.ANSWER, M.FORWARD)),
    Race("restriction", S.LIFTING_ANNOUNCED, (M.LIFT, M.KEEP_IN_FORCE)),
    # the person takes back what staff are about to approve
    Race("deletion", S.AWAITING_APPROVAL, (M.APPROVE_DELETION, M.WITHDRAW)),
    # the waiting period ends while the person stops the deletion: no page, so no version is compared
    Race("deletion", S.WAITING_PERIOD, (M.BEGIN_EXECUTION, M.WITHDRAW), versions=False),
    Race("deletion", S.WAITING_PERIOD, (M.BEGIN_EXECUTION, M.SEND_BACK), versions=False),
)


def _at_once(*acts: Callable[[], object]) -> list[str]:
    """Let all of them begin together; the answers of those that were refused."""
    together, refused = threading.Barrier(len(acts)), []

    def act(each: Callable[[], object]) -> None:
        together.wait()
        try:
            each()
        except DomainError as refusal:
            refused.append(refusal.sentence)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=act, args=[each]) for each in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return refused


def _ready(move: Move, asked: SubjectRequest, at: datetime, *, versions: bool) -> Callable[[], object]:
    by, given = whose(move, asked), what_it_takes(move, asked, at=at)
    version = asked.version if versions else None
    return lambda: perform(
        subject_request_id=asked.pk,
        move=move,
        by=by,
        at=at,
        reason="So.",
        given=given,
        expected_version=version,
    )


@pytest.mark.parametrize("race", RACES, ids=lambda race: "-".join([race.right, *race.moves]))
def test_of_two_moves_at_once_exactly_one_is_made(race: Race) -> None:
    with the_machine_alone():
        asked = a_request_in(race.state, right=race.right)
        for move in race.moves:
            asked = prepare_for(move, asked)
        at = asked.state_since + timedelta(hours=2)
        acts = [_ready(move, asked, at, versions=race.versions) for move in race.moves]
        refused = _at_once(*acts)
    assert len(refused) == 1
    assert refused[0].endswith(".")
    # Of this request: what an appeal is about was refused before.
    entries = AuditEntry.objects.filter(target_id=str(asked.pk))
    made = [move for move in race.moves if entries.filter(event=FACTS[move].event).exists()]
    assert len(made) == 1
    assert SubjectRequest.objects.get(pk=asked.pk).version == asked.version + 1


def test_a_lapse_and_the_proof_that_came_in_the_last_moment_are_never_both_counted() -> None:
    with the_machine_alone():
        asked = a_request_in(S.AWAITING_IDENTITY)
        at, by = asked.state_since + timedelta(days=20), Actor.subject(asked.reference)
        lapse = _ready(M.LAPSE, asked, at, versions=False)
        refused = _at_once(
            lapse,
            lambda: accept_proof(subject_request_id=asked.pk, level=IdentityLevel.CHANNEL, by=by, at=at),
        )
    now = SubjectRequest.objects.get(pk=asked.pk)
    assert (now.state, len(refused)) in ((S.LAPSED, 0), (S.IN_REVIEW, 1))
    assert (now.state == S.LAPSED) == (now.identity_level == IdentityLevel.NONE)
