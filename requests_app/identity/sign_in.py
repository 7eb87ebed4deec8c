"""The sign-in at the company counts as a proof when its verified address is that of the request."""

import hmac
from datetime import datetime
from uuid import UUID

from django.db import transaction

from requests_app.audit.actors import Actor
from requests_app.audit.record import record
from requests_app.encryption.blind_index import blind_index
from requests_app.identity.base import method
from requests_app.identity.models import ProofState, Verification
from requests_app.identity.oidc import AddressDiffers
from requests_app.identity.prove import accept_proof
from requests_app.identity.ways import way
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.perform import locked

SIGNED_IN = "signed_in_account"


def accept_sign_in(*, subject_request_id: UUID, address: str, by: Actor, at: datetime) -> SubjectRequest:
    """Let a sign-in count. `address` is the verified one of the account. Raises AddressDiffers, ProofNotOffered."""
    with transaction.atomic():
        subject_request = locked(subject_request_id)
        way(subject_request, SIGNED_IN)
        matches = hmac.compare_digest(
            blind_index("email", address), blind_index("email", subject_request.contact_address)
        )
        if matches:
            return _accepted(subject_request, by=by, at=at)
        facts = {"method": SIGNED_IN}
        record(event="proof.did_not_match", target=subject_request, by=by, at=at, facts=facts)
    # Outside: what was recorded stays.
    raise AddressDiffers


def _accepted(subject_request: SubjectRequest, *, by: Actor, at: datetime) -> SubjectRequest:
    level = method(SIGNED_IN).reaches
    Verification.objects.create(
        subject_request=subject_request,
        method=SIGNED_IN,
        level=level,
        state=ProofState.ACCEPTED,
        asked_at=at,
        given_at=at,
        decided_at=at,
    )
    facts = {"method": SIGNED_IN, "level": level.name.lower()}
    record(event="proof.accepted", target=subject_request, by=by, at=at, facts=facts)
    return accept_proof(subject_request_id=subject_request.pk, level=level, by=by, at=at)
