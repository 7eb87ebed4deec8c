"""Counting days on a calendar whose holidays the test knows."""

from datetime import date

import pytest

from requests_app.deadlines.calendar import WorkCalendar, add_business_days, add_months
from requests_app.deadlines.holiday_lists import HolidayList, holiday_list
from requests_app.jurisdictions.last_days import ClosedDays, HolidayCalendar
from requests_app.jurisdictions.vocabulary import LastDayRule

WEEKEND = frozenset({5, 6})
CHRISTMAS = HolidayCalendar(closed=(ClosedDays(first="12-25", last="01-01"),))


@pytest.fixture
def calendar() -> WorkCalendar:
    return WorkCalendar(WEEKEND, HolidayList(CHRISTMAS))


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2026, 12, 15), 0, date(2026, 12, 15)),
    ],
)
def test_a_month_without_that_day_ends_on_its_last_one(start: date, months: int, end: date) -> None:
    assert add_months(start, months) == end


def test_the_first_business_day_is_the_one_after_the_start(calendar: WorkCalendar) -> None:
    # Friday; Monday to Wednesday; then closed until Friday 1 January; Monday 4 January.
    assert add_business_days(date(2026, 12, 21), 1, calendar) == date(2026, 12, 22)
    assert add_business_days(date(2026, 12, 21), 4, calendar) == date(2027, 1, 4)


@pytest.mark.parametrize(
    ("rule", "end"),
    [
        (LastDayRule.NEXT_WORKING_DAY, date(2027, 1, 4)),
        (LastDayRule.NEXT_NON_HOLIDAY, date(2027, 1, 4)),
        (LastDayRule.PREVIOUS_WORKING_DAY, date(2026, 12, 24)),
        (LastDayRule.NO_SHIFT, date(2026, 12, 27)),
        (LastDayRule.BUSINESS_DAYS_ONLY, date(2026, 12, 27)),
    ],
)
def test_each_rule_moves_a_last_day_its_own_way(calendar: WorkCalendar, rule: LastDayRule, end: date) -> None:
    assert calendar.shift(date(2026, 12, 27), rule) == end


def test_where_only_sundays_are_free_a_saturday_stays() -> None:
    calendar = WorkCalendar(frozenset({6}), HolidayList(CHRISTMAS))
    assert calendar.shift(date(2026, 10, 3), LastDayRule.NEXT_NON_HOLIDAY) == date(2026, 10, 3)


def test_closed_days_may_lie_within_one_year() -> None:
    summer = HolidayList(HolidayCalendar(closed=(ClosedDays(first="08-01", last="08-02"),)))
    assert [summer.name_of(date(2026, 8, day)) for day in (1, 2, 3)] == [
        "Day closed by law",
        "Day closed by law",
        None,
    ]


def test_holidays_are_those_of_the_part_of_the_country() -> None:
    law = HolidayCalendar(of_place=True)
    womens_day = date(2027, 3, 8)
    assert holiday_list(law, "DE-BE").name_of(womens_day) == "Women's Day"
    assert holiday_list(law, "DE-BY").name_of(womens_day) is None


def test_a_part_without_a_list_has_that_of_its_country() -> None:
    assert holiday_list(HolidayCalendar(of_place=True), "NL-ZH").whose == "NL"


@pytest.mark.parametrize("place", [None, "XX", "XX-1"])
def test_without_a_known_place_no_holiday_is_known(place: str | None) -> None:
    unknown = holiday_list(HolidayCalendar(of_place=True), place)
    assert unknown.whose == ""
    assert unknown.name_of(date(2026, 12, 25)) is None


def test_a_law_may_leave_out_a_holiday_and_add_easter_monday() -> None:
    canada = HolidayCalendar(
        country="CA", categories=("public", "government"), without=("Boxing Day",), easter_monday=True
    )
    listed = holiday_list(canada, "CA-ON")
    assert listed.whose == "CA"
    assert listed.name_of(date(2027, 3, 29)) == "Easter Monday"
    assert listed.name_of(date(2026, 12, 28)) is None
    assert listed.name_of(date(2026, 9, 30)) == "National Day for Truth and Reconciliation"
