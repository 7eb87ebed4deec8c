"""How a stored request stands, read from its row, its events, its messages and its law."""

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from requests_app.correspondence.compose import Notice
from requests_app.correspondence.models import Message
from requests_app.deadlines.calendar import add_period
from requests_app.deadlines.clock import ClockEvent
from requests_app.deadlines.result import Deadline, Measure
from requests_app.deadlines.terms import Terms, terms_of
from requests_app.errors import BadInput
from requests_app.identity.lapse import CONFIRM_WITHIN
from requests_app.jurisdictions.load import right_code
from requests_app.jurisdictions.vocabulary import Unit
from requests_app.lifecycle.clock import case_deadline, events_of, response_deadline
from requests_app.lifecycle.models import Link, SubjectRequest
from requests_app.lifecycle.states import RequestState
from requests_app.policy.company import COMPANY
from requests_app.reminders.schedule import Standing

# A code that somebody asked for on our page confirms no receipt.
CODES = (Notice.PORTAL_CODE, Notice.DOWNLOAD_CODE)


def acknowledged(request_ids: Collection[UUID]) -> frozenset[UUID]:
    """Return those of these requests whose person has had a letter from us.

    Any notice says that what was sent is here; the first one asks to confirm it, and names every right of its
    submission. It counts once the mail server has taken it: a letter that waits, or was refused, has told nobody
    anything.
    """
    asked = SubjectRequest.objects.filter(pk__in=request_ids).values_list("pk", "submission_id")
    submission_of = dict(asked)
    sent = Message.objects.filter(sent_at__isnull=False).exclude(notice__in=CODES)
    told = set(
        sent.filter(subject_request__submission__in=set(submission_of.values()))
        .values_list("subject_request__submission_id", flat=True)
        .distinct()
    )
    return frozenset(key for key, submission in submission_of.items() if submission in told)


def standing_of(subject_request: SubjectRequest, *, is_acknowledged: bool) -> Standing:
    """Return how a request stands against the dates of its law and our own."""
    state = RequestState(subject_request.state)
    answer = response_deadline(subject_request)
    terms = terms_of(answer.regime, right_code(answer.right), subject_request.place or None)
    runs = subject_request.state_facts.clock_runs
    return Standing(
        state=state,
        state_since=subject_request.state_since,
        zone=terms.law.zone,
        work_days=terms.work_days,
        business_days=terms.business_days,
        received_at=subject_request.received_at,
        answer=answer if runs else None,
        acknowledgement=None if is_acknowledged or not runs else _acknowledgement(subject_request),
        extension_until=_extension_until(subject_request, answer) if runs else None,
        lapses_at=_lapses_at(subject_request, state),
        waits_until=subject_request.waits_until,
        keep_until=_keep_until(subject_request.closed_at, terms) if subject_request.closed_at else None,
    )


def _acknowledgement(subject_request: SubjectRequest) -> Deadline | None:
    """The law's day for confirming the receipt; an appeal is answered, not confirmed."""
    if subject_request.link == Link.APPEAL:
        return None
    return _of_the_law(Measure.ACKNOWLEDGEMENT, subject_request, ())


def _extension_until(subject_request: SubjectRequest, answer: Deadline) -> date | None:
    """The last day for telling that it takes longer; none where that was told or the law knows no such thing."""
    if answer.extended or subject_request.link == Link.APPEAL:
        return None
    found = _of_the_law(Measure.EXTENSION_NOTICE, subject_request, events_of(subject_request))
    return found.due if found else None


def _of_the_law(
    measure: Measure, subject_request: SubjectRequest, events: tuple[ClockEvent, ...]
) -> Deadline | None:
    try:
        return case_deadline(subject_request, measure, events=events)
    except BadInput:
        return None


def _lapses_at(subject_request: SubjectRequest, state: RequestState) -> datetime | None:
    waits = state is RequestState.AWAITING_IDENTITY
    return subject_request.state_since + CONFIRM_WITHIN if waits else None


def _keep_until(closed_at: datetime, terms: Terms) -> date:
    """The day until which the record of a closed request is kept: the law's, or ours where it names none."""
    keep = terms.law.records.keep
    number, unit = (keep.number, keep.unit) if keep else (COMPANY.reminders.keep_months, Unit.CALENDAR_MONTHS)
    return add_period(closed_at.astimezone(terms.law.zone).date(), number, unit, terms.business_days)
