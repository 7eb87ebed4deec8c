"""The person gives a proof, or takes it back: rows and sealed evidence, nothing decided yet."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from requests_app.audit.actors import Actor
from requests_app.audit.record import record
from requests_app.encryption.files import create_sealed, wrapped_file_key
from requests_app.encryption.store import current_store, new_name
from requests_app.identity.base import Material, Method
from requests_app.identity.forget import forget_evidence
from requests_app.identity.models import Evidence, ProofState, Verification
from requests_app.identity.proof_errors import (
    NotWaitingForProof,
    ProofDecided,
    TooManyProofs,
    UnknownProof,
)
from requests_app.identity.uploads import CheckedFile
from requests_app.identity.ways import is_used_up, way
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.perform import locked
from requests_app.lifecycle.states import RequestState


def give_proof(
    *, subject_request_id: UUID, key: str, material: Material, by: Actor, at: datetime
) -> Verification:
    """Keep what the person gave, sealed, until staff have compared it.

    What they gave by the same way before, and nobody has looked at, is replaced. Raises NotWaitingForProof,
    ProofNotOffered, TooManyProofs.
    """
    with transaction.atomic():
        subject_request = locked(subject_request_id)
        if subject_request.state != RequestState.AWAITING_IDENTITY:
            raise NotWaitingForProof
        chosen = way(subject_request, key).method
        if is_used_up(subject_request, chosen):
            raise TooManyProofs
        for earlier in subject_request.verifications.filter(method=key, state=ProofState.GIVEN):
            _take_back(earlier, at=at)
        return keep_proof(subject_request, chosen, material, by=by, at=at)


def keep_proof(
    subject_request: SubjectRequest, method: Method, material: Material, *, by: Actor, at: datetime
) -> Verification:
    """Write down a proof with its sealed evidence, to be decided; in the caller's transaction."""
    verification = _row_for(subject_request, method, at=at)
    _keep(verification, material, days=method.days_kept, at=at)
    record(event="proof.given", target=subject_request, by=by, at=at, facts={"method": method.key})
    return verification


def take_back_proof(*, subject_request_id: UUID, verification_id: UUID, by: Actor, at: datetime) -> None:
    """The person takes a proof back before anybody decided; its evidence goes. Raises UnknownProof, ProofDecided."""
    with transaction.atomic():
        subject_request = locked(subject_request_id)
        verification = verification_of(subject_request, verification_id)
        if verification.state != ProofState.GIVEN:
            raise ProofDecided
        _take_back(verification, at=at)
        facts = {"method": verification.method}
        record(event="proof.taken_back", target=subject_request, by=by, at=at, facts=facts)


def verification_of(subject_request: SubjectRequest, verification_id: UUID) -> Verification:
    """The proof of this request with this id, locked; others do not exist here. Raises UnknownProof."""
    found: Verification | None = (
        subject_request.verifications.select_for_update().filter(pk=verification_id).first()
    )
    if found is None:
        raise UnknownProof
    return found


def _row_for(subject_request: SubjectRequest, method: Method, *, at: datetime) -> Verification:
    """The row that staff asked with, or one of its own, now given."""
    found: Verification | None = subject_request.verifications.filter(
        method=method.key, state=ProofState.ASKED
    ).last()
    verification = found or Verification(subject_request=subject_request, method=method.key, asked_at=at)
    verification.level = method.reach(verification.asked)
    verification.state, verification.given_at = ProofState.GIVEN, at
    verification.delete_on = (at + timedelta(days=method.days_kept)).date()
    verification.save()
    return verification


def _keep(verification: Verification, material: Material, *, days: int, at: datetime) -> None:
    until = (at + timedelta(days=days)).date()
    evidence = Evidence(
        verification=verification,
        answers=dict(material.answers),
        given_at=at,
        delete_on=until,
    )
    if material.file is not None:
        _seal(evidence, material.file)
    evidence.save()


def _seal(evidence: Evidence, file: CheckedFile) -> None:
    """Write the file before its row: one that no row names is removed after a day."""
    name = new_name()
    key = wrapped_file_key(name=name)
    with create_sealed(current_store(), name=name, wrapped_key=key) as sink:
        sink.write(file.content)
    evidence.store_name, evidence.wrapped_key = name, key
    evidence.media_type, evidence.size = file.media_type, len(file.content)


def _take_back(verification: Verification, *, at: datetime) -> None:
    verification.state = ProofState.WITHDRAWN
    verification.save(update_fields=["state"])
    forget_evidence(verification, at=at)
