"""Write down what a request itself says of whom it means: its address, and what else was given with it."""

from collections.abc import Mapping
from datetime import datetime

from fulfillment.identities.add import SYSTEM, NewIdentity, propose
from fulfillment.identities.errors import UnfitIdentity
from fulfillment.identities.rules import checked_identity, is_shared_mailbox
from fulfillment.identities.states import Doubt, Found
from requests_app.encryption.blind_index import normalised
from requests_app.identity.together import UNPROVEN
from requests_app.lifecycle.models import IdentityLevel, SubjectRequest
from requests_app.lifecycle.proof import demanded

# Under this name a submission's answers hold what else the person said they are known by: {kind: value}.
KNOWN_BY = "known_by"


def note_own_identities(*, subject_request: SubjectRequest, at: datetime) -> None:
    """Take the address once its proof is there, and what else was given as proposals; safe to repeat."""
    if subject_request.state in UNPROVEN or subject_request.is_closed:
        return
    found, doubt = _address(subject_request)
    address = NewIdentity("email", subject_request.subject_email, found, doubt=doubt)
    propose(subject_request=subject_request, new=[address, *_given(subject_request)], by=SYSTEM, at=at)


def _address(subject_request: SubjectRequest) -> tuple[Found, Doubt]:
    """How surely the address is the person's. A guardian proves their own, and says what the child's is."""
    address = subject_request.subject_email
    proved = normalised("email", subject_request.contact_address) == normalised("email", address)
    shared = Doubt.SHARED_MAILBOX if is_shared_mailbox(address) else Doubt.NONE
    if proved and subject_request.identity_level >= IdentityLevel.CHANNEL:
        return Found.PROVED, shared
    if demanded(subject_request) is IdentityLevel.NONE:
        return Found.NO_PROOF, shared
    return Found.GIVEN, Doubt.UNPROVEN


def _given(subject_request: SubjectRequest) -> list[NewIdentity]:
    answers = subject_request.submission.answers
    told = answers.get(KNOWN_BY) if isinstance(answers, Mapping) else None
    given = []
    for kind, value in told.items() if isinstance(told, Mapping) else ():
        try:
            kind, value = checked_identity(str(kind), str(value))
        except UnfitIdentity:
            # What nobody can be searched by stays in the answers, where staff read it.
            continue
        given.append(NewIdentity(kind, value, Found.GIVEN, doubt=Doubt.UNPROVEN))
    return given
