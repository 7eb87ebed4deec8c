"""The only way a request is born, whatever door it came through."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parseaddr

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.db import transaction

from requests_app.audit.actors import Actor
from requests_app.deadlines.clock import earliest_deadline
from requests_app.errors import BadInput
from requests_app.jurisdictions.load import jurisdictions_for
from requests_app.lifecycle.known_rights import right as known_right
from requests_app.lifecycle.models import Channel, SubjectRequest, Submission
from requests_app.lifecycle.perform import Opening, open_request
from requests_app.policy.company import COMPANY

NAME_MAX, EMAIL_MAX, DETAILS_MAX = 200, 254, 5000


@dataclass(frozen=True)
class SubjectDetails:
    """The person a request is about, as given."""

    name: str
    email: str
    details: str = ""


def submit_request(
    *,
    channel: Channel,
    right: str,
    subject: SubjectDetails,
    place: str | None,
    language: str,
    received_at: datetime,
    by: Actor,
    answers: Mapping[str, object] | None = None,
) -> SubjectRequest:
    """Open a request for one right. `place` is an ISO 3166-1 or 3166-2 code, or None when the person would not say.

    Several laws may apply: the one with the earliest date answers for the request. Raises BadInput and UnknownRight.
    """
    known_right(right)
    given = _clean(subject)
    with transaction.atomic():
        submission = Submission.objects.create(
            channel=channel,
            received_at=received_at,
            language=language,
            policy_version=COMPANY.policy_version,
            answers=dict(answers or {}),
        )
        opening = Opening(
            submission=submission,
            right=right,
            regime=regime_for(place, right, received_at),
            place=place or "",
            language=language,
            name=given.name,
            email=given.email,
            details=given.details,
        )
        return open_request(opening, by=by, at=received_at)


def _clean(subject: SubjectDetails) -> SubjectDetails:
    texts = (subject.name, subject.email, subject.details)
    if any("\0" in text for text in texts):
        raise BadInput("An answer holds a character that cannot be stored. Please type it again.")
    name, email, details = (text.strip() for text in texts)
    if len(name) > NAME_MAX or len(email) > EMAIL_MAX or len(details) > DETAILS_MAX:
        raise BadInput("An answer is too long.")
    if not name:
        raise BadInput("Enter the name of the person.")
    try:
        EmailValidator()(email)
    except ValidationError:
        raise BadInput("Enter a mail address in the form name@example.com.") from None
    if parseaddr(email)[1] != email:
        raise BadInput("Enter one mail address in the form name@example.com.")
    return SubjectDetails(name, email, details)


def regime_for(place: str | None, right: str, received_at: datetime) -> str:
    """The law that answers for the request: of several that apply, the one with the earliest date."""
    laws = jurisdictions_for(place, right, received_at.date())
    first = earliest_deadline(
        measure="response",
        regimes=[law.key for law in laws],
        right=right,
        received_at=received_at,
        place=place,
    )
    return first.regime
