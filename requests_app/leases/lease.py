"""Take a row of work, keep it, and give it back: one holder at a time, proved by a fencing number."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from time import monotonic
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now

from requests_app.errors import DomainError
from requests_app.leases.held import hold
from requests_app.leases.models import LeasedWork, WorkState


class LeaseLost(DomainError):
    """The holder was too slow: another attempt holds the row now, and this one must not write."""

    code = "lease_lost"


@dataclass(frozen=True)
class Lease:
    """The right to work on one row until `length` after the last heartbeat."""

    model: type[LeasedWork]
    pk: UUID
    fence: int
    attempt: int
    length: timedelta

    def beat(self) -> None:
        """Prolong the lease. Raises LeaseLost when it has passed to another."""
        if not self._mine().update(leased_until=Now() + self.length):
            raise LeaseLost("Another attempt has taken over this work.")

    @contextmanager
    def settled(self) -> Iterator[None]:
        """A transaction in which the row is locked and still ours; what is written inside counts once."""
        with transaction.atomic():
            if not self._mine().select_for_update().exists():
                raise LeaseLost("Another attempt has taken over this work.")
            yield

    def done(self) -> None:
        """The work is finished; call inside `settled` together with its results."""
        self._end(work_state=WorkState.DONE, last_error="")

    def again(self, *, after: timedelta, error: str) -> None:
        """Hand the row back, to be tried again after a while, with the reason in a sentence."""
        self._end(next_attempt_at=Now() + after, last_error=error)

    def not_yet(self, *, after: timedelta) -> None:
        """Hand the row back untried: its turn comes later, and this was no attempt."""
        self._end(next_attempt_at=Now() + after, attempts=F("attempts") - 1)

    def give_up(self, *, error: str) -> None:
        """No further attempt helps; a person sees the reason."""
        self._end(work_state=WorkState.DEAD, last_error=error)

    def _end(self, **columns: object) -> None:
        if not self._mine().update(leased_until=None, **columns):
            raise LeaseLost("Another attempt has taken over this work.")

    def _mine(self) -> "QuerySet[LeasedWork]":
        return self.model._default_manager.filter(
            pk=self.pk, fence=self.fence, work_state=WorkState.WAITING, leased_until__isnull=False
        )


def free_work() -> Q:
    """The condition under which a row may be taken now, by the database's clock."""
    unheld = Q(leased_until__isnull=True) | Q(leased_until__lt=Now())
    return Q(work_state=WorkState.WAITING, next_attempt_at__lte=Now()) & unheld


def take(model: type[LeasedWork], pk: UUID | str, *, length: timedelta) -> Lease | None:
    """Lease a row, or None when it is done, not yet due, or held by another. Safe against any number of rivals."""
    with transaction.atomic():
        row = model._default_manager.select_for_update(skip_locked=True).filter(free_work(), pk=pk).first()
        if row is None:
            return None
        fence, attempt = row.fence + 1, row.attempts + 1
        model._default_manager.filter(pk=pk).update(
            fence=F("fence") + 1, attempts=F("attempts") + 1, leased_until=Now() + length
        )
        lease = Lease(model, row.pk, fence, attempt, length)
    hold(lease)
    return lease


def due(model: type[LeasedWork], *, limit: int = 200) -> list[UUID]:
    """Rows that nobody works on although they are due, the longest waiting first: what a sweep offers again."""
    rows = model._default_manager.filter(free_work()).order_by("next_attempt_at")
    return list(rows.values_list("pk", flat=True)[:limit])


def paced(lease: Lease) -> Callable[[], None]:
    """A heartbeat that may be called at every turn and writes to the database only now and then."""
    every = lease.length.total_seconds() / 10
    last = monotonic()

    def beat() -> None:
        nonlocal last
        if monotonic() - last >= every:
            last = monotonic()
            lease.beat()

    return beat
