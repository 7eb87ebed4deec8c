"""Look at a source after a change, and write down what it shows; what does not read as decided is asked of a person."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction

from fulfillment.changes.instructions import ToChange
from fulfillment.changes.models import ChangeTask
from fulfillment.changes.part import add_part_to_mend
from fulfillment.changes.read_backs.asked import asked_of
from fulfillment.changes.read_backs.begin import begin_second_look
from fulfillment.changes.read_backs.facts import Facts, agreement, excused, judged, stored_facts
from fulfillment.changes.read_backs.models import ReadBackWork
from fulfillment.changes.read_backs.words import troubles_of
from fulfillment.connectors.errors import ConnectorError, Retryable
from fulfillment.sources.check import note_success
from fulfillment.sources.connection import open_connector
from fulfillment.sources.models import DataSource
from fulfillment.sources.turns import is_its_turn, note_trouble, put_off
from requests_app.audit.actors import Actor
from requests_app.audit.record import record
from requests_app.leases.held import is_poison, poison_reason
from requests_app.leases.lease import Lease, LeaseLost, paced, take
from requests_app.lifecycle.perform import locked

log = logging.getLogger(__name__)
SYSTEM = Actor.system("fulfillment")
CUT_OFF = "The look was cut off several times without leaving a reason. Please look at the worker."


def read_back(*, row_id: UUID | str, at: datetime) -> ReadBackWork | None:
    """Look once. Returns the row when it has its end now; None when it was not ours, or is tried again by itself.

    Nothing is changed in the source, and two workers or a message that comes twice write one result.
    """
    lease = take(ReadBackWork, row_id, length=timedelta(seconds=settings.STEP_LEASE_SECONDS))
    if lease is None:
        return None
    found = ReadBackWork.objects.select_related(
        "change__subject_request", "change__source", "change__by_connector", "map_version"
    )
    row = found.get(pk=row_id)
    try:
        return _look(row, lease, at)
    except LeaseLost:
        log.warning("A look after a change was overtaken by a later attempt", extra={"row": str(row_id)})
        return None


def _look(row: ReadBackWork, lease: Lease, at: datetime) -> ReadBackWork | None:
    if is_poison(lease, row.last_error):
        return _give_up(row, lease, poison_reason(row.last_error, cut_off=CUT_OFF), at=at)
    source = row.change.source
    assert source is not None  # noqa: S101 - a row is written for changes in sources only
    if not is_its_turn(lease, source):
        return None
    try:
        facts = _read(row, source, lease)
    except Retryable as failure:
        put_off(lease, source, failure, at=at)
        return None
    except ConnectorError as failure:
        note_trouble(source, failure, at=at)
        return _give_up(row, lease, str(failure), at=at)
    return _keep(row, lease, facts, at=at)


def _read(row: ReadBackWork, source: DataSource, lease: Lease) -> Facts:
    asked = asked_of(row.change)
    found = open_connector(source).read_back(
        asked.order,
        row.map_version.data_map,
        old_values=asked.old_values,
        concerned=asked.concerned,
        heartbeat=paced(lease),
    )
    stood = ReadBackWork.objects.filter(change=row.change, stands_at__isnull=False).order_by("number").last()
    facts = judged(found, asked.receipt, at_once=not row.is_later)
    return excused(facts, stood.found) if stood else facts


def _keep(row: ReadBackWork, lease: Lease, facts: Facts, *, at: datetime) -> ReadBackWork:
    with _held(row, lease):
        row.facts, row.agrees, row.looked_at = stored_facts(facts), agreement(facts), at
        if row.agrees is False:
            row.asked = _ask(row, facts, at=at)
        row.save(update_fields=["facts", "agrees", "looked_at", "asked"])
        lease.done()
        if row.change.source is not None:
            note_success(row.change.source, at=at)
        if row.agrees is not False and not row.is_later:
            begin_second_look(row.change, at=at)
        shown = {
            "source": row.change.source.key if row.change.source else "",
            "kind": row.change.kind,
            "records": sum(each.rows for each in facts),
            "count": sum(each.left + each.elsewhere + each.missing for each in facts),
        }
        record(event="change.read_back", target=row.change.subject_request, by=SYSTEM, at=at, facts=shown)
    row.refresh_from_db()
    return row


def _ask(row: ReadBackWork, facts: Facts, *, at: datetime) -> ChangeTask:
    """A person sees to what does not read as decided; the request waits for that as for any other change."""
    known = row.map_version.data_map.by_name
    theirs = [
        ToChange(
            name=each.collection,
            label=known[each.collection].label if each.collection in known else each.collection,
            rows=each.left + each.elsewhere + each.missing,
            why=f"{'; '.join(troubles_of(each))}.",
        )
        for each in facts
        if not each.is_as_decided
    ]
    return add_part_to_mend(row.change, theirs, by=SYSTEM, at=at)


def _give_up(row: ReadBackWork, lease: Lease, why: str, *, at: datetime) -> ReadBackWork:
    with _held(row, lease):
        lease.give_up(error=why)
        facts = {"source": row.change.source.key if row.change.source else "", "kind": row.change.kind}
        record(event="change.not_read_back", target=row.change.subject_request, by=SYSTEM, at=at, facts=facts)
    row.refresh_from_db()
    return row


@contextmanager
def _held(row: ReadBackWork, lease: Lease) -> Iterator[None]:
    """The request first, as everywhere, then the row."""
    with transaction.atomic():
        locked(row.change.subject_request_id)
        with lease.settled():
            yield
