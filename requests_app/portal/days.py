"""On which day something happened, for the person: in the time zone of the law that counts their days."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from requests_app.jurisdictions.load import jurisdiction
from requests_app.lifecycle.models import SubjectRequest


def zone_of(subject_request: SubjectRequest) -> ZoneInfo:
    """The time zone in which the request's dates are counted, and so the one its pages are written in."""
    return jurisdiction(subject_request.regime).zone


def day_of(subject_request: SubjectRequest, moment: datetime) -> date:
    """The day of a moment as the explained date of the same page counts it."""
    return moment.astimezone(zone_of(subject_request)).date()
