"""A waiting period never moves the legal date, never reaches it, and leaves time for the work."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from requests_app.deadlines.calendar import WorkCalendar
from requests_app.deadlines.terms import terms_of
from requests_app.decisions.waiting import WORKING_DAYS_LEFT, WaitingPeriod, waiting_period
from requests_app.jurisdictions.load import jurisdiction, regimes, right_code

LISBON = ZoneInfo("Europe/Lisbon")
CALENDAR = terms_of("eu-gdpr", right_code("deletion"), "PT").work_days
# A Thursday.
THEN = datetime(2026, 11, 12, 10, 0, tzinfo=UTC)


def _period(due_on: date, *, days: int = 7, at: datetime = THEN) -> WaitingPeriod:
    return waiting_period(at=at, due_on=due_on, days=days, calendar=CALENDAR, zone=LISBON)


def test_with_time_enough_the_company_waits_its_days() -> None:
    period = _period(date(2026, 12, 31))
    assert period.until == THEN + timedelta(days=7)
    assert not period.is_shortened


def test_near_the_date_it_ends_two_working_days_before() -> None:
    """Due on Tuesday the 17th: Monday and Tuesday are for the work, so Sunday is the last day to wait."""
    period = _period(date(2026, 11, 17))
    assert period.is_shortened
    assert period.until == datetime(2026, 11, 16, 0, 0, tzinfo=LISBON)


@pytest.mark.parametrize("due_on", [date(2026, 11, 12), date(2026, 11, 13), date(2026, 11, 1)])
def test_where_no_time_is_left_there_is_no_waiting(due_on: date) -> None:
    period = _period(due_on)
    assert period.is_none
    assert period.until == THEN


def _working_days(after: date, to: date, calendar: WorkCalendar) -> int:
    return sum(
        not calendar.is_free(after + timedelta(days=number)) for number in range(1, (to - after).days + 1)
    )


@given(
    minutes=st.integers(0, 5 * 365 * 24 * 60),
    left=st.integers(-40, 90),
    days=st.integers(0, 30),
    regime=st.sampled_from(sorted(regimes())),
)
def test_whatever_the_law_it_ends_before_the_due_date_with_time_for_the_work(
    minutes: int, left: int, days: int, regime: str
) -> None:
    at = datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    law = jurisdiction(regime)
    calendar = terms_of(regime, right_code("deletion"), None).work_days
    due_on = at.astimezone(law.zone).date() + timedelta(days=left)
    period = waiting_period(at=at, due_on=due_on, days=days, calendar=calendar, zone=law.zone)
    assert at <= period.until <= at + timedelta(days=days)
    assert period.is_shortened == (period.until < at + timedelta(days=days))
    if not period.is_none:
        # The last moment of waiting, on the law's own calendar.
        last = (period.until - timedelta(microseconds=1)).astimezone(law.zone).date()
        assert last < due_on
        assert _working_days(last, due_on, calendar) >= WORKING_DAYS_LEFT
