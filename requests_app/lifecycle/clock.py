"""The legal dates of a stored request, always computed from its events."""

from collections.abc import Iterable
from datetime import datetime

from requests_app.deadlines.clock import ClockEvent, Deadline, deadline
from requests_app.deadlines.events import EventType
from requests_app.lifecycle.models import ClockEventRecord, SubjectRequest


def events_of(subject_request: SubjectRequest) -> tuple[ClockEvent, ...]:
    """What the clock of this request counts, oldest first."""
    return tuple(
        ClockEvent(type=each.type, at=each.at, until=each.until)
        for each in subject_request.clock_events.all()
    )


def response_deadline(
    subject_request: SubjectRequest, *, events: Iterable[ClockEvent] | None = None
) -> Deadline:
    """The last day on which the answer may be given, with the steps that lead to it."""
    counted = events_of(subject_request) if events is None else tuple(events)
    return deadline(
        measure="response",
        regime=subject_request.regime,
        right=subject_request.right,
        received_at=subject_request.received_at,
        place=subject_request.place or None,
        events=counted,
    )


def note_event(subject_request: SubjectRequest, *, kind: EventType, at: datetime) -> None:
    """Add an event to the clock and bring the stored due date up to date; in the caller's transaction."""
    ClockEventRecord.objects.create(subject_request=subject_request, type=kind, at=at)
    due = response_deadline(subject_request).due
    SubjectRequest.objects.filter(pk=subject_request.pk).update(response_due_on=due)
    subject_request.response_due_on = due
