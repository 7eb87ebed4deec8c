"""Since when work is open for a request, told by the apps that do it, so that reminders need not know the work."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from uuid import UUID

# (keys of requests) → since when the oldest piece that is still open waits, of those that have one
Teller = Callable[[Collection[UUID]], Mapping[UUID, datetime]]

_tellers: list[Teller] = []


def tell_of_open_work(teller: Teller) -> None:
    """Register who knows of open work; called once, from that app's `ready`."""
    if teller not in _tellers:
        _tellers.append(teller)


def oldest_open_work(request_ids: Collection[UUID]) -> dict[UUID, datetime]:
    """Return since when the oldest open piece of each of these requests waits; those without one are left out."""
    oldest: dict[UUID, datetime] = {}
    for teller in _tellers:
        for key, since in teller(request_ids).items():
            oldest[key] = min(since, oldest.get(key, since))
    return oldest
