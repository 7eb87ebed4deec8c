"""Pass a request on to the organisation that decides about the data, where we only process them for it."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from requests_app.audit.actors import Actor
from requests_app.decisions.models import PassedOn
from requests_app.errors import BadInput
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.moves import Move
from requests_app.lifecycle.perform import perform


def pass_on(
    *,
    subject_request_id: UUID,
    name: str,
    contact: str,
    reason: str,
    by: Actor,
    at: datetime,
    expected_version: int | None = None,
) -> SubjectRequest:
    """Close a request as passed on; the person reads who decides and how to reach them.

    Article 28(3)(e) GDPR and its likes: a processor helps the controller to answer, and does not answer itself.
    Raises BadInput and what `perform` raises.
    """
    named, reached = name.strip(), contact.strip()
    if not named or not reached or "\0" in named + reached:
        raise BadInput("Say to whom the request was passed on, and how the person reaches them.")
    with transaction.atomic():
        # First the row, so that the notice of the step can name it; a refused move takes it back.
        PassedOn.objects.update_or_create(
            subject_request_id=subject_request_id, defaults={"name": named, "contact": reached, "at": at}
        )
        return perform(
            subject_request_id=subject_request_id,
            move=Move.FORWARD,
            by=by,
            at=at,
            reason=reason,
            expected_version=expected_version,
        )


def passed_on_to(subject_request: SubjectRequest) -> PassedOn | None:
    """Return to whom a request was passed on, or None."""
    return PassedOn.objects.filter(subject_request_id=subject_request.pk).first()
