"""Counting days: months with their ends, business days, and the rule for a last day."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from requests_app.deadlines.holiday_lists import HolidayList
from requests_app.jurisdictions.vocabulary import LastDayRule, Unit, Weekday

DAY = timedelta(days=1)
_STEPS = {
    LastDayRule.NEXT_WORKING_DAY: DAY,
    LastDayRule.NEXT_NON_HOLIDAY: DAY,
    LastDayRule.PREVIOUS_WORKING_DAY: -DAY,
    LastDayRule.NO_SHIFT: timedelta(),
    LastDayRule.BUSINESS_DAYS_ONLY: timedelta(),
}


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """The days on which nobody is expected to work: a weekend and a list of holidays."""

    weekend: frozenset[int]
    holidays: HolidayList

    def is_free(self, day: date) -> bool:
        """Whether a day falls on the weekend or is a holiday."""
        return day.weekday() in self.weekend or self.holidays.name_of(day) is not None

    def shift(self, day: date, rule: LastDayRule) -> date:
        """Apply a rule for last days."""
        step = _STEPS[rule]
        while step and self.is_free(day):
            day += step
        return day


def add_period(start: date, number: int, unit: Unit, calendar: WorkCalendar) -> date:
    """Return the day that so many units after the start ends on; the start itself is not counted."""
    match unit:
        case Unit.CALENDAR_DAYS:
            return start + timedelta(days=number)
        case Unit.CALENDAR_MONTHS:
            return add_months(start, number)
        case Unit.BUSINESS_DAYS:
            return add_business_days(start, number, calendar)


def add_months(start: date, months: int) -> date:
    """Return the same day so many months later, or the month's last day where it has no such day."""
    year, month0 = divmod(start.year * 12 + start.month - 1 + months, 12)
    return date(year, month0 + 1, min(start.day, days_in_month(year, month0 + 1)))


def days_in_month(year: int, month: int) -> int:
    """Return how many days a month has."""
    return (date(year + month // 12, month % 12 + 1, 1) - DAY).day


def add_business_days(start: date, days: int, calendar: WorkCalendar) -> date:
    """Return the day that completes so many business days; the day after the start may be the first."""
    day = start
    while days:
        day += DAY
        days -= not calendar.is_free(day)
    return day


@cache
def weekday_numbers(days: tuple[Weekday, ...]) -> frozenset[int]:
    """Return weekdays as the numbers that `date.weekday` gives."""
    return frozenset(day.number for day in days)
