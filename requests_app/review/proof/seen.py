"""Evidence is shown to one session, for ten minutes after it asked, and each asking is recorded."""

from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.sessions.backends.base import SessionBase

SHOWN_FOR = timedelta(minutes=10)
_KEY = "shown_evidence"


def show_evidence(verification_id: UUID, *, session: SessionBase, at: datetime) -> None:
    """Let this session see what was given for one proof."""
    still = {key: until for key, until in session.get(_KEY, {}).items() if until > at.timestamp()}
    session[_KEY] = {**still, str(verification_id): (at + SHOWN_FOR).timestamp()}


def is_shown(verification_id: UUID, *, session: SessionBase, at: datetime) -> bool:
    """Whether this session may see it now."""
    return bool(session.get(_KEY, {}).get(str(verification_id), 0) > at.timestamp())
