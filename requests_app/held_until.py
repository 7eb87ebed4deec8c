"""Until which day the work of a request is held back, told by the apps that do it; reminders need not know how."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True, slots=True)
class HeldUntil:
    """The last day of a hold, in the calendar of the request's law, and whether it has ended by itself since."""

    last_day: date
    has_ended: bool


# (keys of requests) → the hold of each that has one with a last day, unless somebody lifted it
Teller = Callable[[Collection[UUID]], Mapping[UUID, HeldUntil]]

_tellers: list[Teller] = []


def tell_of_holds(teller: Teller) -> None:
    """Register who knows of holds; called once, from that app's `ready`."""
    if teller not in _tellers:
        _tellers.append(teller)


def holds_with_a_last_day(request_ids: Collection[UUID]) -> dict[UUID, HeldUntil]:
    """Return the hold of each of these requests that ends, or has ended, by itself; those without are left out."""
    found: dict[UUID, HeldUntil] = {}
    for teller in _tellers:
        found.update(teller(request_ids))
    return found
