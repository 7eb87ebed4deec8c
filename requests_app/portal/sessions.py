"""What a browser session has opened: one request, until 20 minutes without use; its downloads, for 30."""

from datetime import UTC, datetime, timedelta

from django.http import HttpRequest

from requests_app.accounts.permissions import PORTAL_SESSION_KEY

IDLE = timedelta(minutes=20)
DOWNLOAD = timedelta(minutes=30)
UNTIL_KEY = "portal_until"
DOWNLOAD_UNTIL_KEY = "portal_download_until"


def open_portal(request: HttpRequest, *, reference: str, at: datetime) -> None:
    """Open one request in this session, under a fresh session id; what was opened before is closed."""
    leave_portal(request)
    request.session.cycle_key()
    request.session[PORTAL_SESSION_KEY] = reference
    request.session[UNTIL_KEY] = (at + IDLE).timestamp()


def opened_reference(request: HttpRequest, *, at: datetime) -> str | None:
    """The reference of the request that is open now; using it keeps it open."""
    if not _is_before(request, UNTIL_KEY, at):
        leave_portal(request)
        return None
    request.session[UNTIL_KEY] = (at + IDLE).timestamp()
    reference: str | None = request.session.get(PORTAL_SESSION_KEY)
    return reference


def unlock_downloads(request: HttpRequest, *, at: datetime) -> None:
    """A fresh code was entered: files of the open request may be fetched for a while."""
    request.session[DOWNLOAD_UNTIL_KEY] = (at + DOWNLOAD).timestamp()


def downloads_open_until(request: HttpRequest, *, at: datetime) -> datetime | None:
    """Until when files may be fetched without another code; None when a code is needed."""
    if not _is_before(request, DOWNLOAD_UNTIL_KEY, at):
        return None
    return datetime.fromtimestamp(request.session[DOWNLOAD_UNTIL_KEY], tz=UTC)


def leave_portal(request: HttpRequest) -> None:
    """Close what is open and forget it."""
    for key in (PORTAL_SESSION_KEY, UNTIL_KEY, DOWNLOAD_UNTIL_KEY):
        request.session.pop(key, None)


def _is_before(request: HttpRequest, key: str, at: datetime) -> bool:
    until = request.session.get(key)
    return isinstance(until, float) and at.timestamp() < until
