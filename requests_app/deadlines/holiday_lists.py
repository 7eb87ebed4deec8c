"""The public holidays a law counts, from the `holidays` library, with what the law takes away or adds."""

from calendar import isleap
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from importlib import import_module
from typing import Any

from requests_app.deadlines.nations import nation_of
from requests_app.jurisdictions.last_days import ClosedDays, HolidayCalendar

NATIONWIDE = ""


@dataclass(frozen=True, slots=True, eq=False)
class HolidayList:
    """The holidays of one country or part of it, as one law counts them; no country means none are known."""

    law: HolidayCalendar
    country: str = ""
    subdivision: str = NATIONWIDE
    _years: dict[int, Mapping[date, str]] = field(default_factory=dict)

    @property
    def whose(self) -> str:
        """Return the ISO code of the place whose holidays these are; empty where none are known."""
        return f"{self.country}-{self.subdivision}" if self.subdivision else self.country

    def name_of(self, day: date) -> str | None:
        """Return what holiday a day is, or nothing."""
        if day.year not in self._years:
            self._years[day.year] = _holidays_of(self, day.year)
        return self._years[day.year].get(day)


@cache
def holiday_list(law: HolidayCalendar, place: str | None) -> HolidayList:
    """Return the list that a law counts for a person's place."""
    country, subdivision = _whose(law, place)
    supported = _library().list_supported_countries() if country else {}
    if country not in supported:
        return HolidayList(law)
    known = subdivision if subdivision in supported[country] else NATIONWIDE
    return HolidayList(law, country, known)


def _whose(law: HolidayCalendar, place: str | None) -> tuple[str, str]:
    country, _, subdivision = (place or "").partition("-")
    if country == "GB":
        subdivision = nation_of(subdivision)
    if law.of_place:
        return country, subdivision
    if law.subdivision_of_place and country == law.country:
        return country, subdivision
    return law.country or "", law.subdivision or NATIONWIDE


@cache
def _library() -> Any:
    # Importing it reads the lunar tables of the whole world, most of a second: only who needs it pays.
    return import_module("holidays")


def _holidays_of(wanted: HolidayList, year: int) -> Mapping[date, str]:
    found = _published(wanted, year) if wanted.country else {}
    if wanted.law.easter_monday:
        found.update({day + timedelta(days=3): "Easter Monday" for day in _good_fridays(found)})
    for closed in wanted.law.closed:
        found.update(dict.fromkeys(_days_of(closed, year), "Day closed by law"))
    return found


def _published(wanted: HolidayList, year: int) -> dict[date, str]:
    listed = _library().country_holidays(
        wanted.country,
        subdiv=wanted.subdivision or None,
        years=year,
        categories=wanted.law.categories,
        language="en_US",
    )
    return {day: name for day, name in listed.items() if not name.startswith(wanted.law.without or ("\0",))}


def _good_fridays(found: Mapping[date, str]) -> list[date]:
    return [day for day, name in found.items() if name == "Good Friday"]


def _days_of(closed: ClosedDays, year: int) -> list[date]:
    first, last = (date.fromisoformat(f"{year}-{each}") for each in (closed.first, closed.last))
    days = (date(year, 1, 1) + timedelta(days=offset) for offset in range(365 + isleap(year)))
    if first <= last:
        return [day for day in days if first <= day <= last]
    return [day for day in days if day >= first or day <= last]
