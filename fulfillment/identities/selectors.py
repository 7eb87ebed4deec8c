"""Questions about what a person is known by."""

from collections.abc import Iterable
from hashlib import sha256

from fulfillment.connectors.query import Identity, SubjectQuery
from fulfillment.datamaps.datamap import DataMap
from fulfillment.identities.models import KnownIdentity
from fulfillment.identities.rules import indexes_of
from fulfillment.identities.states import IdentityState
from requests_app.lifecycle.models import SubjectRequest


def identities_of(subject_request: SubjectRequest) -> list[KnownIdentity]:
    """Everything on the list of a request, whatever was decided about it."""
    return list(subject_request.known_identities.select_related("decided_by"))


def accepted_identities(subject_request: SubjectRequest) -> list[KnownIdentity]:
    """What was accepted, in the order in which it was found; what others share as well is among it, marked."""
    return list(subject_request.known_identities.filter(state=IdentityState.ACCEPTED))


def query_for(subject_request: SubjectRequest) -> SubjectQuery:
    """By what the person is looked for in sources: by accepted identities that are theirs alone."""
    return query_by(accepted_identities(subject_request), subject_request)


def query_by(accepted: Iterable[KnownIdentity], subject_request: SubjectRequest) -> SubjectQuery:
    """The same out of what was accepted, where that is at hand."""
    identities = tuple(Identity(each.kind, each.value) for each in accepted if not each.is_shared)
    return SubjectQuery(identities=identities, reference=subject_request.reference)


def fingerprint(query: SubjectQuery, data_map: DataMap) -> str:
    """A keyed hash of what a source is asked by; it changes when an identity that its map knows comes or goes."""
    return fingerprints(query, data_map)[0]


def fingerprints(query: SubjectQuery, data_map: DataMap) -> tuple[str, ...]:
    """The same by each key that is in use while keys are rotated; `fingerprint` is the first."""
    known = data_map.identity_kinds
    asked = [each for each in query.identities if each.kind in known]
    by_key = zip(*(_marked(each) for each in asked), strict=True) if asked else [()] * len(indexes_of("", ""))
    return tuple(sha256("\n".join(sorted(set(used))).encode()).hexdigest() for used in by_key)


def _marked(identity: Identity) -> list[str]:
    return [f"{identity.kind} {index}" for index in indexes_of(identity.kind, identity.value)]


def identities_to_decide(subject_request: SubjectRequest) -> int:
    """How many wait for a person."""
    found: int = subject_request.known_identities.filter(state=IdentityState.PROPOSED).count()
    return found


def how_known(identity: KnownIdentity) -> str:
    """An identity without its value: `customer number (the key of the person's own record, crm.customers.id)`."""
    place = f", {identity.where}" if identity.where else ""
    return f"{identity.kind.replace('_', ' ')} ({identity.get_found_display().lower()}{place})"
