"""Holds that stand, whoever knows of them: what each keeps and why, until when, and when somebody looks at it again.

No hold keeps anything for ever unseen: it has a last day, after which it ends by itself, or a day on which somebody
looks at it again and lifts it or lets it stand. A hold of before that rule counts from the day on which it was set.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from requests_app.deadlines.calendar import add_months
from requests_app.errors import BadInput
from requests_app.lifecycle.clock import day_of
from requests_app.lifecycle.models import SubjectRequest
from requests_app.policy.company import COMPANY

# A day that is over in Greenwich is over by so much later in the west.
_LATE = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Lasting:
    """How long a hold lasts: to the end of `until`, or while nobody lifts it, looked at again on a day."""

    until: date | None = None
    look_again_on: date | None = None


NOTHING_SAID = Lasting()


@dataclass(frozen=True, slots=True)
class StandingHold:
    """A hold as the staff read it: `what` stays, and `why` in the words of whoever set it."""

    family: str
    key: UUID
    request_id: UUID
    what: str
    why: str
    set_at: datetime
    set_by: str
    lasting: Lasting


@dataclass(frozen=True)
class HoldFamily:
    """Holds of one kind: those that stand at a moment, of some requests or of all, and how one is changed.

    `lift(hold_id=, by=, at=)` and `prolong(hold_id=, lasting=, by=, at=)` raise what the services behind them do.
    """

    key: str
    standing: Callable[[Collection[UUID] | None, datetime], Iterable[StandingHold]]
    lift: Callable[..., None]
    prolong: Callable[..., None]


_families: dict[str, HoldFamily] = {}


def add_hold_family(family: HoldFamily) -> None:
    """Register holds of a kind; called once, from the `ready` of their app."""
    _families[family.key] = family


def hold_family(key: str) -> HoldFamily:
    """The holds of a kind. Raises BadInput for one that nobody knows."""
    if key not in _families:
        raise BadInput("There is no such hold.")
    return _families[key]


def standing_holds(requests: Collection[UUID] | None = None, *, at: datetime) -> list[StandingHold]:
    """Every hold that stands, of these requests or of all: the one to be looked at first, then by its last day."""
    found = [each for family in _families.values() for each in family.standing(requests, at)]
    return sorted(found, key=lambda each: (_next_day(each.lasting), each.set_at))


def looked_at_again(requests: Collection[UUID], *, at: datetime) -> dict[UUID, date]:
    """The first day on which somebody is to look at a hold, of each of these requests that has one."""
    first: dict[UUID, date] = {}
    for each in standing_holds(requests, at=at):
        day = each.lasting.look_again_on
        if day is not None:
            first[each.request_id] = min(day, first.get(each.request_id, day))
    return first


def lasting_of(*, until: date | None, look_again_on: date | None, set_at: datetime) -> Lasting:
    """How long a stored hold lasts."""
    if until is not None:
        return Lasting(until)
    return Lasting(None, look_again_on or _latest_look(set_at.date()))


def agreed(subject_request: SubjectRequest, wished: Lasting, *, at: datetime) -> Lasting:
    """How long a hold is to last that somebody sets or prolongs; without a word the longest time between two looks.

    Raises BadInput for a day that is over where the law of the request counts, and for a look that is too far away.
    """
    today = day_of(subject_request, at)
    if wished.until is not None:
        if wished.until < today:
            raise BadInput("The last day of a hold cannot be over already.")
        return Lasting(wished.until)
    latest = _latest_look(today)
    look = wished.look_again_on or latest
    if look <= today:
        raise BadInput("The day on which somebody looks at the hold again lies ahead.")
    if look > latest:
        months = COMPANY.keeping.hold_review_months
        raise BadInput(
            f"Somebody looks at a hold without a last day again within {months} months. "
            "Name an earlier day, or a last day."
        )
    return Lasting(None, look)


def still_lasts(until: date | None, *, at: datetime) -> bool:
    """Whether a hold with this last day can still stand somewhere on earth."""
    return until is None or until >= first_day_that_lasts(at)


def first_day_that_lasts(at: datetime) -> date:
    """The earliest last day that is not over everywhere."""
    return (at - _LATE).date()


def _latest_look(day: date) -> date:
    return add_months(day, COMPANY.keeping.hold_review_months)


def _next_day(lasting: Lasting) -> date:
    return lasting.look_again_on or lasting.until or date.max
