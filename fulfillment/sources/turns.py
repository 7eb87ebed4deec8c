"""Whose turn it is at a source: one that fails is left alone for a while, one that is slow is not asked by all at once.

It is one mechanism for whatever is done at a source: searches, changes and looks. The rows are the truth, so that it
holds for the workers of all machines together.
"""

import secrets
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from fulfillment.connectors.errors import ConnectorError, NotYet, Retryable, Unsupported
from fulfillment.sources.check import note_failure
from fulfillment.sources.models import DataSource, SourcePlace
from requests_app.leases.lease import Lease, LeaseLost

# How long the one that tries a rested source may take before another may try.
PROBE = timedelta(minutes=1)
SHORT_WAIT_MS = 1000
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=5), timedelta(minutes=10)


def is_its_turn(lease: Lease, source: DataSource) -> bool:
    """Whether a leased row may ask its source now. Where it may not it is handed back untried, to come later."""
    wait = wait_for_turn(lease, source)
    if wait is None:
        return True
    with suppress(LeaseLost), lease.settled():
        lease.not_yet(after=wait)
    return False


def wait_for_turn(lease: Lease, source: DataSource) -> timedelta | None:
    """How long the holder of a lease has to wait before it may ask the source; None when it is its turn now.

    Where places are counted it has one then, which goes back with the lease.
    """
    if source.most_at_once is not None and not _takes_place(lease, source):
        return timedelta(milliseconds=SHORT_WAIT_MS + secrets.randbelow(SHORT_WAIT_MS))
    return None if source.rests_until is None else _rest(source)


def put_off(lease: Lease, source: DataSource, failure: Retryable, *, at: datetime) -> None:
    """Hand a row back to be tried later, and remember the failure; a source that works on it has not failed."""
    with suppress(LeaseLost), lease.settled():
        if isinstance(failure, NotYet):
            lease.not_yet(after=wait_after(failure, 1))
        else:
            lease.again(after=wait_after(failure, lease.attempt), error=str(failure))
            note_trouble(source, failure, at=at)


def note_trouble(source: DataSource, failure: ConnectorError, *, at: datetime) -> None:
    """Remember that a source failed; what its kind cannot do, and what it is still at, is no failure of it."""
    if not isinstance(failure, Unsupported | NotYet):
        note_failure(source, sentence=str(failure), at=at)


def wait_after(failure: Retryable, attempt: int) -> timedelta:
    """What the source asked for; else twice as long each time, with a quarter of chance so that none is hit in step."""
    if failure.retry_after is not None:
        return timedelta(seconds=failure.retry_after)
    plain: timedelta = min(FIRST_WAIT * 2 ** min(attempt - 1, 10), LONGEST_WAIT)
    return plain * (1 + secrets.randbelow(250) / 1000)


def _rest(source: DataSource) -> timedelta | None:
    """What is left of a rest. When it is over, exactly one asks the source; the others wait for what it finds."""
    rested = DataSource.objects.filter(pk=source.pk, rests_until__lte=Now())
    if rested.update(rests_until=Now() + PROBE):
        return None
    left = (
        DataSource.objects.filter(pk=source.pk, rests_until__gt=Now())
        .annotate(left=F("rests_until") - Now())
        .values_list("left", flat=True)
        .first()
    )
    # A few seconds more for some, so that not all of them come back in the same moment.
    return None if left is None else left + timedelta(milliseconds=secrets.randbelow(3000))


@dataclass(frozen=True)
class _Place:
    """A place that was taken with a lease; a later lease of the same row has the place anew, under its own number."""

    work: UUID
    fence: int
    length: timedelta

    def prolong(self) -> None:
        """Keep it as long as the lease."""
        SourcePlace.objects.filter(work=self.work, fence=self.fence).update(leased_until=Now() + self.length)

    def give_back(self) -> None:
        """Let another have it."""
        SourcePlace.objects.filter(work=self.work, fence=self.fence).delete()


def _takes_place(lease: Lease, source: DataSource) -> bool:
    """Take one of the source's places, if there is one: counted and taken under the lock of the source's row."""
    with transaction.atomic():
        counted = DataSource.objects.select_for_update().filter(pk=source.pk)
        (most_at_once,) = counted.values_list("most_at_once", flat=True)
        places = SourcePlace.objects.filter(source=source)
        # Whoever ends just now has theirs locked, and may wait for the source's row.
        over = places.filter(leased_until__lte=Now()).select_for_update(skip_locked=True)
        SourcePlace.objects.filter(pk__in=[each.pk for each in over]).delete()
        others = places.filter(leased_until__gt=Now()).exclude(work=lease.pk)
        if most_at_once is not None and others.count() >= most_at_once:
            return False
        held = {"source": source, "fence": lease.fence, "leased_until": Now() + lease.length}
        SourcePlace.objects.update_or_create(work=lease.pk, defaults=held)
    lease.beside.append(_Place(lease.pk, lease.fence, lease.length))
    return True
