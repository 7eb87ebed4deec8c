"""Until when the record of a closed request is kept, with what shows how it was carried out."""

from datetime import date, datetime

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
    answer = response_deadline(subject_request)
    terms = terms_of(answer.regime, right_code(answer.right), subject_request.place or None)
    return last_day_of_record(subject_request.closed_at, terms)


def last_day_of_record(closed_at: datetime, terms: Terms) -> date:
    """Return that day by the law's own rule, or by ours where it names none."""
    keep = terms.law.records.keep
    number, unit = (keep.number, keep.unit) if keep else (COMPANY.reminders.keep_months, Unit.CALENDAR_MONTHS)
    return add_period(closed_at.astimezone(terms.law.zone).date(), number, unit, terms.business_days)
