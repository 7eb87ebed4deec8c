"""How long a deletion waits before it begins: the company's days, cut short so that the work still ends in time."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from requests_app.deadlines.calendar import DAY, WorkCalendar
from requests_app.deadlines.terms import terms_of
from requests_app.jurisdictions.load import jurisdiction, right_code
from requests_app.lifecycle.models import SubjectRequest
from requests_app.policy.company import COMPANY

# Erasing, searching once more and looking at the result are work too.
WORKING_DAYS_LEFT = 2


@dataclass(frozen=True)
class WaitingPeriod:
    """From the approval to the moment at which the deletion begins; `is_shortened` when the legal date is near."""

    since: datetime
    until: datetime
    is_shortened: bool

    @property
    def is_none(self) -> bool:
        """Whether there is no time left to wait at all."""
        return self.until == self.since


def waiting_period(
    *, at: datetime, due_on: date, days: int, calendar: WorkCalendar, zone: ZoneInfo
) -> WaitingPeriod:
    """Return the waiting period of an approval given now.

    It leaves two working days before the legal date, the date itself counted, and never moves that date; where no
    such time is left there is no waiting.
    """
    wanted = at + timedelta(days=days)
    latest = datetime.combine(_last_day_to_wait(due_on, calendar) + DAY, time(), zone)
    until = max(min(wanted, latest), at)
    return WaitingPeriod(since=at, until=until, is_shortened=until < wanted)


def waiting_period_of(subject_request: SubjectRequest, *, at: datetime) -> WaitingPeriod:
    """Return the waiting period that an approval of this deletion would have now."""
    code = right_code(subject_request.right)
    return waiting_period(
        at=at,
        due_on=subject_request.response_due_on,
        days=COMPANY.waiting_period_days,
        calendar=terms_of(subject_request.regime, code, subject_request.place or None).work_days,
        zone=jurisdiction(subject_request.regime).zone,
    )


def _last_day_to_wait(due_on: date, calendar: WorkCalendar) -> date:
    day, found = due_on, 0
    while found < WORKING_DAYS_LEFT:
        found += not calendar.is_free(day)
        day -= DAY
    return day
