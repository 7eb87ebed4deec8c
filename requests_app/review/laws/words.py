"""The codes of law files in the words of a page."""

from collections.abc import Iterable
from datetime import date

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from requests_app.jurisdictions.periods import Period
from requests_app.jurisdictions.vocabulary import (
    Basis,
    Effect,
    ExtensionKind,
    LastDayRule,
    OwnTerm,
    RightCode,
    Status,
    Unit,
    Weekday,
)
from requests_app.lifecycle.known_rights import RIGHTS

STATUSES: dict[Status, Promise] = {
    Status.IN_FORCE: gettext_lazy("In force"),
    Status.PARTLY_IN_FORCE: gettext_lazy("Partly in force"),
    Status.POLICY: gettext_lazy("Our own policy"),
}
BASES: dict[Basis, Promise] = {
    Basis.LAW: gettext_lazy("set by the law"),
    Basis.GUIDANCE: gettext_lazy("set by guidance: the law names no number"),
    Basis.POLICY: gettext_lazy("set by our policy: no law names a number"),
}
TERMS: dict[OwnTerm, Promise] = {
    OwnTerm.STANDARD: gettext_lazy("Answered within the response period of the law"),
    OwnTerm.AT_ONCE: gettext_lazy("Done at once: the law leaves no days"),
}
EFFECTS: dict[Effect, Promise] = {
    Effect.NONE: gettext_lazy("Does not stop the clock"),
    Effect.PAUSE: gettext_lazy("Stops the clock: the days from the question to the answer do not count"),
    Effect.PAUSE_INCLUSIVE: gettext_lazy(
        "Stops the clock: the days from the question to the answer do not count, nor does the day of the answer"
    ),
    Effect.START_AT_LATEST: gettext_lazy("Starts the period anew on the day the answer arrives"),
    Effect.START_AFTER_FEE_WINDOW: gettext_lazy(
        "Starts the period when the time to think about the fee ends"
    ),
}
EXTENSIONS: dict[ExtensionKind, Promise] = {
    ExtensionKind.NONE: gettext_lazy("The law gives no extension"),
    ExtensionKind.FIXED: gettext_lazy("The law says how much longer"),
    ExtensionKind.NAMED_DATE: gettext_lazy("The notice itself names the new day"),
}
LAST_DAYS: dict[LastDayRule, Promise] = {
    LastDayRule.NEXT_WORKING_DAY: gettext_lazy("Moves to the next working day"),
    LastDayRule.NEXT_NON_HOLIDAY: gettext_lazy(
        "Moves to the next day that is no Sunday and no public holiday"
    ),
    LastDayRule.PREVIOUS_WORKING_DAY: gettext_lazy("Moves back to the last working day before it"),
    LastDayRule.NO_SHIFT: gettext_lazy("Stays, working day or not"),
    LastDayRule.BUSINESS_DAYS_ONLY: gettext_lazy("Stays: only business days were counted"),
}
WEEKDAYS: dict[Weekday, Promise] = {
    Weekday.MON: gettext_lazy("Monday"),
    Weekday.TUE: gettext_lazy("Tuesday"),
    Weekday.WED: gettext_lazy("Wednesday"),
    Weekday.THU: gettext_lazy("Thursday"),
    Weekday.FRI: gettext_lazy("Friday"),
    Weekday.SAT: gettext_lazy("Saturday"),
    Weekday.SUN: gettext_lazy("Sunday"),
}


def length(number: int, unit: Unit) -> str:
    """Return a length in figures, as a table has it: 45 calendar days."""
    match unit:
        case Unit.CALENDAR_DAYS:
            words = ngettext("%(number)d calendar day", "%(number)d calendar days", number)
        case Unit.BUSINESS_DAYS:
            words = ngettext("%(number)d business day", "%(number)d business days", number)
        case Unit.CALENDAR_MONTHS:
            words = ngettext("%(number)d calendar month", "%(number)d calendar months", number)
    return words % {"number": number}


def day(value: date) -> str:
    """Return a day: 1 January 2027."""
    return date_format(value, "j F Y")


def right_name(code: RightCode) -> str:
    """Return a right in the words of the form."""
    return str(RIGHTS[code.value].label)


def rights(codes: Iterable[RightCode]) -> str:
    """Return several rights in a row."""
    return "; ".join(right_name(code) for code in codes)


def weekdays(days: Iterable[Weekday]) -> str:
    """Return weekdays in a row."""
    return ", ".join(str(WEEKDAYS[each]) for each in days)


def period(value: Period) -> list[str]:
    """Return everything that a period says of itself."""
    said = [f"{length(value.number, value.unit)}, {BASES[value.basis]}"]
    if value.counts_from:
        said.append(_("Counted from: %(start)s") % {"start": value.counts_from})
    if value.since:
        said.append(_("From %(day)s on") % {"day": day(value.since)})
    if value.extension:
        more = length(value.extension, value.unit)
        said.append(_("%(more)s more if the person is told in time") % {"more": more})
    if value.aim_days_before:
        earlier = length(value.aim_days_before, Unit.CALENDAR_DAYS)
        said.append(_("Can be read a day shorter: we work towards %(earlier)s before") % {"earlier": earlier})
    return said
