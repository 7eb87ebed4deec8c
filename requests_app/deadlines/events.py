"""What happened to a request, as its clock sees it: questions asked and answered, extensions told."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from requests_app.errors import BadInput


class EventType(StrEnum):
    """Something that may move a date."""

    IDENTITY_REQUESTED = "identity_requested"
    IDENTITY_CONFIRMED = "identity_confirmed"
    CLARIFICATION_REQUESTED = "clarification_requested"
    CLARIFICATION_RECEIVED = "clarification_received"
    FEE_REQUESTED = "fee_requested"
    FEE_PAID = "fee_paid"
    EXTENDED = "extended"
    # We went on without an answer; the question then never stopped anything.
    CLARIFICATION_DROPPED = "clarification_dropped"
    FEE_DROPPED = "fee_dropped"


class Topic(StrEnum):
    """What a question to the person is about."""

    IDENTITY = "identity"
    CLARIFICATION = "clarification"
    FEE = "fee"


ASKS = {
    EventType.IDENTITY_REQUESTED: Topic.IDENTITY,
    EventType.CLARIFICATION_REQUESTED: Topic.CLARIFICATION,
    EventType.FEE_REQUESTED: Topic.FEE,
}
ANSWERS = {
    EventType.IDENTITY_CONFIRMED: Topic.IDENTITY,
    EventType.CLARIFICATION_RECEIVED: Topic.CLARIFICATION,
    EventType.FEE_PAID: Topic.FEE,
}
DROPS = {
    EventType.CLARIFICATION_DROPPED: Topic.CLARIFICATION,
    EventType.FEE_DROPPED: Topic.FEE,
}


class UnknownEvent(BadInput):
    """An event is of no type that a clock knows."""

    code = "unknown_event"


class EventOutOfOrder(BadInput):
    """An answer without its question, or something that happened before the request reached us."""

    code = "event_out_of_order"


class NaiveTime(BadInput):
    """A time does not say in which zone it was."""

    code = "naive_time"


@dataclass(frozen=True, slots=True)
class ClockEvent:
    """One entry of the log; `until` is the day that the notice of an extension named, where it may."""

    type: str
    at: datetime
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """Something asked of the person, and the day of the answer once there is one, or on which we went on without."""

    topic: Topic
    asked_on: date
    answered_on: date | None
    dropped_on: date | None = None


@dataclass(frozen=True, slots=True)
class ExtensionNotice:
    """The person was told, with a reason, that the answer takes longer."""

    told_on: date
    until: date | None


def local_day(moment: datetime, zone: ZoneInfo) -> date:
    """Return the day on which something happened where the law counts. Raises NaiveTime."""
    return checked_time(moment).astimezone(zone).date()


def checked_time(moment: datetime) -> datetime:
    """Return a time that says its zone, in a year that can be counted. Raises NaiveTime, BadInput."""
    if moment.utcoffset() is None:
        raise NaiveTime("A time needs its zone, such as 2026-09-03T10:00:00+02:00; this one has none.")
    if not 1990 <= moment.year < 2200:
        raise BadInput("A time must lie between the years 1990 and 2199.")
    return moment


def read_log(
    events: Iterable[ClockEvent], *, received_at: datetime, zone: ZoneInfo
) -> tuple[Question | ExtensionNotice, ...]:
    """Return questions with their answers, and extension notices, by the day each began.

    The log may come in any order: a letter is often entered days after it came. A question asked again before
    its answer counts from the first time. Raises UnknownEvent, EventOutOfOrder, NaiveTime.
    """
    timed = sorted(
        ((checked_time(each.at), _type_of(each), each) for each in events), key=lambda entry: entry[0]
    )
    if timed and timed[0][0] < received_at:
        raise EventOutOfOrder(f"{_words(timed[0][1])} is dated before the request was received.")
    log: list[Question | ExtensionNotice] = []
    open_since: dict[Topic, date] = {}
    for at, kind, event in timed:
        day = at.astimezone(zone).date()
        if kind in ASKS:
            open_since.setdefault(ASKS[kind], day)
        elif kind in ANSWERS:
            topic = ANSWERS[kind]
            log.append(Question(topic, _asked_on(kind, topic, open_since), answered_on=day))
        elif kind in DROPS:
            topic = DROPS[kind]
            log.append(Question(topic, _asked_on(kind, topic, open_since), None, dropped_on=day))
        else:
            log.append(ExtensionNotice(told_on=day, until=event.until))
    log.extend(Question(topic, asked_on, None) for topic, asked_on in open_since.items())
    return tuple(sorted(log, key=_began_on))


def _asked_on(kind: EventType, topic: Topic, open_since: dict[Topic, date]) -> date:
    if topic not in open_since:
        raise EventOutOfOrder(f"{_words(kind)} has no question before it that is still open.")
    return open_since.pop(topic)


def _type_of(event: ClockEvent) -> EventType:
    try:
        return EventType(event.type)
    except ValueError:
        raise UnknownEvent(f"There is no event “{event.type}”. There are: {', '.join(EventType)}.") from None


def _began_on(entry: Question | ExtensionNotice) -> date:
    return entry.asked_on if isinstance(entry, Question) else entry.told_on


def _words(kind: EventType) -> str:
    return f"The event {kind.value}"
