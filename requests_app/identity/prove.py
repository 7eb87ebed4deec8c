"""Accept a proof; when it is enough for what is asked, the request goes on."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from requests_app.audit.actors import Actor
from requests_app.deadlines.events import EventType
from requests_app.lifecycle.clock import note_event
from requests_app.lifecycle.conditions import Attempt, identity_is_proven
from requests_app.lifecycle.models import IdentityLevel, SubjectRequest
from requests_app.lifecycle.moves import Move
from requests_app.lifecycle.perform import locked, perform
from requests_app.lifecycle.states import RequestState


def accept_proof(
    *, subject_request_id: UUID, level: IdentityLevel, by: Actor, at: datetime
) -> SubjectRequest:
    """Raise the level that is proven, and confirm the identity once the row of the table is met.

    Nothing happens to a request that does not wait for proof. Returns the fresh row.
    """
    with transaction.atomic():
        subject_request = locked(subject_request_id)
        if subject_request.state != RequestState.AWAITING_IDENTITY:
            return subject_request
        subject_request = perform(
            subject_request_id=subject_request_id, move=Move.ADD_PROOF, by=by, at=at, given={"level": level}
        )
        return go_on_if_proven(subject_request, by=by, at=at)


def go_on_if_proven(subject_request: SubjectRequest, *, by: Actor, at: datetime) -> SubjectRequest:
    """Confirm the identity when nothing is missing any more; the clock that waited for it runs again."""
    if identity_is_proven(Attempt(subject_request, by, at)) is not None:
        return subject_request
    if _is_paused(subject_request):
        note_event(subject_request, kind=EventType.IDENTITY_CONFIRMED, at=at)
    return perform(subject_request_id=subject_request.pk, move=Move.CONFIRM_IDENTITY, by=by, at=at)


def _is_paused(subject_request: SubjectRequest) -> bool:
    asked = subject_request.clock_events.filter(type=EventType.IDENTITY_REQUESTED).count()
    return asked > subject_request.clock_events.filter(type=EventType.IDENTITY_CONFIRMED).count()
