"""What a request says of whom to look for."""

from collections.abc import Iterable

from fulfillment.traces.person import Identifier, KnownPerson
from requests_app.lifecycle.models import SubjectRequest


def known_of(subject_request: SubjectRequest, more: Iterable[Identifier] = ()) -> KnownPerson:
    """The person of a request: name and address as confirmed, and whatever else is known, first come first kept."""
    own = (
        Identifier("email", subject_request.subject_email, found="the request"),
        Identifier("name", subject_request.subject_name, found="the request"),
    )
    return KnownPerson.known((*own, *more))
