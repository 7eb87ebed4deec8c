"""The retention page as values: the runs, what would go, what is held."""

from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.standing_holds import StandingHold, standing_holds
from requests_app.policy.company import COMPANY
from requests_app.retention.models import PurgeRun
from requests_app.retention.rehearse import HeldRequest, Line, Rehearsal, rehearse

NAMED = 5


@dataclass(frozen=True)
class Row:
    """A kind of kept thing, and how much of it would go; `more` counts the requests that are not named."""

    line: Line
    named: tuple[str, ...]
    more: int


@dataclass(frozen=True)
class ShownHold:
    """A hold, the reference of its request, and whether the day has come on which somebody looks at it."""

    hold: StandingHold
    reference: str
    is_to_be_looked_at: bool


@dataclass(frozen=True)
class Shown:
    """What the page shows of a rehearsal."""

    day: date
    rows: tuple[Row, ...]
    purged: tuple[str, ...]
    held: tuple[HeldRequest, ...]


def shown_for(day: date | None, *, now: datetime) -> Shown:
    """Rehearse the purge as at the end of a day, or now."""
    at = datetime.combine(day, time(23, 59, 59), COMPANY.zone) if day else now
    return _shown(rehearse(at=at), day or now.astimezone(COMPANY.zone).date())


def last_runs() -> list[PurgeRun]:
    """The latest runs, the newest first."""
    return list(PurgeRun.objects.all()[:5])


def shown_holds(*, now: datetime) -> list[ShownHold]:
    """Every hold that stands: the one to be looked at first, those that end by themselves last."""
    found = standing_holds(at=now)
    wanted = {each.request_id for each in found}
    named = dict(SubjectRequest.objects.filter(pk__in=wanted).values_list("pk", "reference"))
    return [_shown_hold(each, named[each.request_id], now=now) for each in found]


def shown_hold(family: str, key: UUID, *, now: datetime) -> ShownHold | None:
    """One of them; None where it is over."""
    found = (each for each in shown_holds(now=now) if (each.hold.family, each.hold.key) == (family, key))
    return next(found, None)


def _shown_hold(hold: StandingHold, reference: str, *, now: datetime) -> ShownHold:
    look = hold.lasting.look_again_on
    return ShownHold(hold, reference, look is not None and look <= now.astimezone(COMPANY.zone).date())


def _shown(found: Rehearsal, day: date) -> Shown:
    rows = [
        Row(line, tuple(line.references[:NAMED]), max(0, len(line.references) - NAMED))
        for line in found.lines
    ]
    going_first = sorted(rows, key=lambda row: row.line.count == 0)
    return Shown(day, tuple(going_first), found.requests, found.held)
