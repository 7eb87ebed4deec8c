"""Let a sweep that was given up go on where it stopped, once what stood in its way is mended."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models.functions import Now

from fulfillment.sweeps.errors import NothingToRetry, SweepRunning
from fulfillment.sweeps.models import Sweep
from fulfillment.sweeps.states import SweepPurpose
from requests_app.audit.actors import Actor
from requests_app.audit.record import record
from requests_app.errors import NotPermitted
from requests_app.leases.models import WorkState
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.perform import locked
from requests_app.lifecycle.states import RequestState
from requests_app.roles import Permission, permissions_of

AFTER_A_DELETION = frozenset({RequestState.VERIFYING, RequestState.CONFIRMING})


def retry_sweep(*, sweep_id: UUID, by: Actor, at: datetime) -> Sweep:
    """Have a worker take it up again. Raises NotPermitted, NothingToRetry, SweepRunning."""
    if Permission.WORK_CASES not in permissions_of(by.roles):
        raise NotPermitted("Your role does not allow this.")
    with transaction.atomic():
        # The request first, as everywhere: it may be closed at this moment.
        subject_request = locked(Sweep.objects.values_list("subject_request_id", flat=True).get(pk=sweep_id))
        row = Sweep.objects.select_for_update(of=("self",)).select_related("source").get(pk=sweep_id)
        if row.work_state != WorkState.DEAD or not _is_wanted(row, subject_request):
            raise NothingToRetry("There is nothing to try again here. Look at the page once more.")
        row.work_state, row.attempts, row.last_error, row.leased_until = WorkState.WAITING, 0, "", None
        row.next_attempt_at = Now()
        try:
            with transaction.atomic():
                row.save(
                    update_fields=["work_state", "attempts", "last_error", "leased_until", "next_attempt_at"]
                )
        except IntegrityError:
            raise SweepRunning(
                f"{row.source.label} is being gone through for this request already."
            ) from None
        facts = {"source": row.source.key}
        record(event="sweep.retried", target=subject_request, by=by, at=at, facts=facts)
    return row


def _is_wanted(row: Sweep, subject_request: SubjectRequest) -> bool:
    """Whether what it would find still says anything: a later sweep, or a later change, makes it old."""
    if subject_request.is_closed:
        return False
    if row.purpose == SweepPurpose.AFTER_CHANGE and subject_request.state not in AFTER_A_DELETION:
        return False
    later = Sweep.objects.filter(
        subject_request=subject_request,
        source=row.source,
        purpose=row.purpose,
        started_at__gt=row.started_at,
    )
    return not later.exists()
