"""Write down what the sources are to change, and take back what is no longer wanted."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import F, Max

from fulfillment.changes.by_connector.models import SourceChange
from fulfillment.changes.hands import begins_by_itself
from fulfillment.changes.instructions import Instructions
from fulfillment.changes.models import ChangeKind, ChangeState, ChangeTask, Hand
from fulfillment.changes.plan import TAKES_BACK, Planned, planned_changes
from fulfillment.changes.read_backs.begin import cancel_looks
from fulfillment.changes.rehearsals.look import is_handed_over, map_searched_by
from fulfillment.owners.answer import cancel_tasks
from fulfillment.sources.models import DataMapVersion, DataSource
from requests_app.audit.actors import Actor
from requests_app.audit.record import record
from requests_app.leases.models import WorkState
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
        cancel_looks(subject_request=subject_request, kinds=(kind, *_undone_by(kind)))
        tasks = [_asked(each, kind, attempt, subject_request, at) for each in planned]
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
        # What was noted may have become final: that is settled first, whatever the request has become.
        work = SourceChange.objects.filter(change__in=still_open, noted_at=None).exclude(
            work_state=WorkState.DONE
        )
        work.update(work_state=WorkState.CANCELLED, leased_until=None, fence=F("fence") + 1)
        cancel_tasks([task.owner_key for task in still_open], at=at)
        count = still_open.update(state=ChangeState.CANCELLED, ended_at=at)
        if count:
            record(event="change.cancelled", target=subject_request, by=by, at=at, facts={"count": count})
    return count


def _asked(
    planned: Planned, kind: ChangeKind, attempt: int, subject_request: SubjectRequest, at: datetime
) -> ChangeTask:
    by_itself = begins_by_itself(planned.source, kind, planned.instructions)
    if by_itself and kind is ChangeKind.ERASE and planned.source is not None:
        by_itself = not is_handed_over(subject_request, planned.source)
    task = ChangeTask.objects.create(
        subject_request=subject_request,
        source=planned.source,
        kind=kind,
        attempt=attempt,
        hand=Hand.CONNECTOR if by_itself else Hand.PERSON,
        instructions_sealed=planned.instructions.model_dump(mode="json"),
        created_at=at,
    )
    if by_itself and planned.source is not None:
        SourceChange.objects.create(change=task, map_version=_map_of(planned.source, kind, subject_request))
    return task


def _map_of(source: DataSource, kind: ChangeKind, subject_request: SubjectRequest) -> DataMapVersion:
    """A deletion goes by the map that its dry run was made by."""
    return map_searched_by(subject_request, source) if kind is ChangeKind.ERASE else source.map_in_force


def _undone_by(kind: ChangeKind) -> tuple[ChangeKind, ...]:
    """A restriction that nobody has carried out yet need not be any more once it is lifted."""
    return (TAKES_BACK[kind],) if kind in TAKES_BACK else ()
