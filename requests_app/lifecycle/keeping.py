"""Until when the record of a closed request is kept, and what was found for it."""

from datetime import date, datetime, timedelta

from requests_app.deadlines.calendar import add_period
from requests_app.deadlines.terms import Terms, terms_of
from requests_app.jurisdictions.load import right_code
from requests_app.jurisdictions.vocabulary import Unit
from requests_app.lifecycle.clock import response_deadline
from requests_app.lifecycle.models import SubjectRequest
from requests_app.policy.company import COMPANY


def kept_until(subject_request: SubjectRequest) -> date | None:
    """Return the day on which the record of a request may go; None while it is open."""
    if subject_request.closed_at is None:
        return None
    return last_day_of_record(subject_request.closed_at, _terms(subject_request))


def findings_kept_until(subject_request: SubjectRequest) -> date | None:
    """Return the day on which what sources returned may go; None while the request is open.

    Some laws have the data that were asked for kept as long as the person can turn to somebody.
    """
    if subject_request.closed_at is None:
        return None
    terms = _terms(subject_request)
    record = last_day_of_record(subject_request.closed_at, terms)
    if terms.law.records.keeps_data:
        return record
    days = timedelta(days=COMPANY.keeping.findings_days)
    return min(record, subject_request.closed_at.astimezone(terms.law.zone).date() + days)


def _terms(subject_request: SubjectRequest) -> Terms:
    answer = response_deadline(subject_request)
    return terms_of(answer.regime, right_code(answer.right), subject_request.place or None)


def last_day_of_record(closed_at: datetime, terms: Terms) -> date:
    """Return that day by the law's own rule, or by ours where it names none."""
    keep = terms.law.records.keep
    number, unit = (keep.number, keep.unit) if keep else (COMPANY.keeping.record_months, Unit.CALENDAR_MONTHS)
    return add_period(closed_at.astimezone(terms.law.zone).date(), number, unit, terms.business_days)
