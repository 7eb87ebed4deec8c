"""The request that this session has opened, for the views behind the code."""

from datetime import datetime

from django.http import HttpRequest

from requests_app.accounts.permissions import PORTAL_SESSION_KEY
from requests_app.errors import NotPermitted
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.selectors import by_reference
from requests_app.portal.sessions import opened_reference


class PortalClosed(NotPermitted):
    """The page was closed, by the person or after 20 minutes without use."""

    code = "portal_closed"

    def __init__(self) -> None:
        super().__init__(
            "This page has closed, as nobody used it for 20 minutes. Enter your reference and a new code."
        )


def opened_request(request: HttpRequest, *, at: datetime) -> SubjectRequest:
    """The open request. Raises PortalClosed."""
    reference = opened_reference(request, at=at)
    if reference is None:
        raise PortalClosed
    subject_request = by_reference(reference)
    if subject_request.is_purged:
        raise PortalClosed
    return subject_request


def is_open(request: HttpRequest) -> bool:
    """Whether something is open, without keeping it open."""
    return PORTAL_SESSION_KEY in request.session
