"""Work on a sweep under a lease: what a stretch brought is kept with where the next one begins, all or nothing."""

import logging
from collections.abc import Callable
from contextlib import closing
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models.functions import Now

from fulfillment.connectors.errors import ConnectorError, Retryable
from fulfillment.sources.check import note_success
from fulfillment.sources.connection import open_connector
from fulfillment.sources.turns import is_its_turn, note_trouble, put_off
from fulfillment.sweeps.engine import Listing, Stretch, Task, sweep
from fulfillment.sweeps.keep import keep_listing, keep_stretch
from fulfillment.sweeps.models import Sweep
from requests_app.audit.actors import Actor
from requests_app.audit.record import record
from requests_app.leases.lease import Lease, LeaseLost, paced, take

log = logging.getLogger(__name__)
SYSTEM = Actor.system("fulfillment")
MOST_ATTEMPTS = 8
Watch = Callable[[Sweep, Stretch], None]


def work_on_sweep(*, sweep_id: UUID | str, at: datetime, watch: Watch | None = None) -> Sweep | None:
    """Go through the source from where the last attempt was cut off. Returns the row when it has an end now.

    None when it is not ours, or is tried again by itself. `watch` is told of each stretch once it is kept.
    """
    lease = take(Sweep, sweep_id, length=timedelta(seconds=settings.STEP_LEASE_SECONDS))
    if lease is None:
        return None
    row = Sweep.objects.select_related("subject_request", "source", "map_version").get(pk=sweep_id)
    if lease.attempt > MOST_ATTEMPTS:
        return _give_up(lease, row, row.last_error or "The sweep was cut off again and again.", at=at)
    if not is_its_turn(lease, row.source):
        return None
    Sweep.objects.filter(pk=row.pk).update(working_since=Now(), rows_before=row.rows_looked)
    try:
        _go_through(lease, row, watch)
    except LeaseLost:
        log.warning("A sweep was overtaken by a later attempt", extra={"sweep": str(row.pk)})
        return None
    except Retryable as failure:
        put_off(lease, row.source, failure, at=at)
        return None
    except ConnectorError as failure:
        note_trouble(row.source, failure, at=at)
        return _give_up(lease, row, str(failure), at=at)
    return _finish(lease, row, at=at)


def _go_through(lease: Lease, row: Sweep, watch: Watch | None) -> None:
    task = Task(
        row.person,
        row.source.label,
        row.subject_request.reference,
        row.map_version.data_map,
        table=row.table,
        position=row.position,
    )
    with closing(sweep(open_connector(row.source), task, heartbeat=paced(lease))) as swept:
        for each in swept:
            if isinstance(each, Listing):
                keep_listing(row, each, lease)
                continue
            keep_stretch(row, each, lease)
            if watch is not None:
                watch(row, each)


def _finish(lease: Lease, row: Sweep, *, at: datetime) -> Sweep | None:
    try:
        with lease.settled():
            row.ended_at, row.position = at, None
            row.save(update_fields=["ended_at", "position"])
            lease.done()
            note_success(row.source, at=at)
            facts = {"source": row.source.key, "records": sum(row.counts.values()), "rows": row.rows_looked}
            record(event="sweep.finished", target=row.subject_request, by=SYSTEM, at=at, facts=facts)
    except LeaseLost:
        return None
    row.refresh_from_db()
    return row


def _give_up(lease: Lease, row: Sweep, why: str, *, at: datetime) -> Sweep | None:
    try:
        with lease.settled():
            lease.give_up(error=why)
            facts = {"source": row.source.key, "why": why}
            record(event="sweep.failed", target=row.subject_request, by=SYSTEM, at=at, facts=facts)
    except LeaseLost:
        return None
    row.refresh_from_db()
    return row
