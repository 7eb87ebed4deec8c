"""Every sentence about a date: the steps that staff check, and the plain words for the person."""

from collections.abc import Sequence
from datetime import date, datetime

from requests_app.deadlines.events import ExtensionNotice, Question, Topic
from requests_app.deadlines.result import Deadline, Measure, Rule
from requests_app.jurisdictions.base import Jurisdiction, Right
from requests_app.jurisdictions.periods import Period
from requests_app.jurisdictions.vocabulary import Basis, LastDayRule, Unit

_NUMBERS = [
    "no",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
]
_UNITS = {Unit.CALENDAR_DAYS: "day", Unit.BUSINESS_DAYS: "business day", Unit.CALENDAR_MONTHS: "month"}
_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
_BASES = {
    Basis.LAW: "",
    Basis.GUIDANCE: " (guidance: the law itself names no number)",
    Basis.POLICY: " (our policy: no law names a number)",
}
_QUESTIONS = {
    Topic.IDENTITY: "The question of identity",
    Topic.CLARIFICATION: "The question for clarification",
    Topic.FEE: "The demand of a fee",
}


def day_words(day: date) -> str:
    """Return a day as a reader writes it: 3 October 2026."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def weekday_words(day: date) -> str:
    """Return a day with its weekday: Saturday 3 October 2026."""
    return f"{_WEEKDAYS[day.weekday()]} {day_words(day)}"


def length_words(number: int, unit: Unit) -> str:
    """Return a length of time: one month, 45 days."""
    count = _NUMBERS[number] if number < len(_NUMBERS) else str(number)
    return f"{count} {_UNITS[unit]}{'' if number == 1 else 's'}"


def question(asked: Question) -> str:
    """Name a question with its day."""
    return f"{_QUESTIONS[asked.topic]} of {day_words(asked.asked_on)}"


def receipt(at: datetime, day: date, law: Jurisdiction) -> str:
    """Say on which day the count begins."""
    local = at.astimezone(law.zone)
    when = f"{weekday_words(day)} at {local.hour:02}:{local.minute:02} ({law.time_zone})"
    return f"Received on {when}; that day is not counted."


def period(start: date, length: Period, end: date) -> str:
    """Say what the period alone gives."""
    words = length_words(length.number, length.unit)
    verb = "ends" if length.number == 1 else "end"
    return f"{capital(words)} from {day_words(start)} {verb} on {weekday_words(end)}{_BASES[length.basis]}."


def extension(
    start: date, length: Period, further: int, end: date, notice: ExtensionNotice, *, is_named: bool
) -> str:
    """Say what an extension told in time gives."""
    told = f"The person was told in time, on {day_words(notice.told_on)}, that it takes longer"
    if is_named:
        return f"{told}, until {weekday_words(end)}."
    total = length_words(length.number + further, length.unit)
    return f"{told}: {total} in all from {day_words(start)} end on {weekday_words(end)}."


def new_start(asked: Question, answered_on: date) -> str:
    """Say why the period starts later than the receipt."""
    return f"{question(asked)} was answered on {day_words(answered_on)}: the period starts on that day."


def dropped(asked: Question, on: date) -> str:
    """Say that a question without an answer leaves the count as it is."""
    return (
        f"{question(asked)} had no answer, and we went on without one on {day_words(on)}: it stops nothing."
    )


def fee_window(asked: Question, ends: date) -> str:
    """Say how long the person may think about a fee."""
    late = asked.answered_on is not None and asked.answered_on > ends
    lapse = "; the answer came later, when the law deems the request withdrawn" if late else ""
    until = day_words(ends)
    return f"{question(asked)} leaves time to think until {until}; the period starts on that day{lapse}."


def pauses(asked: Sequence[tuple[str, date | None]], days: int, end: date) -> str:
    """Say which days do not count."""
    causes = "; ".join(f"{words}, answered on {day_words(day)}" for words, day in asked if day)
    verb = "does" if days == 1 else "do"
    length = capital(length_words(days, Unit.CALENDAR_DAYS))
    return f"{causes}. {length} {verb} not count, which leads to {weekday_words(end)}."


def last_day(before: date, after: date, rule: LastDayRule, holiday: str | None, whose: str) -> str:
    """Say what the rule for last days did to the date."""
    day = weekday_words(before)
    if rule is LastDayRule.NO_SHIFT:
        return f"{day} stays the last day, working day or not."
    if rule is LastDayRule.BUSINESS_DAYS_ONLY:
        return f"{day} stays the last day: no weekend or holiday was counted."
    if before == after:
        where = f"in {whose}" if whose else "that is known without a place"
        return f"{day} is no weekend day and no holiday {where}."
    why = f"a holiday ({holiday})" if holiday else "a weekend day"
    where = "back to" if after < before else "to"
    return f"{day} is {why}; the last day moves {where} {weekday_words(after)}."


def at_once(law: Jurisdiction, entry: Right) -> str:
    """Say that a law leaves no days."""
    wording = f": “{entry.wording}”" if entry.wording else ""
    return f"{capital(law.short_name)} gives no number of days{wording}. It is done on the day of receipt."


def notice_until(due: date) -> str:
    """Say until when an extension can be told."""
    return f"An extension counts only if told to the person, with the reason, by {weekday_words(due)}."


def nowhere(first: Deadline, laws: int) -> str:
    """Say why one law's day counts although nobody knows which law applies."""
    return (
        f"No place was given, so no law can be named. Of the {laws} that grant this right, {first.law} gives "
        "the earliest day, and that day is kept."
    )


def earliest(first: Deadline, found: Sequence[Deadline]) -> str:
    """Say which of several laws decides."""
    others = "; ".join(f"{each.law}: {day_words(each.due)}" for each in found if each is not first)
    return f"Several laws apply; {first.law} gives the earliest day ({others})."


def for_person(deadline: Deadline) -> str:
    """Return why the date is what it is, in the words the person reads."""
    told = "You did not say where you live, so we keep the earliest day that any law we know gives. "
    return (told if deadline.is_nowhere else "") + _reason(deadline)


def _reason(deadline: Deadline) -> str:
    if deadline.period is None:
        return f"At once: {deadline.law} leaves no days for this."
    length = capital(length_words(deadline.period.number, deadline.period.unit))
    by_us = deadline.period.basis is Basis.POLICY
    setter = "the limit we set ourselves" if by_us else f"the limit set by {deadline.law}"
    sentences = [f"{length} from {_beginning(deadline)}, {setter}."]
    if deadline.extended:
        sentences.append("We told you in time that we need longer, as the law allows.")
    if deadline.paused_days:
        waited = length_words(deadline.paused_days, Unit.CALENDAR_DAYS)
        verb = "is" if deadline.paused_days == 1 else "are"
        sentences.append(f"The {waited} in which we waited for your answer {verb} not counted.")
    if deadline.moved:
        sentences.append("It moved because the last day fell on a weekend or a holiday.")
    return " ".join(sentences)


def for_staff(deadline: Deadline) -> str:
    """Return the steps as lines, each with its citation."""
    return "\n".join(
        f"{step.date.isoformat()}  {step.sentence}{_source(step.cite)}" for step in deadline.steps
    )


def _source(cite: str) -> str:
    return f" [{cite}]" if cite else ""


def _beginning(deadline: Deadline) -> str:
    started_later = any(step.rule is Rule.START for step in deadline.steps)
    if started_later:
        return "the day we had what we asked you for"
    asked = "appeal" if deadline.measure is Measure.APPEAL_RESPONSE else "request"
    return f"the day your {asked} reached us"


def capital(words: str) -> str:
    """Begin a sentence with these words."""
    return words[0].upper() + words[1:]
