"""End a run when none of its rows is open: fan-in by counting, never by a message."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from fulfillment.runs.models import FulfillmentRun, SourceTask
from fulfillment.runs.states import ENDS_WITH, GOES_ON_IN, RunPurpose, RunState
from fulfillment.sweeps.check import checks_are_open
from requests_app.audit.actors import Actor
from requests_app.leases.models import WorkState
from requests_app.lifecycle.perform import locked, perform

SYSTEM = Actor.system("fulfillment")
OPEN_WORK = (WorkState.WAITING, WorkState.DEAD)


def finish_run(*, run_id: UUID, at: datetime) -> bool:
    """Move the request on when every source has its end. Returns whether this call did it; safe to call at any time.

    A failed source stays open: a person retries it or excludes it with a reason. After a deletion the sweeps end first.
    """
    if SourceTask.objects.filter(run_id=run_id, work_state__in=OPEN_WORK).exists():
        return False
    with transaction.atomic():
        # The request first, as everywhere: two callers meet at its lock and not at each other's.
        run = FulfillmentRun.objects.get(pk=run_id)
        subject_request = locked(run.subject_request_id)
        run = FulfillmentRun.objects.select_for_update().get(pk=run_id)
        purpose = RunPurpose(run.purpose)
        if run.state != RunState.RUNNING or subject_request.state != GOES_ON_IN[purpose]:
            return False
        if purpose is RunPurpose.VERIFICATION and checks_are_open(subject_request):
            return False
        run.state, run.ended_at = RunState.FINISHED, at
        run.save(update_fields=["state", "ended_at"])
        perform(subject_request_id=subject_request.pk, move=ENDS_WITH[purpose], by=SYSTEM, at=at)
    return True


def runs_to_finish() -> list[UUID]:
    """Runs whose rows all have an end, but which nobody has ended: left behind by a killed worker."""
    with_open_work = SourceTask.objects.filter(work_state__in=OPEN_WORK).values("run_id")
    running = FulfillmentRun.objects.filter(state=RunState.RUNNING).exclude(pk__in=with_open_work)
    return list(running.values_list("pk", flat=True)[:200])
