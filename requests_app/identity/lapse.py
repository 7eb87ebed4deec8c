"""Close requests that nobody proved, or give the lesser answer that their law knows."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef

from requests_app.audit.actors import Actor
from requests_app.correspondence.links import portal_link
from requests_app.correspondence.notices import Notice
from requests_app.correspondence.write import write_message
from requests_app.errors import DomainError
from requests_app.identity.models import ProofState, Verification
from requests_app.identity.prove import end_pause
from requests_app.identity.time_left import PROVE_WITHIN, has_lapsed
from requests_app.lifecycle.conditions import Attempt
from requests_app.lifecycle.machine import moves_from
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.moves import Move
from requests_app.lifecycle.perform import locked, perform, refusal
from requests_app.lifecycle.proof import lesser_answer
from requests_app.lifecycle.states import RequestState

# Kept under its old name for who asks how long a code can be used.
CONFIRM_WITHIN = PROVE_WITHIN
SYSTEM = Actor.system("identity")


def lapse_unconfirmed(*, at: datetime) -> int:
    """End the wait for every proof whose time is over. Returns how many lapsed; safe to run twice or side by side."""
    lapsed = 0
    waiting = SubjectRequest.objects.filter(state=RequestState.AWAITING_IDENTITY)
    # It is our turn while a proof waits to be looked at: nobody is refused for our own delay.
    given = Verification.objects.filter(subject_request=OuterRef("pk"), state=ProofState.GIVEN)
    for subject_request in (
        waiting.filter(~Exists(given)).prefetch_related("clock_events", "verifications").iterator(500)
    ):
        if not has_lapsed(subject_request, at=at):
            continue
        try:
            lapsed += _end(subject_request.pk, at=at)
        except DomainError:
            # Confirmed or lapsed by another hand between the question and the lock.
            continue
    return lapsed


def _end(subject_request_id: UUID, *, at: datetime) -> bool:
    """Give the lesser answer where the law knows one and its proof is there, else lapse. Returns whether it lapsed.

    What held before the lock is asked again: a proof may have come meanwhile.
    """
    with transaction.atomic():
        subject_request = locked(subject_request_id)
        given = subject_request.verifications.filter(state=ProofState.GIVEN)
        if not has_lapsed(subject_request, at=at) or given.exists():
            return False
        if may_be_lessened(subject_request, by=SYSTEM):
            lessen(subject_request_id=subject_request_id, by=SYSTEM, at=at)
            return False
        perform(subject_request_id=subject_request_id, move=Move.LAPSE, by=SYSTEM, at=at)
        return True


def may_be_lessened(subject_request: SubjectRequest, *, by: Actor) -> bool:
    """Whether the law of the case gives a lesser answer at the level that is proven."""
    if Move.LESSEN not in moves_from(type(subject_request), subject_request.state):
        return False
    return refusal(Attempt(subject_request, by), Move.LESSEN) is None


def lessen(*, subject_request_id: UUID, by: Actor, at: datetime) -> SubjectRequest:
    """Go on with the lesser answer of the law (11 CCR 7024(a): categories in place of specific pieces)."""
    with transaction.atomic():
        subject_request = locked(subject_request_id)
        lesser = lesser_answer(subject_request)
        scope = lesser.scope if lesser else None
        fresh = perform(
            subject_request_id=subject_request_id, move=Move.LESSEN, by=by, at=at, given={"scope": scope}
        )
        end_pause(fresh, at=at)
        context = {"portal_url": portal_link(), "due_on": fresh.response_due_on}
        write_message(Notice.LESSENED, subject_request=fresh, at=at, context=context)
        return fresh
