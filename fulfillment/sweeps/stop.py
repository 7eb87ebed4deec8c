"""Stop sweeps that nobody wants any more: whoever goes through the source finds out at the next step."""

from django.db.models import F

from fulfillment.sweeps.models import Sweep
from fulfillment.sweeps.states import SweepPurpose
from requests_app.leases.models import WorkState
from requests_app.lifecycle.models import SubjectRequest

EVERY = frozenset(SweepPurpose)


def stop_sweeps(*, subject_request: SubjectRequest, purposes: frozenset[SweepPurpose] = EVERY) -> None:
    """Stop what still runs for a request; what was found until then stays. In the transaction that moved it."""
    running = Sweep.objects.filter(
        subject_request=subject_request, purpose__in=purposes, work_state=WorkState.WAITING
    )
    running.update(work_state=WorkState.CANCELLED, leased_until=None, fence=F("fence") + 1)
