"""What a request says of whom to look for."""

from fulfillment.identities.selectors import accepted_identities
from fulfillment.traces.person import Identifier, KnownPerson
from requests_app.lifecycle.models import SubjectRequest


def known_of(subject_request: SubjectRequest) -> KnownPerson:
    """The person of a request: by the name given, which alone proves nobody, and every identity that was accepted."""
    own = (
        Identifier(each.kind, each.value, shared=each.is_shared, found=each.found)
        for each in accepted_identities(subject_request)
    )
    name = Identifier("name", subject_request.subject_name, found="given")
    return KnownPerson.known((*own, name))
