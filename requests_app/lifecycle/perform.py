"""The one door: a request is opened here, and every change of its state is made here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction

from requests_app import signals
from requests_app.audit.actors import Actor
from requests_app.audit.record import record
from requests_app.encryption.blind_index import blind_index
from requests_app.lifecycle import clock
from requests_app.lifecycle.attempt import Attempt
from requests_app.lifecycle.check import checked, refusal
from requests_app.lifecycle.errors import (
    CaseChangedMeanwhile,
    UnknownReference,
)
from requests_app.lifecycle.known_rights import as_machine, right
from requests_app.lifecycle.machine import takes_staff
from requests_app.lifecycle.models import Asker, IdentityLevel, SubjectRequest, Submission
from requests_app.lifecycle.moves import FACTS, Move
from requests_app.lifecycle.references import new_reference
from requests_app.lifecycle.states import CLOSED, RequestState

__all__ = ["Opening", "locked", "make_move", "open_request", "open_requests", "perform", "refusal"]

# The move's own words, kept for the person's letter; the move itself is in the audit log.
KEEPS_REASON = frozenset(
    {
        Move.REFUSE,
        Move.WITHDRAW,
        Move.FORWARD,
        Move.JOIN,
        Move.ANSWER,
        Move.LET_STAND,
        Move.UPHOLD_APPEAL,
        Move.GRANT,
        Move.COMPLETE,
        Move.ASK_MORE_PROOF,
        Move.ASK_PERSON,
        Move.ANNOUNCE_LIFTING,
        Move.KEEP_IN_FORCE,
    }
)


@dataclass(frozen=True)
class Opening:
    """What a request is opened with. `place` is an ISO 3166 code or empty, `regime` the law that answers for it.

    `identity_level` is only for a request that follows from another one of the same person, who was proven there.
    """

    submission: Submission
    right: str
    regime: str
    place: str
    language: str
    name: str
    email: str
    details: str = ""
    particulars: Mapping[str, object] = field(default_factory=dict)
    asked_by: Asker = Asker.SELF
    asker_name: str = ""
    asker_email: str = ""
    linked_to: SubjectRequest | None = None
    link: str = ""
    identity_level: IdentityLevel = IdentityLevel.NONE
    standing_proven_at: datetime | None = None
    regime_is_chosen: bool = False
    received_at: datetime | None = None


def open_request(opening: Opening, *, by: Actor, at: datetime) -> SubjectRequest:
    """Bring a request into being in its first state, with its reference and its legal date; announce it."""
    return open_requests([opening], by=by, at=at)[0]


def open_requests(openings: Sequence[Opening], *, by: Actor, at: datetime) -> list[SubjectRequest]:
    """Bring the requests of one submission into being, then announce each: who hears of one finds the others there."""
    with transaction.atomic():
        opened = [_write_down(opening, by=by, at=at) for opening in openings]
        for subject_request in opened:
            signals.state_changed.send(
                SubjectRequest,
                subject_request=subject_request,
                move=None,
                source=None,
                target=RequestState.RECEIVED,
                by=by,
                at=at,
            )
        # Receivers may have moved them on; the caller gets the rows as they now are.
        return [locked(subject_request.pk) for subject_request in opened]


def _write_down(opening: Opening, *, by: Actor, at: datetime) -> SubjectRequest:
    subject_request: SubjectRequest = right(opening.right).machine(
        submission=opening.submission,
        right=opening.right,
        regime=opening.regime,
        regime_is_chosen=opening.regime_is_chosen,
        place=opening.place,
        language=opening.language,
        subject_name=opening.name,
        subject_email=opening.email,
        subject_email_index=blind_index("email", opening.email),
        details=opening.details,
        particulars=dict(opening.particulars),
        asked_by=opening.asked_by,
        asker_name=opening.asker_name,
        asker_email=opening.asker_email,
        linked_to=opening.linked_to,
        link=opening.link,
        identity_level=opening.identity_level,
        standing_proven_at=opening.standing_proven_at,
        answer_scope=right(opening.right).answer_scope,
        received_at=opening.received_at or opening.submission.received_at,
        state_since=at,
    )
    subject_request.response_due_on = clock.response_deadline(subject_request, events=()).due
    _save_under_free_reference(subject_request)
    facts = {"right": opening.right, "regime": opening.regime, "channel": opening.submission.channel}
    record(event="request.received", target=subject_request, by=by, at=at, facts=facts)
    return subject_request


def perform(
    *,
    subject_request_id: UUID,
    move: Move,
    by: Actor,
    at: datetime,
    reason: str = "",
    expected_version: int | None = None,
    given: Mapping[str, object] | None = None,
) -> SubjectRequest:
    """Make one move: lock, check, move, save, record, announce, in one transaction. Returns the fresh row.

    `reason` is the actor's words (some moves demand them), `expected_version` the version the actor looked at,
    `given` what the move itself takes. Raises MoveNotAllowed, MoveNotPermitted, ReasonMissing, WrongArgument,
    CaseChangedMeanwhile, UnknownReference.
    """
    with transaction.atomic():
        subject_request = locked(subject_request_id)
        require_unchanged(subject_request, expected_version)
        make_move(subject_request, move=move, by=by, at=at, reason=reason, given=given)
        # Receivers may have moved it on; the caller gets the row as it now is.
        return locked(subject_request_id)


def make_move(
    subject_request: SubjectRequest,
    *,
    move: Move,
    by: Actor,
    at: datetime,
    reason: str = "",
    given: Mapping[str, object] | None = None,
) -> None:
    """The same for a row that the caller holds, fresh from `locked` and in the transaction that locked it.

    Whoever hears of the move may write to the row: it is not read again here. Raises as `perform`; then the caller's
    transaction is given up as a whole.
    """
    arguments = checked(Attempt(subject_request, by, at, given or {}), move, reason=reason)
    source = RequestState(subject_request.state)
    if takes_staff(type(subject_request), move):
        arguments["staff_id"] = by.staff_id
    getattr(subject_request, move.value)(**arguments)
    _save_move(subject_request, source=source, move=move, at=at, reason=reason)
    facts = {"from": source.value, "to": subject_request.state, "reason_given": bool(reason)}
    record(event=FACTS[move].event, target=subject_request, by=by, at=at, facts=facts)
    signals.state_changed.send(
        SubjectRequest,
        subject_request=subject_request,
        move=move,
        source=source,
        target=RequestState(subject_request.state),
        by=by,
        at=at,
    )


def require_unchanged(subject_request: SubjectRequest, expected_version: int | None) -> None:
    """Refuse when somebody changed the case since the page was opened. Raises CaseChangedMeanwhile."""
    if expected_version is not None and subject_request.version != expected_version:
        raise CaseChangedMeanwhile(
            "Somebody has changed this request since you opened the page. Look at it again, then decide."
        )


def locked(subject_request_id: UUID) -> SubjectRequest:
    """The row under a lock, as the proxy of its right. Raises UnknownReference when it is gone."""
    found = SubjectRequest.objects.select_for_update().filter(pk=subject_request_id).first()
    if found is None:
        raise UnknownReference("There is no such request.")
    return as_machine(found)


def _save_move(
    subject_request: SubjectRequest, *, source: RequestState, move: Move, at: datetime, reason: str
) -> None:
    subject_request.version += 1
    subject_request.state_since = at
    if move in KEEPS_REASON:
        subject_request.reason = reason
    if subject_request.state in CLOSED:
        subject_request.closed_at = at
    # The trigger on the table lets a state change pass only when it was named here, in this transaction.
    subject_request.named_move = f"{subject_request.pk}:{source.value}:{subject_request.state}"
    subject_request.save()
    subject_request.named_move = ""


def _save_under_free_reference(subject_request: SubjectRequest) -> None:
    for _ in range(5):
        subject_request.reference = new_reference()
        if not SubjectRequest.objects.filter(reference=subject_request.reference).exists():
            subject_request.save(force_insert=True)
            return
    raise RuntimeError("Five references in a row were taken: the source of randomness is broken.")
