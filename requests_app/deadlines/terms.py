"""What one law lays down for one right on one day: the period, and how days are counted there."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from requests_app.deadlines.calendar import WorkCalendar, add_period, weekday_numbers
from requests_app.deadlines.explain import day_words
from requests_app.deadlines.holiday_lists import holiday_list
from requests_app.errors import BadInput
from requests_app.jurisdictions.base import Jurisdiction, Right
from requests_app.jurisdictions.load import RightNotGranted, checked_place, jurisdiction
from requests_app.jurisdictions.periods import Extension, Period
from requests_app.jurisdictions.vocabulary import ExtensionKind, LastDayRule, OwnTerm, RightCode, Weekday


class NoSuchDate(BadInput):
    """The law lays down no date of this kind."""

    code = "no_such_date"


@dataclass(frozen=True, slots=True)
class Terms:
    """A law applied to one right at one place."""

    law: Jurisdiction
    right: RightCode
    work_days: WorkCalendar
    business_days: WorkCalendar
    cautious_business_days: WorkCalendar

    def entry(self) -> Right:
        """Return the law's own words on the right."""
        return self.law.rights[self.right]

    def add(self, start: date, period: Period, further: int = 0) -> date:
        """Return where a period from the start ends, with so many more of its unit in one stretch."""
        return add_period(start, period.number + further, period.unit, self.business_days)

    def move_last_day(self, day: date) -> date:
        """Apply the law's rule for last days."""
        return self.work_days.shift(day, self.law.last_day.rule)

    def aim_for(self, *, start: date, period: Period, counted: date, due: date) -> date:
        """Return the last working day of the strictest reading, which no weekend and no doubt prolongs."""
        strict = min(counted if self.law.last_day.cautious else due, due)
        if self.law.business_days.cautious_weekend:
            lost = self.add(start, period) - add_period(
                start, period.number, period.unit, self.cautious_business_days
            )
            strict -= lost
        strict = min(strict, counted - timedelta(days=period.aim_days_before))
        return max(start, self.work_days.shift(strict, LastDayRule.PREVIOUS_WORKING_DAY))


@lru_cache(maxsize=4096)
def terms_of(regime: str, right: RightCode, place: str | None) -> Terms:
    """Return the terms of a law for a right at a place. Raises UnknownRegime, UnknownPlace."""
    law = jurisdiction(regime)
    holidays = holiday_list(law.last_day.holidays, _place_under(law, place))
    business = law.business_days

    def calendar(weekend: tuple[Weekday, ...]) -> WorkCalendar:
        return WorkCalendar(weekday_numbers(weekend), holidays)

    return Terms(
        law=law,
        right=right,
        work_days=calendar(law.last_day.weekend),
        business_days=calendar(business.weekend),
        cautious_business_days=calendar(business.cautious_weekend or business.weekend),
    )


def require_right(law: Jurisdiction, right: RightCode, on: date) -> Right:
    """Return what the law says on a right it grants on this day. Raises RightNotGranted."""
    if not law.binds_on(on):
        raise RightNotGranted(f"{_capital(law)} does not apply before {day_words(law.in_force.since or on)}.")
    entry = law.rights.get(right)
    if entry is None or not entry.exists:
        hint = f" ({entry.notes[0]})" if entry and entry.notes else ""
        raise RightNotGranted(f"{_capital(law)} does not grant the right “{right}”{hint}.")
    if entry.since and on < entry.since:
        raise RightNotGranted(
            f"{_capital(law)} grants the right “{right}” only from {day_words(entry.since)}."
        )
    return entry


def response_period(law: Jurisdiction, entry: Right, on: date) -> Period | None:
    """Return the period for answering; nothing where the law says at once."""
    if entry.period is OwnTerm.STANDARD:
        return law.response_on(on)
    return entry.period if isinstance(entry.period, Period) else None


def response_extension(law: Jurisdiction, entry: Right) -> Extension | None:
    """Return the extension of the answer; nothing where the law gives none for this right."""
    given = entry.period is OwnTerm.STANDARD and law.extension.kind is not ExtensionKind.NONE
    return law.extension if given else None


def in_force(law: Jurisdiction, period: Period | None, what: str, on: date) -> Period:
    """Return a period that the law lays down on this day. Raises NoSuchDate."""
    if period is None:
        raise NoSuchDate(f"{_capital(law)} sets no day for {what}.")
    if period.since and on < period.since:
        raise NoSuchDate(f"{_capital(law)} sets a day for {what} only from {day_words(period.since)}.")
    return period


def _place_under(law: Jurisdiction, place: str | None) -> str | None:
    """Return the place if its holidays can count: a law with a territory counts no others."""
    if place is None:
        return None
    country = checked_place(place).partition("-")[0]
    here = not law.territories or country in {each.partition("-")[0] for each in law.territories}
    return place if here else None


def _capital(law: Jurisdiction) -> str:
    return law.short_name[0].upper() + law.short_name[1:]
