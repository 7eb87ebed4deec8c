"""Close requests that were never confirmed."""

from datetime import datetime, timedelta

from requests_app.audit.actors import Actor
from requests_app.errors import DomainError
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.moves import Move
from requests_app.lifecycle.perform import perform
from requests_app.lifecycle.states import RequestState

# The person can ask for new codes all this time.
CONFIRM_WITHIN = timedelta(days=14)
SYSTEM = Actor.system("identity")


def lapse_unconfirmed(*, at: datetime) -> int:
    """Lapse what has waited too long for its confirmation. Returns how many; safe to run twice or side by side."""
    waiting = SubjectRequest.objects.filter(
        state=RequestState.AWAITING_IDENTITY, state_since__lte=at - CONFIRM_WITHIN
    )
    lapsed = 0
    for key in waiting.values_list("pk", flat=True)[:500]:
        try:
            perform(subject_request_id=key, move=Move.LAPSE, by=SYSTEM, at=at)
            lapsed += 1
        except DomainError:
            # Confirmed or lapsed by another hand between the question and the lock.
            continue
    return lapsed
