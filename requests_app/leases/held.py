"""What the task at hand holds, and how it is given back when something cuts the task short.

A step that ends as it should settles its own row. One that is stopped with its worker, or that breaks on something
nobody foresaw, would keep the row until its lease runs out, and leave no reason.
"""

import secrets
import threading
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import DatabaseError, InterfaceError, OperationalError, connection, transaction

from requests_app.errors import DomainError

if TYPE_CHECKING:
    from requests_app.leases.lease import Lease

# A step that broke this often is not tried again without a person.
MOST_BREAKS = 6
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=5), timedelta(minutes=10)
_BROKE = "The step broke on our side"


class _Held(threading.local):
    """The leases of one thread, which works on one task at a time."""

    def __init__(self) -> None:
        self.leases: list[Lease] = []


_held = _Held()


def hold(lease: "Lease") -> None:
    """Remember a lease that was taken."""
    _held.leases.append(lease)


def forget_held() -> None:
    """Begin with nothing: whatever an earlier task of this thread held is over."""
    _held.leases.clear()


def hand_back() -> None:
    """Free what is held at once: the worker stops, and another one goes on. That was no attempt."""
    leases = _taken_out()
    if leases:
        # It may have been stopped in the middle of a statement: a new connection is certain to be usable.
        connection.close()
    for lease in leases:
        with suppress(DomainError, DatabaseError), transaction.atomic():
            lease.not_yet(after=timedelta(0))


def note_break(error: BaseException) -> None:
    """Put what is held off, with its reason; a person sees what broke again and again.

    The reason names the kind of error and nothing that it says: its text may hold what belongs to people.
    """
    leases, blameless = _taken_out(), _lost_our_database(error)
    if blameless:
        connection.close()
    for lease in leases:
        with suppress(DomainError, DatabaseError), transaction.atomic():
            if blameless:
                lease.not_yet(after=FIRST_WAIT)
                continue
            lease.again(after=_wait_after(lease.attempt), error=f"{_BROKE} ({type(error).__name__}).")


def _lost_our_database(error: BaseException) -> bool:
    """Whether the connection to our own database ended under the step, which is not to blame then."""
    ended: Any = connection.connection
    return isinstance(error, OperationalError | InterfaceError) and (ended is None or bool(ended.closed))


def is_poison(lease: "Lease", last_error: str) -> bool:
    """Whether attempt after attempt at a row died without a word, or broke on our side: a person has to look."""
    return lease.attempt > MOST_BREAKS and (not last_error or last_error.startswith(_BROKE))


def poison_reason(last_error: str, *, cut_off: str) -> str:
    """Why such a row is given up: what broke, or `cut_off` where nothing was left behind."""
    return (
        f"{last_error} It was tried {MOST_BREAKS} times. Please look at the worker."
        if last_error
        else cut_off
    )


def _taken_out() -> "list[Lease]":
    leases, _held.leases = _held.leases, []
    return leases


def _wait_after(attempt: int) -> timedelta:
    plain: timedelta = min(FIRST_WAIT * 2 ** min(attempt - 1, 10), LONGEST_WAIT)
    return plain * (1 + secrets.randbelow(250) / 1000)
