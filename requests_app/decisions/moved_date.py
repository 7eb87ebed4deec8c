"""Tell the person that the day of our answer has moved, and why: once for each move, whatever moved it."""

from datetime import date, datetime

from requests_app.correspondence.compose import Notice
from requests_app.correspondence.links import portal_link
from requests_app.correspondence.write import write_message
from requests_app.deadlines.explain import for_person
from requests_app.decisions.models import MovedDate
from requests_app.lifecycle.clock import response_deadline
from requests_app.lifecycle.models import SubjectRequest


def tell_of_moved_date(
    *,
    subject_request: SubjectRequest,
    before: date,
    after: date,
    cause: str,
    reason: str,
    at: datetime,
) -> MovedDate | None:
    """Keep the move for the person's page and write to them; nothing once no answer is owed any more.

    An extension counts only if the person is told of it with its reason (Art. 12(3) GDPR and its like).
    """
    if not subject_request.state_facts.clock_runs:
        return None
    moved = MovedDate.objects.create(
        subject_request=subject_request, before=before, after=after, cause=cause, reason=reason, at=at
    )
    context = {
        "portal_url": portal_link(),
        "moved": moved,
        "is_later": after > before,
        "why": for_person(response_deadline(subject_request)),
    }
    write_message(Notice.DATE_MOVED, subject_request=subject_request, at=at, context=context)
    return moved
