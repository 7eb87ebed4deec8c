"""Which days nobody is expected to work under a law, and what happens to a date that falls on one."""

from pydantic import Field

from requests_app.jurisdictions.sources import LawModel, Sourced
from requests_app.jurisdictions.vocabulary import LastDayRule, Weekday


class ClosedDays(LawModel):
    """A stretch of every year on which nobody is expected to work, as month and day; it may pass New Year."""

    first: str = Field(pattern=r"^\d\d-\d\d$")
    last: str = Field(pattern=r"^\d\d-\d\d$")


class HolidayCalendar(LawModel):
    """Which public holidays count: of the person's place, or of a fixed country or state."""

    of_place: bool = False
    country: str | None = Field(default=None, pattern=r"^[A-Z]{2}$")
    subdivision: str | None = None
    subdivision_of_place: bool = False
    categories: tuple[str, ...] = ("public",)
    without: tuple[str, ...] = ()
    easter_monday: bool = False
    closed: tuple[ClosedDays, ...] = ()


class LastDay(Sourced):
    """The rule for a date that falls on a weekend or a holiday."""

    rule: LastDayRule
    weekend: tuple[Weekday, ...] = (Weekday.SAT, Weekday.SUN)
    holidays: HolidayCalendar = HolidayCalendar()
    holidays_in_words: str = ""
    cautious: LastDayRule | None = None  # what the product aims at where the rule leaves doubt
    law_permits: str = ""


class BusinessDays(Sourced):
    """Which days of the week are no business days; `cautious_weekend` is the strictest reading of the law."""

    weekend: tuple[Weekday, ...] = (Weekday.SAT, Weekday.SUN)
    cautious_weekend: tuple[Weekday, ...] | None = None
