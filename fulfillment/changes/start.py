"""Write down what the sources are to change, and take back what is no longer wanted."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from fulfillment.changes.instructions import Instructions
from fulfillment.changes.models import ChangeKind, ChangeState, ChangeTask
from fulfillment.changes.plan import TAKES_BACK, Planned, planned_changes
from requests_app.audit.actors import Actor
from requests_app.audit.record import record
from requests_app.lifecycle.models import SubjectRequest

PRIVACY_TEAM = "privacy_team"


def start_changes(
    *, subject_request: SubjectRequest, kind: ChangeKind, by: Actor, at: datetime
) -> list[ChangeTask]:
    """Write one row per source that is concerned; at least one, so that nothing is done by nobody.

    Only where nothing was restricted meanwhile there is nothing to lift.
    """
    planned = planned_changes(subject_request, kind)
    if not planned and kind is not ChangeKind.LIFT_MEANWHILE:
        planned = [Planned(None, Instructions())]
    with transaction.atomic():
        earlier = ChangeTask.objects.filter(subject_request=subject_request, kind=kind)
        attempt = (earlier.aggregate(last=Max("attempt"))["last"] or 0) + 1
        cancel_changes(subject_request=subject_request, kinds=(kind, *_undone_by(kind)), by=by, at=at)
        tasks = [
            ChangeTask.objects.create(
                subject_request=subject_request,
                source=each.source,
                kind=kind,
                attempt=attempt,
                instructions_sealed=each.instructions.model_dump(mode="json"),
                created_at=at,
            )
            for each in planned
        ]
        if tasks:
            asked = [task.source.key if task.source else PRIVACY_TEAM for task in tasks]
            facts = {"kind": kind.value, "sources": asked}
            record(event="change.asked", target=subject_request, by=by, at=at, facts=facts)
    return tasks


def cancel_changes(
    *, subject_request: SubjectRequest, kinds: Collection[ChangeKind], by: Actor, at: datetime
) -> int:
    """Take back what is still open of these kinds; in the transaction that moved the request. Returns how many."""
    with transaction.atomic():
        still_open = ChangeTask.objects.filter(
            subject_request=subject_request, kind__in=kinds, state=ChangeState.OPEN
        )
        count = still_open.update(state=ChangeState.CANCELLED, ended_at=at)
        if count:
            record(event="change.cancelled", target=subject_request, by=by, at=at, facts={"count": count})
    return count


def _undone_by(kind: ChangeKind) -> tuple[ChangeKind, ...]:
    """A restriction that nobody has carried out yet need not be any more once it is lifted."""
    return (TAKES_BACK[kind],) if kind in TAKES_BACK else ()
