"""Staff look at a proof, accept it or reject it."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from requests_app.audit.actors import Actor
from requests_app.audit.record import record
from requests_app.correspondence.links import portal_link
from requests_app.correspondence.notices import Notice
from requests_app.correspondence.write import write_message
from requests_app.encryption.files import open_sealed
from requests_app.encryption.store import current_store
from requests_app.errors import NotPermitted
from requests_app.identity.base import Proves, method
from requests_app.identity.forget import forget_evidence
from requests_app.identity.give import verification_of
from requests_app.identity.models import Evidence, ProofState, Verification
from requests_app.identity.proof_errors import (
    EvidenceGone,
    NotWaitingForProof,
    ProofDecided,
    ProofNotEnough,
)
from requests_app.identity.prove import accept_proof
from requests_app.identity.time_left import lapses_on
from requests_app.lifecycle.errors import ReasonMissing
from requests_app.lifecycle.models import IdentityLevel, SubjectRequest
from requests_app.lifecycle.perform import locked
from requests_app.lifecycle.states import RequestState
from requests_app.roles import Permission, permissions_of


def require_case_worker(by: Actor) -> None:
    """Raise NotPermitted for anyone whose role does not work cases."""
    if Permission.WORK_CASES not in permissions_of(by.roles):
        raise NotPermitted("Your role does not allow this. Proofs are looked at by those who work the cases.")


def look_at_evidence(
    *, subject_request_id: UUID, verification_id: UUID, by: Actor, at: datetime
) -> Verification:
    """Record that a member of staff looks at what was given. Raises NotPermitted, UnknownProof, EvidenceGone."""
    require_case_worker(by)
    with transaction.atomic():
        subject_request = locked(subject_request_id)
        verification = verification_of(subject_request, verification_id)
        evidence_of(verification)
        facts = {"method": verification.method}
        record(event="evidence.seen", target=subject_request, by=by, at=at, facts=facts)
        return verification


def file_chunks(evidence: Evidence) -> Iterator[bytes]:
    """The file of a piece of evidence, opened. Raises EvidenceGone."""
    if not evidence.store_name:
        raise EvidenceGone
    with open_sealed(
        current_store(), name=evidence.store_name, wrapped_key=bytes(evidence.wrapped_key)
    ) as opened:
        yield from opened.chunks()


def accept_verification(
    *, subject_request_id: UUID, verification_id: UUID, marks: Mapping[str, Any], by: Actor, at: datetime
) -> SubjectRequest:
    """Let a proof count for what the staff's marks are worth; the request goes on when nothing is missing.

    Raises NotPermitted, UnknownProof, ProofDecided, EvidenceGone, ProofNotEnough, NotWaitingForProof.
    """
    require_case_worker(by)
    with transaction.atomic():
        subject_request, verification = _undecided(subject_request_id, verification_id)
        chosen = method(verification.method)
        answers = evidence_of(verification).answers
        form = chosen.staff_form(answers, data=marks)
        if not form.is_valid():
            raise ProofNotEnough
        return count_proof(subject_request, verification, level=chosen.worth(form, answers), by=by, at=at)


def count_proof(
    subject_request: SubjectRequest,
    verification: Verification,
    *,
    level: IdentityLevel,
    by: Actor,
    at: datetime,
) -> SubjectRequest:
    """Accept a proof at a level, never more than its method reaches; in the caller's transaction."""
    chosen = method(verification.method)
    standing = chosen.proves is Proves.STANDING
    if level > chosen.reaches or (level == IdentityLevel.NONE and not standing):
        raise ProofNotEnough
    _decide(verification, ProofState.ACCEPTED, by=by, at=at, level=level)
    facts = {"method": verification.method, "level": level.name.lower()}
    record(event="proof.accepted", target=subject_request, by=by, at=at, facts=facts)
    return accept_proof(subject_request_id=subject_request.pk, level=level, by=by, at=at, standing=standing)


def evidence_of(verification: Verification) -> Evidence:
    """What was given and is still there. Raises EvidenceGone."""
    found: Evidence | None = verification.evidence.filter(deleted_at=None).last()
    if found is None:
        raise EvidenceGone
    return found


def reject_verification(
    *, subject_request_id: UUID, verification_id: UUID, reason: str, by: Actor, at: datetime
) -> Verification:
    """Refuse a proof and tell the person why; they can give another. Raises as accepting does, and ReasonMissing."""
    require_case_worker(by)
    if not reason.strip():
        raise ReasonMissing("Say why, in a sentence; the person reads it.")
    with transaction.atomic():
        subject_request, verification = _undecided(subject_request_id, verification_id)
        verification.reason = reason.strip()
        _decide(verification, ProofState.REJECTED, by=by, at=at, level=IdentityLevel.NONE)
        facts = {"method": verification.method}
        record(event="proof.rejected", target=subject_request, by=by, at=at, facts=facts)
        context = {
            "portal_url": portal_link(),
            "lapses_on": lapses_on(subject_request),
            "why": verification.reason,
        }
        write_message(Notice.PROOF_REJECTED, subject_request=subject_request, at=at, context=context)
        return verification


def _undecided(subject_request_id: UUID, verification_id: UUID) -> tuple[SubjectRequest, Verification]:
    subject_request = locked(subject_request_id)
    verification = verification_of(subject_request, verification_id)
    if verification.state != ProofState.GIVEN:
        raise ProofDecided
    if subject_request.state != RequestState.AWAITING_IDENTITY:
        raise NotWaitingForProof
    return subject_request, verification


def _decide(
    verification: Verification, state: ProofState, *, by: Actor, at: datetime, level: IdentityLevel
) -> None:
    verification.state, verification.decided_at = state, at
    verification.decided_by_id = by.staff_id
    verification.level = level
    verification.save()
    if method(verification.method).gone_at_decision:
        forget_evidence(verification, at=at, by=by)
