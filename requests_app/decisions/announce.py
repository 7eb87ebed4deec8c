"""Tell the person of an outward step, in the notice that the table of announcements names."""

from datetime import datetime

from django.conf import settings

from requests_app.correspondence.announcements import Said, said_on
from requests_app.correspondence.answers import arrival_words
from requests_app.correspondence.links import portal_link
from requests_app.correspondence.models import Message
from requests_app.correspondence.write import write_message
from requests_app.decisions.ending import ending_of
from requests_app.identity.follow_up import offered_instead
from requests_app.lifecycle.models import Link, SubjectRequest
from requests_app.lifecycle.moves import Move
from requests_app.lifecycle.states import RequestState


def announce(
    subject_request: SubjectRequest,
    *,
    source: RequestState | None,
    target: RequestState,
    move: Move | None,
    at: datetime,
) -> Message | None:
    """Write the notice of a step, if it has one; in the transaction of the step."""
    said = said_on(subject_request.right, source=source, target=target, move=move)
    if isinstance(said, Said):
        return None
    context = {
        "portal_url": portal_link(),
        "due_on": subject_request.response_due_on,
        "waits_until": subject_request.waits_until,
        "copy_days": settings.BUNDLE_DAYS,
        "arrival": arrival_words(subject_request),
        "reason": subject_request.reason,
        "is_appeal": subject_request.link == Link.APPEAL,
        "ending": ending_of(subject_request),
        "offered": offered_instead(subject_request),
    }
    return write_message(said, subject_request=subject_request, at=at, context=context)
