"""Accept a proof; when it is enough for what is asked, the request goes on."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from requests_app.audit.actors import Actor
from requests_app.correspondence.links import portal_link
from requests_app.correspondence.notices import Notice
from requests_app.correspondence.write import write_message
from requests_app.deadlines.events import EventType
from requests_app.identity.time_left import asked_in_doubt_at, lapses_on
from requests_app.lifecycle.clock import note_event
from requests_app.lifecycle.conditions import Attempt, identity_is_proven
from requests_app.lifecycle.models import IdentityLevel, SubjectRequest
from requests_app.lifecycle.moves import Move
from requests_app.lifecycle.perform import locked, perform
from requests_app.lifecycle.states import RequestState


def accept_proof(
    *, subject_request_id: UUID, level: IdentityLevel, by: Actor, at: datetime, standing: bool = False
) -> SubjectRequest:
    """Raise the level that is proven, and confirm the identity once the row of the table is met.

    The one way to a level. `standing` says that the proof shows who may ask for somebody. Nothing happens to a request
    that does not wait for proof. Returns the fresh row.
    """
    with transaction.atomic():
        subject_request = locked(subject_request_id)
        if subject_request.state != RequestState.AWAITING_IDENTITY:
            return subject_request
        is_new = level > subject_request.identity_level
        if not is_new and not (standing and subject_request.standing_proven_at is None):
            return go_on_if_proven(subject_request, by=by, at=at)
        given = {"level": level, "standing_at": at if standing else None}
        perform(subject_request_id=subject_request_id, move=Move.ADD_PROOF, by=by, at=at, given=given)
        subject_request = go_on_if_proven(locked(subject_request_id), by=by, at=at)
        if subject_request.state == RequestState.AWAITING_IDENTITY:
            tell_what_is_missing(subject_request, at=at)
        return subject_request


def go_on_if_proven(subject_request: SubjectRequest, *, by: Actor, at: datetime) -> SubjectRequest:
    """Confirm the identity when nothing is missing any more; the clock that waited for it runs again."""
    if identity_is_proven(Attempt(subject_request, by, at)) is not None:
        return subject_request
    end_pause(subject_request, at=at)
    return perform(subject_request_id=subject_request.pk, move=Move.CONFIRM_IDENTITY, by=by, at=at)


def tell_what_is_missing(subject_request: SubjectRequest, *, at: datetime) -> None:
    """Write to the person that one more proof is needed, why, and until when."""
    context = {"portal_url": portal_link(), "lapses_on": lapses_on(subject_request)}
    write_message(Notice.PROOF_NEEDED, subject_request=subject_request, at=at, context=context)


def end_pause(subject_request: SubjectRequest, *, at: datetime) -> None:
    """Let the clock run again where a question about identity stopped it."""
    if asked_in_doubt_at(subject_request) is not None:
        note_event(subject_request, kind=EventType.IDENTITY_CONFIRMED, at=at)
