"""Look beforehand: begin it for every source that would erase by itself, do it, and say what stands in the way."""

import hashlib
import json
from contextlib import suppress
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from fulfillment.changes.by_connector.order import order_for
from fulfillment.changes.by_connector.stored import stored
from fulfillment.changes.errors import NothingToLookAt
from fulfillment.changes.hands import begins_by_itself
from fulfillment.changes.instructions import Instructions
from fulfillment.changes.models import ChangeKind
from fulfillment.changes.plan import planned_changes
from fulfillment.changes.rehearsals.models import Rehearsal
from fulfillment.connectors.changing import Operation
from fulfillment.connectors.errors import ConnectorError, Retryable
from fulfillment.identities.selectors import fingerprints, query_for
from fulfillment.runs.models import SourceTask
from fulfillment.runs.states import RunPurpose
from fulfillment.sources.check import note_success
from fulfillment.sources.connection import open_connector
from fulfillment.sources.models import DataMapVersion, DataSource
from fulfillment.sources.turns import is_its_turn, note_trouble, put_off
from requests_app.audit.actors import Actor
from requests_app.audit.record import record
from requests_app.errors import NotPermitted
from requests_app.leases.held import is_poison, poison_reason
from requests_app.leases.lease import Lease, LeaseLost, paced, take
from requests_app.leases.models import WorkState
from requests_app.lifecycle.attempt import Attempt
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.perform import locked
from requests_app.lifecycle.states import RequestState
from requests_app.roles import Permission, permissions_of

OPEN_TO_LOOKS = frozenset({RequestState.CHECKING, RequestState.AWAITING_APPROVAL})
CUT_OFF = "The look was cut off several times without leaving a reason. Please look at the worker."


def begin_looks(*, subject_request: SubjectRequest) -> list[UUID]:
    """Let every source that would erase by itself be looked at; what was looked at as it is decided now stays.

    Returns the rows that wait for a worker.
    """
    wanted = [
        (each.source, each.instructions)
        for each in planned_changes(subject_request, ChangeKind.ERASE)
        if each.source is not None and begins_by_itself(each.source, ChangeKind.ERASE, each.instructions)
    ]
    known = {row.source_id: row for row in Rehearsal.objects.filter(subject_request=subject_request)}
    for source, said in wanted:
        row = known.pop(source.pk, None) or Rehearsal(subject_request=subject_request, source=source)
        version = map_searched_by(subject_request, source)
        decided = _digests(said, subject_request, version)
        if row.decided not in decided or row.map_version_id != version.pk or row.work_state == WorkState.DEAD:
            row.decided, row.map_version = decided[0], version
            row.work_state, row.looked_at, row.last_error, row.attempts = WorkState.WAITING, None, "", 0
            row.leased_until, row.fence = None, row.fence + 1
            row.save()
    Rehearsal.objects.filter(pk__in=[row.pk for row in known.values()]).delete()
    waiting = Rehearsal.objects.filter(subject_request=subject_request, work_state=WorkState.WAITING)
    return list(waiting.values_list("pk", flat=True))


def look_beforehand(*, row_id: UUID | str, at: datetime) -> None:
    """Ask one source what it would do, and what could fail. Nothing is changed; safe to repeat."""
    lease = take(Rehearsal, row_id, length=timedelta(seconds=settings.STEP_LEASE_SECONDS))
    if lease is None:
        return
    row = Rehearsal.objects.select_related("source", "subject_request", "map_version").get(pk=row_id)
    with suppress(LeaseLost):
        if is_poison(lease, row.last_error):
            lease.give_up(error=poison_reason(row.last_error, cut_off=CUT_OFF))
            return
        if not is_its_turn(lease, row.source):
            return
        try:
            _look(row, lease, at)
        except Retryable as failure:
            put_off(lease, row.source, failure, at=at)
        except ConnectorError as failure:
            with lease.settled():
                lease.give_up(error=str(failure))
                note_trouble(row.source, failure, at=at)


def look_again(*, row_id: UUID, by: Actor, at: datetime) -> Rehearsal:
    """Look once more, as after something was mended. Raises NotPermitted, NothingToLookAt."""
    with transaction.atomic():
        row = _open(row_id, by)
        Rehearsal.objects.filter(pk=row.pk).update(
            work_state=WorkState.WAITING,
            next_attempt_at=Now(),
            attempts=0,
            last_error="",
            leased_until=None,
            fence=F("fence") + 1,
            handed_by=None,
        )
    return row


def hand_to_a_person(*, row_id: UUID, by: Actor, at: datetime) -> Rehearsal:
    """Have a source erased by hand, whatever its connector could. Raises NotPermitted, NothingToLookAt."""
    with transaction.atomic():
        row = _open(row_id, by)
        Rehearsal.objects.filter(pk=row.pk).update(handed_by=UUID(by.key))
        facts = {"source": row.source.key, "kind": ChangeKind.ERASE.value}
        record(event="change.taken_over", target=row.subject_request, by=by, at=at, facts=facts)
    return row


def nothing_stands_in_the_way(attempt: Attempt) -> str | None:
    """A deletion is approved only when every source can do its part, or a person does it."""
    rows = Rehearsal.objects.filter(subject_request=attempt.subject_request).select_related("source")
    return next((row.in_the_way for row in rows if row.in_the_way), None)


def is_handed_over(subject_request: SubjectRequest, source: DataSource) -> bool:
    """Whether somebody wants this source erased by hand."""
    handed = Rehearsal.objects.filter(subject_request=subject_request, source=source, handed_by__isnull=False)
    return handed.exists()


def map_searched_by(subject_request: SubjectRequest, source: DataSource) -> DataMapVersion:
    """The map that the dry run was made by; where this source was not searched, the one in force."""
    searched = SourceTask.objects.filter(
        run__subject_request=subject_request, run__purpose=RunPurpose.SEARCH, source=source
    )
    newest = searched.select_related("map_version").order_by("run__number").last()
    return newest.map_version if newest else source.map_in_force


def _look(row: Rehearsal, lease: Lease, at: datetime) -> None:
    planned = planned_changes(row.subject_request, ChangeKind.ERASE)
    said = next((each.instructions for each in planned if each.source == row.source), Instructions())
    order = order_for(
        f"look-{row.pk}", Operation.ERASE, subject_request=row.subject_request, said=said, at=at
    )
    found = open_connector(row.source).preflight(order, row.map_version.data_map, heartbeat=paced(lease))
    with lease.settled():
        row.preflight_sealed, row.looked_at = stored(found), at
        row.save(update_fields=["preflight_sealed", "looked_at"])
        lease.done()
        note_success(row.source, at=at)


def _open(row_id: UUID, by: Actor) -> Rehearsal:
    if Permission.WORK_CASES not in permissions_of(by.roles):
        raise NotPermitted("Your role does not allow this.")
    locked(Rehearsal.objects.values_list("subject_request_id", flat=True).get(pk=row_id))
    row = (
        Rehearsal.objects.select_for_update(of=("self",))
        .select_related("source", "subject_request")
        .get(pk=row_id)
    )
    if row.subject_request.state not in OPEN_TO_LOOKS:
        raise NothingToLookAt("What is to be done in each source is decided already.")
    return row


def decided_now(row: Rehearsal) -> tuple[str, ...]:
    """What `decided` of a look would be now, by each key while keys are rotated; nothing once it is over."""
    if row.subject_request.state not in OPEN_TO_LOOKS:
        return ()
    planned = planned_changes(row.subject_request, ChangeKind.ERASE)
    said = next((each.instructions for each in planned if each.source == row.source), Instructions())
    return _digests(said, row.subject_request, row.map_version)


def _digests(said: Instructions, subject_request: SubjectRequest, version: DataMapVersion) -> tuple[str, ...]:
    """What was decided, and whom it is about."""
    plain = json.dumps(said.model_dump(mode="json"), sort_keys=True)
    meant = fingerprints(query_for(subject_request), version.data_map)
    return tuple(hashlib.sha256(f"{plain}\n{each}".encode()).hexdigest() for each in meant)
