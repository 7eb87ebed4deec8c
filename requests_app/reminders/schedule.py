"""Which reminders a request has, when each falls due, and which is the one to tell now; no clock, no database."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from requests_app.deadlines.calendar import DAY, WorkCalendar
from requests_app.deadlines.result import Deadline
from requests_app.held_until import HeldUntil
from requests_app.jurisdictions.vocabulary import LastDayRule, Unit
from requests_app.lifecycle.states import CLOSED, FACTS, RequestState, Turn
from requests_app.policy.reminding import Reminding
from requests_app.reminders.kinds import THREADS, ReminderKind, Thread

K = ReminderKind
NO_DAYS = 999
AT_ONCE = "at_once"
# So long the digest says that a hold has ended: over a weekend, and no longer.
TOLD_FOR = timedelta(days=4)
# A hold is to be looked at on its day, and said again so many days after.
HOLD_AGAIN_AFTER = (0, 7, 28)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a request stands: its state, the law's dates, and the calendars that count between them.

    `answer` is the law's date while its clock runs. A date that is None is none: no duty, no chance, no row.
    """

    state: RequestState
    state_since: datetime
    zone: ZoneInfo
    work_days: WorkCalendar
    business_days: WorkCalendar
    received_at: datetime
    answer: Deadline | None = None
    acknowledgement: Deadline | None = None
    extension_until: date | None = None
    lapses_on: date | None = None
    proof_given_at: datetime | None = None
    work_since: datetime | None = None
    waits_until: datetime | None = None
    held: HeldUntil | None = None
    hold_again_on: date | None = None
    evidence_until: date | None = None
    keep_until: date | None = None


@dataclass(frozen=True, slots=True)
class Reminder:
    """One reminder: what it is about, from which moment on it is told, and until when it is true.

    `step` tells reminders of one kind apart that are about the same day.
    """

    kind: ReminderKind
    about: date
    at: datetime
    step: str = ""
    days_left: int = NO_DAYS
    ends_at: datetime | None = None

    @property
    def thread(self) -> Thread:
        """The thread in which it stands."""
        return THREADS[self.kind]

    @property
    def occurrence(self) -> str:
        """What makes it one: told once, whenever it is looked at."""
        return f"{self.about.isoformat()}:{self.step}" if self.step else self.about.isoformat()

    def is_due(self, at: datetime) -> bool:
        """Whether its moment has come."""
        return self.at <= at

    def is_true(self, at: datetime) -> bool:
        """Whether it can be told at this moment: it has come, and has not passed."""
        return self.at <= at and (self.ends_at is None or at < self.ends_at)


def plan(standing: Standing, policy: Reminding) -> tuple[Reminder, ...]:
    """Return every reminder that the request has as it now stands, in the order in which they fall due."""
    found: list[Reminder] = []
    if standing.state in CLOSED:
        found.extend(_keeping(standing, policy))
    else:
        for draw in (_receipt, _answer, _extension, _person, _step, _hold, _work, _evidence):
            found.extend(draw(standing, policy))
    found.extend(_hold_again(standing, policy))
    return tuple(sorted(found, key=_order))


def current(reminders: Iterable[Reminder], at: datetime) -> tuple[Reminder, ...]:
    """Return of each thread the latest reminder that is true now."""
    latest: dict[Thread, Reminder] = {}
    for each in sorted(reminders, key=_order):
        if each.is_true(at):
            latest[each.thread] = each
    return tuple(latest.values())


def look_again_at(reminders: Iterable[Reminder], at: datetime) -> datetime | None:
    """Return the next moment at which something falls due or is no longer true, or None."""
    moments = [moment for each in reminders for moment in (each.at, each.ends_at) if moment and moment > at]
    return min(moments, default=None)


def _order(reminder: Reminder) -> tuple[datetime, int, int]:
    return reminder.at, -reminder.days_left, _RANK[reminder.kind]


_RANK = {kind: rank for rank, kind in enumerate(ReminderKind)}


def _receipt(standing: Standing, policy: Reminding) -> Iterator[Reminder]:
    """Where a law wants the receipt confirmed and no confirmation has left: in time, and on the last day."""
    if standing.acknowledgement is None:
        return
    by = standing.acknowledgement.due
    early = _days_before(standing.acknowledgement, policy.acknowledge_days_before, standing)
    yield Reminder(K.ACKNOWLEDGE, by, _morning(early, standing, policy), "early")
    last = standing.work_days.shift(by, LastDayRule.PREVIOUS_WORKING_DAY)
    yield Reminder(K.ACKNOWLEDGE, by, _morning(last, standing, policy), "last")


def _answer(standing: Standing, policy: Reminding) -> Iterator[Reminder]:
    """The thread of the answer. A clock that waits for the person has no date to remind of."""
    answer = standing.answer
    if answer is None or answer.waiting_for is not None:
        return
    due, term = answer.due, answer.due - answer.start
    if term.days:
        target = min(answer.start + timedelta(days=round(term.days * policy.target_share)), answer.aim_for)
        yield Reminder(K.TARGET, due, _morning(target, standing, policy))
        for days in policy.days_before:
            day = _days_before(answer, days, standing)
            if due > day > answer.start + term / 2:
                yield Reminder(K.DAYS_BEFORE, due, _morning(day, standing, policy), str(days), days)
    last = standing.work_days.shift(due, LastDayRule.PREVIOUS_WORKING_DAY)
    step = "" if answer.period else AT_ONCE
    yield Reminder(K.DUE, due, _morning(last, standing, policy), step, days_left=0)
    yield Reminder(K.OVERDUE, due, _midnight_after(due, standing), days_left=-1)


def _extension(standing: Standing, policy: Reminding) -> Iterator[Reminder]:
    """While the law still lets us tell the person that it takes longer; a date that waits needs no extension yet."""
    until, answer = standing.extension_until, standing.answer
    if until is None or answer is None or answer.waiting_for is not None:
        return
    day = max(
        standing.work_days.shift(
            until - timedelta(days=policy.extension_days_before), LastDayRule.PREVIOUS_WORKING_DAY
        ),
        answer.received_on,
    )
    ends = _midnight_after(until, standing)
    yield Reminder(K.EXTENSION, until, _morning(day, standing, policy), ends_at=ends)


def _person(standing: Standing, policy: Reminding) -> Iterator[Reminder]:
    """What only the person can do: confirm before the request closes, answer what we asked."""
    if standing.lapses_on is not None:
        ends = _moment(standing.lapses_on, time(), standing)
        for days in policy.lapse_days_before:
            at = _morning(standing.lapses_on - timedelta(days=days), standing, policy)
            if at > standing.state_since:
                yield Reminder(K.IDENTITY_LAPSING, standing.lapses_on, at, str(days), ends_at=ends)
    if standing.state is RequestState.AWAITING_ANSWER:
        asked_on = standing.state_since.astimezone(standing.zone).date()
        for days in policy.question_days:
            day = asked_on + timedelta(days=days)
            yield Reminder(K.QUESTION, asked_on, _morning(day, standing, policy), str(days))


def _step(standing: Standing, policy: Reminding) -> Iterator[Reminder]:
    """What a state itself waits for: a proof to look at, a period that ends, a day announced."""
    if standing.proof_given_at is not None and standing.state is RequestState.AWAITING_IDENTITY:
        given_on = standing.proof_given_at.astimezone(standing.zone).date()
        yield Reminder(K.PROOF_GIVEN, given_on, _morning(given_on + DAY, standing, policy))
    if standing.waits_until is not None:
        day = standing.waits_until.astimezone(standing.zone).date()
        if standing.state is RequestState.WAITING_PERIOD:
            at = _morning(day - DAY, standing, policy)
            yield Reminder(K.WAITING_ENDS, day, max(at, standing.state_since))
        if standing.state is RequestState.LIFTING_ANNOUNCED:
            at = _morning(day, standing, policy)
            yield Reminder(K.LIFTING_DAY, day, max(at, standing.state_since))


def _hold(standing: Standing, policy: Reminding) -> Iterator[Reminder]:
    """A hold that ends by itself: some days before, so that a court's word can still be asked for, and once it has."""
    if standing.held is None:
        return
    last = standing.held.last_day
    over = _midnight_after(last, standing)
    for days in policy.hold_days_before:
        day = standing.work_days.shift(last - timedelta(days=days), LastDayRule.PREVIOUS_WORKING_DAY)
        yield Reminder(K.HOLD_ENDS, last, _morning(day, standing, policy), str(days), ends_at=over)
    if standing.held.has_ended:
        yield Reminder(K.HOLD_ENDED, last, over, ends_at=over + TOLD_FOR)


def _hold_again(standing: Standing, policy: Reminding) -> Iterator[Reminder]:
    """A hold without a last day, open or closed the request: on its day, and again while nobody looks at it."""
    if standing.hold_again_on is None:
        return
    for later in HOLD_AGAIN_AFTER:
        day = standing.work_days.shift(
            standing.hold_again_on + timedelta(days=later), LastDayRule.PREVIOUS_WORKING_DAY
        )
        yield Reminder(K.HOLD_AGAIN, standing.hold_again_on, _morning(day, standing, policy), str(later))


def _work(standing: Standing, policy: Reminding) -> Iterator[Reminder]:
    """Sources that have not finished, counted from the oldest piece of work that is open, in whatever state it is.

    Where sources are to act and no piece is open, something else holds the request up since it came there.
    """
    since = standing.work_since
    if since is None and FACTS[standing.state].turn is Turn.SOURCES:
        since = standing.state_since
    if since is not None:
        asked_on = since.astimezone(standing.zone).date()
        for days in policy.work_days:
            at = _morning(asked_on + timedelta(days=days), standing, policy)
            yield Reminder(K.WORK_TAKES_LONG, asked_on, at, str(days))


def _evidence(standing: Standing, policy: Reminding) -> Iterator[Reminder]:
    """Proof of identity that is deleted tomorrow: whoever still needs to compare it does so today."""
    if standing.evidence_until is not None:
        day = standing.evidence_until
        at = max(_morning(day - DAY, standing, policy), standing.received_at)
        yield Reminder(K.EVIDENCE, day, at, ends_at=_midnight_after(day, standing))


def _keeping(standing: Standing, policy: Reminding) -> Iterator[Reminder]:
    """A closed request says nothing more until its record is to go, unless a source still owes something."""
    yield from _work(standing, policy)
    yield from _evidence(standing, policy)
    if standing.keep_until is not None:
        day = standing.keep_until - timedelta(days=policy.retention_days_before)
        yield Reminder(K.RETENTION, standing.keep_until, _morning(day, standing, policy))


def _days_before(deadline: Deadline, days: int, standing: Standing) -> date:
    """Go back so many days, business days where the law counts those, to a day on which somebody works."""
    day = deadline.due
    if deadline.period is not None and deadline.period.unit is Unit.BUSINESS_DAYS:
        while days:
            day -= DAY
            days -= not standing.business_days.is_free(day)
        return day
    return standing.work_days.shift(day - timedelta(days=days), LastDayRule.PREVIOUS_WORKING_DAY)


def _morning(day: date, standing: Standing, policy: Reminding) -> datetime:
    """The hour of mail on a day of the law's own clock; never before the request was there."""
    return max(_moment(day, time(policy.hour), standing), standing.received_at)


def _midnight_after(day: date, standing: Standing) -> datetime:
    """The moment at which a day is over where the law counts."""
    return _moment(day + DAY, time(), standing)


def _moment(day: date, hour: time, standing: Standing) -> datetime:
    """In UTC: moments of one zone are compared by their wall clocks, which summer time repeats."""
    return datetime.combine(day, hour, standing.zone).astimezone(UTC)
