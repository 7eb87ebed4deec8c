"""The legal dates of a stored request, always computed from its events."""

from collections.abc import Iterable
from datetime import date, datetime
from functools import partial
from zoneinfo import ZoneInfo

from requests_app import signals
from requests_app.deadlines.clock import (
    ClockEvent,
    Deadline,
    Measure,
    deadline,
    deadline_nowhere,
    earliest_deadline,
)
from requests_app.deadlines.events import EventType
from requests_app.deadlines.terms import NoSuchDate
from requests_app.jurisdictions.load import DEFAULT, jurisdiction, laws_of, right_code
from requests_app.jurisdictions.vocabulary import RightCode
from requests_app.lifecycle.models import ClockEventRecord, Link, SubjectRequest


def events_of(subject_request: SubjectRequest) -> tuple[ClockEvent, ...]:
    """What the clock of this request counts, oldest first."""
    return tuple(
        ClockEvent(type=each.type, at=each.at, until=each.until)
        for each in subject_request.clock_events.all()
    )


def zone_of(subject_request: SubjectRequest) -> ZoneInfo:
    """The time zone of the law that counts the days of this request."""
    return jurisdiction(subject_request.regime).zone


def day_of(subject_request: SubjectRequest, moment: datetime) -> date:
    """The day of a moment as the law of this request counts it."""
    return moment.astimezone(zone_of(subject_request)).date()


def is_nowhere(subject_request: SubjectRequest) -> bool:
    """Whether nobody knows where the person lives, so that the earliest day of every law is kept."""
    by_itself = not subject_request.place and not subject_request.regime_is_chosen
    return by_itself and subject_request.regime == DEFAULT


def appealed(subject_request: SubjectRequest) -> SubjectRequest | None:
    """What an appeal is about; one that was joined with another appeal, what that one is about."""
    about = subject_request.linked_to
    if about is not None and subject_request.link == Link.DUPLICATE and about.link == Link.APPEAL:
        return about.linked_to
    return about if subject_request.link == Link.APPEAL else None


def counted_right(subject_request: SubjectRequest) -> str:
    """The right whose dates count: for an appeal, that of the request it is about."""
    about = appealed(subject_request)
    return about.right if about else subject_request.right


def answer_measure(subject_request: SubjectRequest) -> Measure:
    """Which of the law's dates is the day of our answer."""
    return Measure.APPEAL_RESPONSE if appealed(subject_request) else Measure.RESPONSE


def laws_that_count(subject_request: SubjectRequest) -> tuple[str, ...]:
    """Every law that sets dates for this request: all that protect the person there, unless staff chose one.

    The one with the earliest day answers for the request as a whole, yet a question that stops its clock may not
    stop another's: so each is counted with every event, and the earliest day holds.
    """
    place, regime = subject_request.place, subject_request.regime
    if not place or subject_request.regime_is_chosen:
        return (regime,)
    right, on = right_code(counted_right(subject_request)), subject_request.received_at
    granting = tuple(law.key for law in laws_of(place) if law.grants(right, on))
    return granting if regime in granting else (regime,)


def case_deadline(
    subject_request: SubjectRequest,
    measure: Measure,
    *,
    events: Iterable[ClockEvent] | None = None,
    since: datetime | None = None,
) -> Deadline:
    """One date of this request under its law or laws, counted from the receipt or from another moment.

    Without a place it is the earliest of every law. Raises NoSuchDate where the law sets none.
    """
    counted = events_of(subject_request) if events is None else tuple(events)
    under_laws = partial(
        earliest_deadline, regimes=laws_that_count(subject_request), place=subject_request.place or None
    )
    ask = deadline_nowhere if is_nowhere(subject_request) else under_laws
    return ask(
        measure=measure,
        right=counted_right(subject_request),
        received_at=since or subject_request.received_at,
        events=counted,
    )


def response_deadline(
    subject_request: SubjectRequest, *, events: Iterable[ClockEvent] | None = None
) -> Deadline:
    """The last day on which the answer may be given, with the steps that lead to it.

    An appeal has the term of its law for answering one; where a law knows no appeal to us, our policy's.
    """
    counted = events_of(subject_request) if events is None else tuple(events)
    measure = answer_measure(subject_request)
    try:
        return case_deadline(subject_request, measure, events=counted)
    except NoSuchDate:
        return deadline(
            regime=DEFAULT,
            measure=measure,
            # Our policy answers appeals about every right alike, also about those that it does not grant itself.
            right=right_granted_by(DEFAULT, counted_right(subject_request), subject_request.received_at),
            received_at=subject_request.received_at,
            place=subject_request.place or None,
            events=counted,
        )


def note_event(
    subject_request: SubjectRequest,
    *,
    kind: EventType,
    at: datetime,
    until: date | None = None,
    reason: str = "",
) -> None:
    """Add an event to the clock and bring the stored due date up to date; in the caller's transaction.

    When that moves the date, it is announced, with the `reason` that staff give the person.
    """
    ClockEventRecord.objects.create(
        subject_request=subject_request,
        type=kind,
        at=at,
        until=until,
        position=ClockEventRecord.objects.filter(subject_request=subject_request).count(),
    )
    count_again(subject_request, cause=kind.value, at=at, reason=reason)


def count_again(subject_request: SubjectRequest, *, cause: str, at: datetime, reason: str = "") -> None:
    """Store the day that the clock now gives and announce it if it moved; every move of the date goes through here."""
    before, after = subject_request.response_due_on, response_deadline(subject_request).due
    if before == after:
        return
    SubjectRequest.objects.filter(pk=subject_request.pk).update(response_due_on=after)
    subject_request.response_due_on = after
    signals.due_date_moved.send(
        SubjectRequest,
        subject_request=subject_request,
        before=before,
        after=after,
        cause=cause,
        reason=reason,
        at=at,
    )


def right_granted_by(regime: str, right: str, at: datetime) -> str:
    """The right if the law grants it, or else the right of access, which every law does."""
    law = jurisdiction(regime)
    return right if law.grants(right_code(right), at) else RightCode.ACCESS.value
