"""End a run when none of its rows is open: fan-in by counting, never by a message."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from fulfillment.runs.models import FulfillmentRun, SourceTask
from fulfillment.runs.states import ENDS_WITH, GOES_ON_IN, RunPurpose, RunState
from fulfillment.sweeps.check import checks_are_open
from requests_app.audit.actors import Actor
from requests_app.leases.models import WorkState
from requests_app.lifecycle.perform import locked, make_move

SYSTEM = Actor.system("fulfillment")
OPEN_WORK = (WorkState.WAITING, WorkState.DEAD)


def finish_run(*, run_id: UUID, at: datetime) -> bool:
    """Move the request on when every source has its end. Returns whether this call did it; safe to call at any time.

    A failed source stays open: a person retries it or excludes it with a reason. After a deletion the sweeps end first.
    """
    run = _ended().filter(pk=run_id).first()
    if run is None:
        return False
    with transaction.atomic():
        # The request first, as everywhere: two callers meet at its lock and not at each other's.
        subject_request = locked(run.subject_request_id)
        purpose = RunPurpose(run.purpose)
        if subject_request.state != GOES_ON_IN[purpose]:
            return False
        if purpose is RunPurpose.VERIFICATION and checks_are_open(subject_request):
            return False
        # Asked anew under the lock: a source may have been set to work again meanwhile.
        if not _ended().filter(pk=run_id).update(state=RunState.FINISHED, ended_at=at):
            return False
        make_move(subject_request, move=ENDS_WITH[purpose], by=SYSTEM, at=at)
    return True


def runs_to_finish() -> list[UUID]:
    """Runs whose rows all have an end, but which nobody has ended: left behind by a killed worker."""
    return list(_ended().values_list("pk", flat=True)[:200])


def _ended() -> QuerySet[FulfillmentRun]:
    """Runs that go on by their state, and have no row of work that is open."""
    open_work = SourceTask.objects.filter(run=OuterRef("pk"), work_state__in=OPEN_WORK)
    return FulfillmentRun.objects.filter(~Exists(open_work), state=RunState.RUNNING)
