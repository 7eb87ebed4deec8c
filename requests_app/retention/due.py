"""Which requests have come to their day, and which of these something holds."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from uuid import UUID

from django.db.models import Q, QuerySet

from requests_app.deadlines.calendar import add_months
from requests_app.errors import DomainError
from requests_app.jurisdictions.load import jurisdiction, regimes
from requests_app.jurisdictions.vocabulary import Unit
from requests_app.lifecycle.clock import day_of
from requests_app.lifecycle.keeping import findings_kept_until, kept_until
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.states import CLOSED
from requests_app.policy.company import COMPANY
from requests_app.retention.base import Stage
from requests_app.retention.holds import held_because

_AT_ONCE = 200
# A day begins up to so many hours earlier where the law counts.
_ZONES = timedelta(hours=26)


@dataclass(frozen=True)
class Due:
    """A request whose day has come for a stage; `held` says in a sentence why it does not go, or is empty."""

    subject_request: SubjectRequest
    stage: Stage
    day: date
    held: str = ""


def due_requests(stage: Stage, *, at: datetime) -> Iterator[Due]:
    """Every request that is to go at this stage, the longest closed first; nothing is locked."""
    last: tuple[datetime, UUID] | None = None
    while page := _page(stage, last, at=at):
        yield from _due_among(page, stage, at=at)
        last = (page[-1].closed_at or at, page[-1].pk)


def due_now(subject_request: SubjectRequest, stage: Stage, *, at: datetime) -> Due | None:
    """The same of one request, such as one that was just locked; None when its day has not come or it is over."""
    if _is_over(subject_request, stage) or not subject_request.is_closed:
        return None
    return next(iter(_due_among([subject_request], stage, at=at)), None)


def day_for(subject_request: SubjectRequest, stage: Stage) -> date | None:
    """The day on which a request goes at this stage, by its law or our own policy; None while it is open."""
    try:
        return kept_until(subject_request) if stage is Stage.RECORD else findings_kept_until(subject_request)
    except DomainError:
        # A law that was changed meanwhile, and says nothing any more for such a request: nothing is kept for ever.
        return _by_our_own_period(subject_request)


def _by_our_own_period(subject_request: SubjectRequest) -> date | None:
    if subject_request.closed_at is None:
        return None
    return add_months(day_of(subject_request, subject_request.closed_at), COMPANY.keeping.record_months)


def _due_among(requests: Sequence[SubjectRequest], stage: Stage, *, at: datetime) -> list[Due]:
    days = [(each, day_for(each, stage)) for each in requests]
    come = [(each, day) for each, day in days if day is not None and day <= day_of(each, at)]
    held = held_because([each.pk for each, _day in come], stage, at=at) if come else {}
    return [Due(each, stage, day, held.get(each.pk, "")) for each, day in come]


def _page(stage: Stage, last: tuple[datetime, UUID] | None, *, at: datetime) -> list[SubjectRequest]:
    after = Q()
    if last is not None:
        after = Q(closed_at__gt=last[0]) | Q(closed_at=last[0], pk__gt=last[1])
    found = _closed_long_ago(stage, at=at).filter(after).order_by("closed_at", "pk")
    return list(found.prefetch_related("clock_events").select_related("linked_to", "submission")[:_AT_ONCE])


def _closed_long_ago(stage: Stage, *, at: datetime) -> "QuerySet[SubjectRequest]":
    """Those that can have come to their day by any law; most of the others are never read."""
    closed = {"state__in": CLOSED, "closed_at__isnull": False, "purged_at": None}
    found: QuerySet[SubjectRequest] = SubjectRequest.objects.filter(**closed)
    if stage is Stage.RECORD:
        return found.filter(closed_at__lte=_before_shortest_record(at))
    days = timedelta(days=COMPANY.keeping.findings_days)
    return found.filter(findings_purged_at=None, closed_at__lte=at + _ZONES - days)


def _before_shortest_record(at: datetime) -> datetime:
    """Whoever was closed after this has some days left under every law."""
    return at + _ZONES - timedelta(days=_shortest_record_in_days())


@cache
def _shortest_record_in_days() -> int:
    kept = [law.records.keep for law in map(jurisdiction, regimes())]
    numbers = [(each.number, each.unit) for each in kept if each is not None]
    numbers.append((COMPANY.keeping.record_months, Unit.CALENDAR_MONTHS))
    return min(number * (28 if unit is Unit.CALENDAR_MONTHS else 1) for number, unit in numbers)


def _is_over(subject_request: SubjectRequest, stage: Stage) -> bool:
    if subject_request.is_purged:
        return True
    return stage is Stage.FINDINGS and subject_request.findings_purged_at is not None
