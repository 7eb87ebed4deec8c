"""Show whom a change concerns, so that the right records are found: recorded each time, hidden again by itself."""

from datetime import datetime, timedelta

from django.contrib.sessions.backends.base import SessionBase

from fulfillment.changes.end import may_carry_out
from fulfillment.changes.models import ChangeTask
from fulfillment.changes.start import PRIVACY_TEAM
from requests_app.audit.actors import Actor
from requests_app.audit.record import record
from requests_app.errors import NotPermitted

SHOWN_FOR = timedelta(minutes=30)
_KEY = "shown_changes"


def show_person(*, task: ChangeTask, by: Actor, at: datetime, session: SessionBase) -> None:
    """Let this session see what one change looks for. Raises NotPermitted; nothing is shown of a change that ended."""
    if not may_carry_out(task, by) or not task.is_open:
        raise NotPermitted(
            "Whom a change concerns is shown to those who carry it out, while it is to be done."
        )
    facts = {"source": task.source.key if task.source else PRIVACY_TEAM}
    record(event="change.person_shown", target=task.subject_request, by=by, at=at, facts=facts)
    still_shown = {key: until for key, until in session.get(_KEY, {}).items() if until > at.timestamp()}
    session[_KEY] = {**still_shown, str(task.pk): (at + SHOWN_FOR).timestamp()}


def person_is_shown(task: ChangeTask, *, session: SessionBase, at: datetime) -> bool:
    """Say whether this session may still see whom a change concerns."""
    return task.is_open and bool(session.get(_KEY, {}).get(str(task.pk), 0) > at.timestamp())
