"""Show who a request is about: recorded each time, and hidden again by itself."""

from datetime import datetime, timedelta

from django.contrib.sessions.backends.base import SessionBase

from requests_app.audit.actors import Actor
from requests_app.audit.record import record
from requests_app.errors import NotPermitted
from requests_app.lifecycle.models import SubjectRequest
from requests_app.roles import Permission, permissions_of

SHOWN_FOR = timedelta(minutes=10)
_KEY = "shown_names"


def reveal_person(*, subject_request: SubjectRequest, by: Actor, at: datetime, session: SessionBase) -> None:
    """Let this session see name and address of one request for ten minutes. Raises NotPermitted."""
    if Permission.REVEAL_PERSON not in permissions_of(by.roles):
        raise NotPermitted("Your role does not allow seeing who a request is about.")
    record(event="person.revealed", target=subject_request, by=by, at=at)
    still_shown = {key: until for key, until in session.get(_KEY, {}).items() if until > at.timestamp()}
    session[_KEY] = {**still_shown, str(subject_request.pk): (at + SHOWN_FOR).timestamp()}


def is_revealed(subject_request: SubjectRequest, *, session: SessionBase, at: datetime) -> bool:
    """Say whether this session may still see who the request is about."""
    until = session.get(_KEY, {}).get(str(subject_request.pk), 0)
    return bool(until > at.timestamp())
