"""Staff ask: for certain points, for more proof, or they note a paper that was shown to them."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from requests_app.audit.actors import Actor
from requests_app.audit.record import record
from requests_app.deadlines.events import EventType
from requests_app.errors import BadInput
from requests_app.identity.base import Material, Proves, method
from requests_app.identity.decide import count_proof, require_case_worker
from requests_app.identity.facts import FEWEST, MOST, askable
from requests_app.identity.give import keep_proof
from requests_app.identity.models import ProofState, Verification
from requests_app.identity.proof_errors import (
    NoTimeForProof,
    NotWaitingForProof,
    ProofNotOffered,
    TooLateToChange,
)
from requests_app.identity.prove import go_on_if_proven, tell_what_is_missing
from requests_app.identity.time_left import has_lapsed
from requests_app.identity.ways import missing
from requests_app.lifecycle.clock import note_event
from requests_app.lifecycle.models import IdentityLevel, SubjectRequest
from requests_app.lifecycle.moves import Move
from requests_app.lifecycle.perform import locked, perform
from requests_app.lifecycle.proof import demanded
from requests_app.lifecycle.states import CLOCK_RUNS, RequestState

S = RequestState

# Until data are changed or the answer is out: then the proof that was there has served its purpose.
MARKED_SENSITIVE_IN = frozenset(CLOCK_RUNS - {S.RECEIVED, S.EXECUTING, S.VERIFYING, S.CONFIRMING})
# Lowering the demand is for those who still decide about the case, never for whoever releases or approves it.
MARKED_USUAL_IN = frozenset({S.AWAITING_IDENTITY, S.IN_REVIEW, S.CHECKING, S.WEIGHING})
DATA_MATCH = "data_match"


def choose_points(
    *, subject_request_id: UUID, points: Sequence[str], by: Actor, at: datetime
) -> Verification:
    """Choose what the person is asked when they answer questions. Raises NotPermitted, NotWaitingForProof, BadInput."""
    require_case_worker(by)
    with transaction.atomic():
        subject_request = locked(subject_request_id)
        if subject_request.state != RequestState.AWAITING_IDENTITY:
            raise NotWaitingForProof
        fewest = MOST if demanded(subject_request) is IdentityLevel.HIGH else FEWEST
        known = {each.key for each in askable()}
        if not fewest <= len(set(points)) <= MOST or not set(points) <= known:
            raise BadInput(f"Choose {fewest} to {MOST} points that only the person and we can know.")
        asked = subject_request.verifications.filter(method=DATA_MATCH, state=ProofState.ASKED)
        asked.update(state=ProofState.WITHDRAWN)
        chosen = {"points": list(points)}
        reach = method(DATA_MATCH).reach(chosen)
        verification = Verification.objects.create(
            subject_request=subject_request, method=DATA_MATCH, level=reach, asked=chosen, asked_at=at
        )
        record(event="proof.asked", target=subject_request, by=by, at=at, facts={"method": DATA_MATCH})
        return verification


def ask_more_proof(
    *,
    subject_request_id: UUID,
    level: IdentityLevel,
    reason: str,
    by: Actor,
    at: datetime,
    expected_version: int | None = None,
) -> SubjectRequest:
    """Ask for a higher proof because of a reasoned doubt (Art. 12(6) GDPR); the person reads the reason.

    The law of the case says whether its clock stops. Raises what the move raises, and NoTimeForProof.
    """
    with transaction.atomic():
        subject_request = perform(
            subject_request_id=subject_request_id,
            move=Move.ASK_MORE_PROOF,
            by=by,
            at=at,
            reason=reason,
            expected_version=expected_version,
            given={"level": level},
        )
        note_event(subject_request, kind=EventType.IDENTITY_REQUESTED, at=at)
        if has_lapsed(subject_request, at=at):
            raise NoTimeForProof
        tell_what_is_missing(subject_request, at=at)
        return subject_request


def mark_sensitive(
    *, subject_request_id: UUID, is_sensitive: bool, by: Actor, at: datetime
) -> SubjectRequest:
    """Say whether the data are sensitive, which changes what the table demands; a proof that is now enough counts.

    It may show only in the review or in what was found: then no decision is made and nothing is released any more
    until the higher proof is there, for which `ask_more_proof` is the way. Raises NotPermitted, TooLateToChange.
    """
    require_case_worker(by)
    with transaction.atomic():
        subject_request = locked(subject_request_id)
        if not may_mark(subject_request, is_sensitive=is_sensitive):
            raise TooLateToChange
        if subject_request.is_sensitive == is_sensitive:
            return subject_request
        subject_request.is_sensitive = is_sensitive
        subject_request.version += 1
        subject_request.save(update_fields=["is_sensitive", "version"])
        record(
            event="request.marked_sensitive" if is_sensitive else "request.marked_usual",
            target=subject_request,
            by=by,
            at=at,
        )
        if subject_request.state == RequestState.AWAITING_IDENTITY:
            return go_on_if_proven(subject_request, by=by, at=at)
        return subject_request


def may_mark(subject_request: SubjectRequest, *, is_sensitive: bool) -> bool:
    """Whether the data of this request may be marked so where it stands now."""
    return subject_request.state in (MARKED_SENSITIVE_IN if is_sensitive else MARKED_USUAL_IN)


def note_shown_paper(
    *, subject_request_id: UUID, key: str, shown: str, by: Actor, at: datetime
) -> SubjectRequest:
    """Staff saw a mandate or a guardian's paper outside of these pages, by post or in person, and accept it.

    Raises NotPermitted, ProofNotOffered, NotWaitingForProof, BadInput.
    """
    require_case_worker(by)
    chosen = method(key)
    if chosen.proves is not Proves.STANDING:
        raise ProofNotOffered
    if not shown.strip():
        raise BadInput("Say what was shown, by whom and when.")
    with transaction.atomic():
        subject_request = locked(subject_request_id)
        if subject_request.state != RequestState.AWAITING_IDENTITY:
            raise NotWaitingForProof
        if not (chosen.is_for(subject_request) and missing(subject_request).standing):
            raise ProofNotOffered
        material = Material(answers={"shown": shown.strip()})
        given = keep_proof(subject_request, chosen, material, by=by, at=at)
        # A paper that came by post says nothing about who holds the mailbox: that is still confirmed first.
        confirmed = subject_request.identity_level > IdentityLevel.NONE
        level = chosen.reaches if confirmed else IdentityLevel.NONE
        return count_proof(subject_request, given, level=level, by=by, at=at)
