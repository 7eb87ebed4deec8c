"""The legal dates of a stored request, always computed from its events."""

from collections.abc import Iterable
from datetime import date, datetime
from functools import partial

from requests_app.deadlines.clock import ClockEvent, Deadline, Measure, deadline
from requests_app.deadlines.events import EventType
from requests_app.deadlines.terms import NoSuchDate
from requests_app.jurisdictions.load import DEFAULT
from requests_app.lifecycle.models import ClockEventRecord, Link, SubjectRequest


def events_of(subject_request: SubjectRequest) -> tuple[ClockEvent, ...]:
    """What the clock of this request counts, oldest first."""
    return tuple(
        ClockEvent(type=each.type, at=each.at, until=each.until)
        for each in subject_request.clock_events.all()
    )


def response_deadline(
    subject_request: SubjectRequest, *, events: Iterable[ClockEvent] | None = None
) -> Deadline:
    """The last day on which the answer may be given, with the steps that lead to it.

    An appeal has the term of its law for answering one; where a law knows no appeal to us, our policy's.
    """
    counted = events_of(subject_request) if events is None else tuple(events)
    about = subject_request.linked_to if subject_request.link == Link.APPEAL else None
    ask = partial(
        deadline,
        measure=Measure.APPEAL_RESPONSE if about else Measure.RESPONSE,
        right=about.right if about else subject_request.right,
        received_at=subject_request.received_at,
        place=subject_request.place or None,
        events=counted,
    )
    try:
        return ask(regime=subject_request.regime)
    except NoSuchDate:
        return ask(regime=DEFAULT)


def note_event(
    subject_request: SubjectRequest, *, kind: EventType, at: datetime, until: date | None = None
) -> None:
    """Add an event to the clock and bring the stored due date up to date; in the caller's transaction."""
    ClockEventRecord.objects.create(subject_request=subject_request, type=kind, at=at, until=until)
    due = response_deadline(subject_request).due
    SubjectRequest.objects.filter(pk=subject_request.pk).update(response_due_on=due)
    subject_request.response_due_on = due
