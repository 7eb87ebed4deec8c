"""One pass over everything whose day has come: a piece of work, in pieces short enough for a lease."""

import logging
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain
from time import monotonic
from uuid import UUID

from django.db.models import F
from django.db.models.functions import Now

from requests_app.errors import DomainError
from requests_app.leases.lease import Lease, LeaseLost, paced, take
from requests_app.retention.base import Stage
from requests_app.retention.due import Due, due_requests
from requests_app.retention.hold import end_record_holds
from requests_app.retention.models import PurgeRun
from requests_app.retention.own_days import forget_what_is_due
from requests_app.retention.purge import purge_request

log = logging.getLogger(__name__)
LEASE = timedelta(minutes=3)
PIECE_SECONDS = 45.0
_AGAIN = timedelta(hours=1)
_FAILED = "{count} kinds or requests could not be forgotten now. They are tried again."


@dataclass(frozen=True)
class Piece:
    """How a piece of a run ended: whether the run is over, and what it has done so far."""

    run: PurgeRun
    is_over: bool


def daily_run(*, at: datetime) -> PurgeRun:
    """The run of this day; the first who asks makes it."""
    run, _made = PurgeRun.objects.get_or_create(slot=f"{at:%Y-%m-%d}", defaults={"asked_at": at})
    return run


def work_on_run(*, run_id: UUID | str, at: datetime, seconds: float = PIECE_SECONDS) -> Piece | None:
    """Go on with a run for so long. Returns how far it is, None where another one holds it or it is over.

    Each request is forgotten in a transaction of its own that also counts it; whoever is killed is followed by one that
    finds what is left. What cannot be done now (a store or ledger that is away) is left for the next hour.
    """
    lease = take(PurgeRun, run_id, length=LEASE)
    if lease is None:
        return None
    try:
        is_over = _Pass(lease, at=at, ends_at=monotonic() + seconds).go()
    except LeaseLost:
        return None
    return Piece(PurgeRun.objects.get(pk=lease.pk), is_over)


class _Pass:
    """One holder's pass."""

    def __init__(self, lease: Lease, *, at: datetime, ends_at: float) -> None:
        self._lease, self._at, self._ends_at = lease, at, ends_at
        self._held: set[UUID] = set()
        self._failed = 0

    def go(self) -> bool:
        beat = paced(self._lease)
        end_record_holds(at=self._at)
        for due in self._all_due():
            beat()
            if due.held:
                self._held.add(due.subject_request.pk)
            else:
                self._forget(due)
            if monotonic() > self._ends_at:
                self._lease.not_yet(after=timedelta(0))
                return False
        done = forget_what_is_due(at=self._at, also_daily=True)
        self._failed += len(done.failed)
        with self._lease.settled():
            self._count(done.counts)
            self._end()
        return not self._failed

    def _all_due(self) -> Iterator[Due]:
        return chain.from_iterable(due_requests(stage, at=self._at) for stage in Stage)

    def _forget(self, due: Due) -> None:
        try:
            with self._lease.settled():
                counts = purge_request(due.subject_request.pk, due.stage, at=self._at)
                if counts is not None:
                    self._count(counts, requests=int(due.stage is Stage.RECORD))
        except LeaseLost:
            raise
        except DomainError as refused:
            self._failed += 1
            log.warning("A request could not be forgotten now: %s", refused.code)

    def _count(self, counts: dict[str, int], *, requests: int = 0) -> None:
        before = PurgeRun.objects.values_list("counts", flat=True).get(pk=self._lease.pk)
        self._lease.write(counts=dict(Counter(before) + Counter(counts)), requests=F("requests") + requests)

    def _end(self) -> None:
        self._lease.write(held=len(self._held))
        if self._failed:
            self._lease.again(after=_AGAIN, error=_FAILED.format(count=self._failed))
        else:
            self._lease.done(ended_at=Now())
