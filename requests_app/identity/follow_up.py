"""What a law has us offer in place of a right that could not be verified: another one, linked, without any proof."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from requests_app.audit.actors import Actor
from requests_app.errors import DomainError
from requests_app.lifecycle.models import Asker, Link, SubjectRequest
from requests_app.lifecycle.perform import Opening, locked, open_request
from requests_app.lifecycle.proof import lesser_answer
from requests_app.lifecycle.states import RequestState


class NothingOffered(DomainError):
    """The law offers nothing in place of this request, or not now."""

    code = "nothing_offered"

    def __init__(self) -> None:
        super().__init__("There is nothing to ask for in place of this request.")


def offered_instead(subject_request: SubjectRequest) -> str:
    """The code of the right that is offered once this request has lapsed, or nothing (11 CCR 7022(g))."""
    lesser = lesser_answer(subject_request)
    if subject_request.state != RequestState.LAPSED or lesser is None:
        return ""
    return lesser.right


def opened_instead(subject_request: SubjectRequest) -> SubjectRequest | None:
    """The request that was opened in place of this one, if any."""
    found: SubjectRequest | None = subject_request.linked.filter(
        link=Link.FOLLOW_UP, right=offered_instead(subject_request)
    ).first()
    return found


def ask_instead(*, subject_request_id: UUID, by: Actor, at: datetime) -> SubjectRequest:
    """Open what is offered, once; asked again, it returns the one there is. Raises NothingOffered."""
    with transaction.atomic():
        lapsed = locked(subject_request_id)
        right = offered_instead(lapsed)
        if not right:
            raise NothingOffered
        already = opened_instead(lapsed)
        if already is not None:
            return already
        opening = Opening(
            submission=lapsed.submission,
            right=right,
            regime=lapsed.regime,
            place=lapsed.place,
            language=lapsed.language,
            name=lapsed.subject_name,
            email=lapsed.subject_email,
            asked_by=Asker(lapsed.asked_by),
            asker_name=lapsed.asker_name,
            asker_email=lapsed.asker_email,
            linked_to=lapsed,
            link=Link.FOLLOW_UP,
            received_at=at,
        )
        return open_request(opening, by=by, at=at)
