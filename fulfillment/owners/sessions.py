"""What a browser session has opened of an owner: one task, until an hour without use."""

from datetime import datetime, timedelta
from uuid import UUID

from django.http import HttpRequest

from fulfillment.owners.models import OwnerTask
from requests_app.accounts.middleware import second_factor_shown
from requests_app.accounts.models import StaffMember
from requests_app.accounts.permissions import OWNER_SESSION_KEY

IDLE = timedelta(hours=1)
UNTIL_KEY = "owner_until"


def open_session(request: HttpRequest, task: OwnerTask, *, at: datetime) -> None:
    """Open one task in this session, under a fresh session id; what was opened before is closed."""
    request.session.cycle_key()
    request.session[OWNER_SESSION_KEY] = str(task.pk)
    request.session[UNTIL_KEY] = (at + IDLE).timestamp()


def opened_task(request: HttpRequest, *, at: datetime) -> OwnerTask | None:
    """The task that is open now, whatever its state; using it keeps it open."""
    until, key = request.session.get(UNTIL_KEY), request.session.get(OWNER_SESSION_KEY)
    if not isinstance(until, float) or at.timestamp() >= until or not key:
        leave_session(request)
        return None
    request.session[UNTIL_KEY] = (at + IDLE).timestamp()
    found = OwnerTask.objects.select_related("source", "subject_request", "map_version")
    return found.filter(pk=UUID(key)).first()


def leave_session(request: HttpRequest) -> None:
    """Close what is open and forget it."""
    for key in (OWNER_SESSION_KEY, UNTIL_KEY):
        request.session.pop(key, None)


def is_signed_in_owner(request: HttpRequest, task: OwnerTask) -> bool:
    """Whether the owner is signed in here with an account of the same address and a second factor."""
    user = request.user
    return (
        isinstance(user, StaffMember)
        and user.is_active
        and user.email.casefold() == task.owner_address.casefold()
        and second_factor_shown(request, user)
    )
