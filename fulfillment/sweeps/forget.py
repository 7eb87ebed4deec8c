"""Forget what sweeps found: traces and identifiers go, counts stay."""

from datetime import datetime

from django.db import transaction

from fulfillment.sweeps.models import Sweep, Trace
from requests_app.audit.actors import Actor
from requests_app.audit.record import record
from requests_app.leases.models import WorkState
from requests_app.lifecycle.models import SubjectRequest


def forget_sweeps(*, subject_request: SubjectRequest, by: Actor, at: datetime) -> int:
    """Delete every trace found for a request, and stop what still runs. Returns how many; safe to repeat."""
    with transaction.atomic():
        sweeps = Sweep.objects.select_for_update().filter(subject_request=subject_request)
        ids = [sweep.pk for sweep in sweeps]
        Sweep.objects.filter(pk__in=ids, work_state=WorkState.WAITING).update(
            work_state=WorkState.CANCELLED, leased_until=None
        )
        Sweep.objects.filter(pk__in=ids).update(identifiers=[], position=None, unread_objects=[])
        count, _ = Trace.objects.filter(sweep__in=ids).delete()
        if count:
            record(event="sweep.forgotten", target=subject_request, by=by, at=at, facts={"count": count})
    return count
