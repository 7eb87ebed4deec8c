"""Take a row of work, keep it, and give it back: one holder at a time, proved by a fencing number."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import monotonic
from typing import Protocol
from uuid import UUID

from django.core.cache import cache
from django.db import connection, transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now
from psycopg import sql

from requests_app.errors import DomainError
from requests_app.leases.held import hold
from requests_app.leases.models import LeasedWork, WorkState

# How far the rows of a kind were offered.
_PLACE = "offered:{}"


class LeaseLost(DomainError):
    """The holder was too slow: another attempt holds the row now, and this one must not write."""

    code = "lease_lost"


class Beside(Protocol):
    """Something that is held beside a row of work for as long as its lease is."""

    def prolong(self) -> None:
        """The holder lives."""

    def give_back(self) -> None:
        """The lease has ended, or was lost. Safe to repeat."""


@dataclass(frozen=True)
class Lease:
    """The right to work on one row until `length` after the last heartbeat; what is held `beside` ends with it."""

    model: type[LeasedWork]
    pk: UUID
    fence: int
    attempt: int
    length: timedelta
    beside: list[Beside] = field(default_factory=list, compare=False, repr=False)

    def beat(self) -> None:
        """Prolong the lease. Raises LeaseLost when it has passed to another."""
        try:
            self.write(leased_until=Now() + self.length)
        except LeaseLost:
            self._give_back()
            raise
        for each in self.beside:
            each.prolong()

    @contextmanager
    def settled(self) -> Iterator[None]:
        """A transaction in which the row is locked and still ours; what is written inside counts once."""
        with transaction.atomic():
            if not self._mine().select_for_update().exists():
                raise LeaseLost("Another attempt has taken over this work.")
            yield

    def write(self, **columns: object) -> None:
        """Write to the row itself while it is still ours. Raises LeaseLost when it has passed to another."""
        if not self._mine().update(**columns):
            raise LeaseLost("Another attempt has taken over this work.")

    def done(self, **results: object) -> None:
        """The work is finished: `results` are columns of its row. Raises LeaseLost when it has passed to another.

        What is written elsewhere counts once when it stands in the same transaction, which holds the row from here on.
        """
        self._end(work_state=WorkState.DONE, last_error="", **results)

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
        self.write(leased_until=None, **columns)
        self._give_back()

    def _give_back(self) -> None:
        for each in self.beside:
            each.give_back()

    def _mine(self) -> "QuerySet[LeasedWork]":
        return self.model._default_manager.filter(
            pk=self.pk, fence=self.fence, work_state=WorkState.WAITING, leased_until__isnull=False
        )


# Found free, locked and leased by one statement; the condition is that of `free_work`. A rival finds the row locked and
# goes away, or comes later and finds it held.
_TAKE = sql.SQL("""
    UPDATE {table} SET fence = fence + 1, attempts = attempts + 1, leased_until = statement_timestamp() + %(length)s
     WHERE {key} = (
        SELECT {key} FROM {table}
         WHERE {key} = %(pk)s AND work_state = %(waiting)s AND next_attempt_at <= statement_timestamp()
           AND (leased_until IS NULL OR leased_until < statement_timestamp())
           FOR UPDATE SKIP LOCKED)
    RETURNING {key}, fence, attempts
""")


def free_work() -> Q:
    """The condition under which a row may be taken now, by the database's clock."""
    unheld = Q(leased_until__isnull=True) | Q(leased_until__lt=Now())
    return Q(work_state=WorkState.WAITING, next_attempt_at__lte=Now()) & unheld


def take(model: type[LeasedWork], pk: UUID | str, *, length: timedelta) -> Lease | None:
    """Lease a row, or None when it is done, not yet due, or held by another. Safe against any number of rivals."""
    key = model._meta.pk
    names = {"table": sql.Identifier(model._meta.db_table), "key": sql.Identifier(str(key.column))}
    values = {"pk": key.to_python(pk), "length": length, "waiting": WorkState.WAITING.value}
    with connection.cursor() as cursor:
        cursor.execute(_TAKE.format(**names), values)
        found = cursor.fetchone()
    if found is None:
        return None
    taken, fence, attempt = found
    lease = Lease(model, taken, fence, attempt, length)
    hold(lease)
    return lease


def due(model: type[LeasedWork], *, limit: int = 200) -> list[UUID]:
    """Rows that nobody works on although they are due, the longest waiting first: what a sweep offers again.

    Each call goes on behind the rows of the one before, and begins anew at the end: those that stay due, as their
    source rests or their task waits in the broker, keep nobody behind them from being offered.
    """
    rows = model._default_manager.filter(free_work()).order_by("next_attempt_at", "pk")
    place = cache.get(_PLACE.format(model._meta.label_lower))
    found = list(_behind(rows, place).values_list("next_attempt_at", "pk")[:limit])
    if place is not None and len(found) < limit:
        begun = rows.values_list("next_attempt_at", "pk")[: limit - len(found)]
        found = list(dict.fromkeys((*found, *begun)))
    cache.set(_PLACE.format(model._meta.label_lower), found[-1] if len(found) == limit else None, 3600)
    return [key for _, key in found]


def _behind(rows: "QuerySet[LeasedWork]", place: tuple[datetime, UUID] | None) -> "QuerySet[LeasedWork]":
    if place is None:
        return rows
    moment, key = place
    return rows.filter(Q(next_attempt_at__gt=moment) | Q(next_attempt_at=moment, pk__gt=key))


def _nothing() -> None:
    """Nothing is to be written beside the heartbeat."""


def paced(lease: Lease, *, meanwhile: Callable[[], None] = _nothing) -> Callable[[], None]:
    """A heartbeat that may be called at every turn and writes to the database only now and then.

    `meanwhile` is called as often as it writes: what it writes says how far the work is.
    """
    every = lease.length.total_seconds() / 10
    last = monotonic()

    def beat() -> None:
        nonlocal last
        if monotonic() - last >= every:
            last = monotonic()
            lease.beat()
            meanwhile()

    return beat
