"""Begin deletions whose waiting period is over: by the clock in the row, however late beat comes, and once."""

from datetime import datetime
from uuid import UUID

from django.db.models.functions import Now

from fulfillment.changes.finish import SYSTEM
from requests_app.lifecycle.check import refusal
from requests_app.lifecycle.conditions import Attempt
from requests_app.lifecycle.errors import MoveNotAllowed
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.moves import Move
from requests_app.lifecycle.perform import perform
from requests_app.lifecycle.states import RequestState


def due_deletions() -> list[UUID]:
    """Deletions whose waiting period is over by the database's clock, the longest ago first."""
    due = SubjectRequest.objects.filter(state=RequestState.WAITING_PERIOD, waits_until__lte=Now())
    return list(due.order_by("waits_until").values_list("pk", flat=True)[:200])


def begin_deletion(*, subject_request_id: UUID, at: datetime) -> bool:
    """Begin one deletion. Returns whether this call did it: False when it is held back, stopped, or begun already."""
    try:
        perform(subject_request_id=subject_request_id, move=Move.BEGIN_EXECUTION, by=SYSTEM, at=at)
    except MoveNotAllowed:
        return False
    return True


def held_back_by(subject_request: SubjectRequest, *, at: datetime) -> str | None:
    """Why a deletion does not begin although its waiting period is over, as a sentence, or None."""
    if subject_request.waits_until is None or at < subject_request.waits_until:
        return None
    return refusal(Attempt(subject_request, SYSTEM, at), Move.BEGIN_EXECUTION)
