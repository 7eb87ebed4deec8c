"""Proofs are given, compared by staff who may, and counted for what they are worth; evidence goes."""

from pathlib import Path

import pytest

from requests_app.audit.actors import Actor
from requests_app.audit.models import AuditEntry
from requests_app.errors import NotPermitted
from requests_app.identity.base import Material
from requests_app.identity.decide import accept_verification, look_at_evidence, reject_verification
from requests_app.identity.give import give_proof, take_back_proof
from requests_app.identity.models import ProofState, Verification
from requests_app.identity.proof_errors import (
    EvidenceGone,
    NotWaitingForProof,
    ProofDecided,
    ProofNotEnough,
    ProofNotOffered,
    TooManyProofs,
    UnknownProof,
)
from requests_app.identity.ways import ways_for
from requests_app.lifecycle.errors import ReasonMissing
from requests_app.lifecycle.models import Asker, IdentityLevel, SubjectRequest
from requests_app.lifecycle.states import RequestState as S
from requests_app.roles import Role
from tests.factories import a_request_in, ada_asks, piet, rosa, staff
from tests.proofs import ANSWERS, SOON, asked_for_another, by_ada, confirmed, given, marks, waiting

# Files go when their transaction is committed.
pytestmark = pytest.mark.django_db
COMPARED = {"name_matches": "on", "other_matches": "on", "is_sound": "on"}


def _accept(proof: Verification, sent: dict[str, str], by: Actor | None = None) -> SubjectRequest:
    return accept_verification(
        subject_request_id=proof.subject_request_id,
        verification_id=proof.pk,
        marks=sent,
        by=by or Actor.staff(rosa()),
        at=SOON,
    )


def _reject(proof: Verification, reason: str = "It is blurred.", by: Actor | None = None) -> Verification:
    return reject_verification(
        subject_request_id=proof.subject_request_id,
        verification_id=proof.pk,
        reason=reason,
        by=by or Actor.staff(rosa()),
        at=SOON,
    )


def test_three_points_and_the_declaration_give_the_highest_level() -> None:
    accepted = _accept(given(waiting()), marks(3))
    assert (accepted.identity_level, accepted.state) == (IdentityLevel.HIGH, S.IN_REVIEW)


def test_two_points_give_the_reasonable_level_which_california_does_not_take_for_a_copy() -> None:
    accepted = _accept(given(waiting()), marks(2))
    assert (accepted.identity_level, accepted.state) == (IdentityLevel.REASONABLE, S.AWAITING_IDENTITY)
    assert accepted.messages.filter(notice="proof_needed").count() == 2


def test_two_points_are_enough_for_a_deletion_there() -> None:
    assert _accept(given(waiting("deletion")), marks(2)).state == S.IN_REVIEW


def test_one_point_gives_nothing() -> None:
    proof = given(waiting())
    with pytest.raises(ProofNotEnough):
        _accept(proof, marks(1))
    proof.refresh_from_db()
    assert proof.state == ProofState.GIVEN
    assert proof.subject_request.identity_level == IdentityLevel.CHANNEL


@pytest.mark.parametrize("sent", [{}, {"last_invoice": "perhaps"}, dict.fromkeys(ANSWERS, "")])
def test_an_answer_without_a_mark_is_not_a_match(sent: dict[str, str]) -> None:
    with pytest.raises(ProofNotEnough):
        _accept(given(waiting()), sent)


def test_marks_for_points_that_were_not_answered_score_nothing() -> None:
    asked = waiting()
    proof = given(asked)
    evidence = proof.evidence.get()
    evidence.answers = {**evidence.answers, "points": dict(list(ANSWERS.items())[:2])}
    evidence.save()
    more = {**marks(3), "card_end": "matches", "birthday": "matches", "home": "matches"}
    assert _accept(proof, more).identity_level == IdentityLevel.REASONABLE


def test_a_document_is_gone_with_the_decision_and_gives_the_highest_level(
    store_folder: Path, django_capture_on_commit_callbacks: object
) -> None:
    proof = given(waiting(), "document")
    assert [path for path in store_folder.rglob("*") if path.is_file()]
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        accepted = _accept(proof, COMPARED)
    assert accepted.identity_level == IdentityLevel.HIGH
    assert [path for path in store_folder.rglob("*") if path.is_file()] == []
    gone = proof.evidence.get()
    assert (gone.store_name, bytes(gone.wrapped_key), gone.size, gone.answers) == ("", b"", 0, {})
    assert gone.deleted_at == SOON


@pytest.mark.parametrize("left_out", COMPARED)
def test_a_document_counts_only_when_everything_was_compared(left_out: str) -> None:
    sent = {key: value for key, value in COMPARED.items() if key != left_out}
    with pytest.raises(ProofNotEnough):
        _accept(given(waiting(), "document"), sent)


def test_a_rejected_document_is_gone_too_and_the_person_reads_why() -> None:
    proof = _reject(given(waiting(), "document"))
    assert proof.evidence.get().deleted_at == SOON
    told = proof.subject_request.messages.get(notice="proof_rejected")
    assert "It is blurred." in told.text
    assert proof.subject_request.identity_level == IdentityLevel.CHANNEL


def test_the_paper_of_a_guardian_is_gone_with_the_decision() -> None:
    proof = _reject(given(confirmed(asked_for_another(Asker.GUARDIAN)), "guardian_proof"))
    assert proof.evidence.get().deleted_at == SOON


def test_a_rejection_says_why() -> None:
    with pytest.raises(ReasonMissing):
        _reject(given(waiting()), "  ")


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.CASE_WORKER, Role.PRIVACY_LEAD)])
def test_only_who_works_cases_looks_accepts_or_rejects(role: Role) -> None:
    proof, by = given(waiting()), Actor.staff(staff("Sam", role))
    with pytest.raises(NotPermitted):
        _accept(proof, marks(3), by)
    with pytest.raises(NotPermitted):
        _reject(proof, by=by)
    with pytest.raises(NotPermitted):
        look_at_evidence(
            subject_request_id=proof.subject_request_id, verification_id=proof.pk, by=by, at=SOON
        )
    proof.refresh_from_db()
    assert proof.state == ProofState.GIVEN
    assert proof.subject_request.identity_level == IdentityLevel.CHANNEL


def test_the_person_cannot_accept_their_own_proof() -> None:
    proof = given(waiting())
    with pytest.raises(NotPermitted):
        _accept(proof, marks(3), by_ada(proof.subject_request))


def test_somebody_elses_proof_does_not_exist_here() -> None:
    mine, other = waiting(), waiting(email="bob@example.org")
    proof = given(other)
    with pytest.raises(UnknownProof):
        accept_verification(
            subject_request_id=mine.pk,
            verification_id=proof.pk,
            marks=marks(3),
            by=Actor.staff(rosa()),
            at=SOON,
        )
    with pytest.raises(UnknownProof):
        take_back_proof(subject_request_id=mine.pk, verification_id=proof.pk, by=by_ada(mine), at=SOON)


def test_a_proof_is_decided_once() -> None:
    proof = given(waiting("deletion"))
    _accept(proof, marks(2))
    for again in (lambda: _accept(proof, marks(3)), lambda: _reject(proof)):
        with pytest.raises(ProofDecided):
            again()


def test_nothing_counts_after_the_evidence_is_gone() -> None:
    proof = given(waiting())
    proof.evidence.update(deleted_at=SOON)
    with pytest.raises(EvidenceGone):
        _accept(proof, marks(3))


def test_each_look_is_recorded_without_what_was_seen() -> None:
    proof, by = given(waiting()), Actor.staff(rosa())
    for _ in range(2):
        look_at_evidence(
            subject_request_id=proof.subject_request_id, verification_id=proof.pk, by=by, at=SOON
        )
    seen = AuditEntry.objects.filter(event="evidence.seen")
    assert [entry.actor_key for entry in seen] == [by.key, by.key]
    assert "INV-2024" not in "".join(AuditEntry.objects.values_list("facts", flat=True))


def test_a_second_proof_of_the_same_kind_replaces_the_first_and_its_evidence() -> None:
    asked = waiting()
    first, second = given(asked), given(asked)
    first.refresh_from_db()
    assert (first.state, second.state) == (ProofState.WITHDRAWN, ProofState.GIVEN)
    assert first.evidence.get().deleted_at == SOON


def test_after_three_that_did_not_match_this_way_is_closed() -> None:
    asked = waiting()
    for _ in range(3):
        _reject(given(asked))
    with pytest.raises(TooManyProofs):
        given(asked)
    assert given(asked, "document")


def test_the_person_takes_a_proof_back() -> None:
    proof = given(waiting())
    asked = proof.subject_request
    take_back_proof(subject_request_id=asked.pk, verification_id=proof.pk, by=by_ada(asked), at=SOON)
    assert proof.evidence.get().answers == {}
    with pytest.raises(ProofDecided):
        take_back_proof(subject_request_id=asked.pk, verification_id=proof.pk, by=by_ada(asked), at=SOON)


def test_nothing_is_taken_before_the_address_is_confirmed() -> None:
    asked = ada_asks(place="US-CA")
    assert ways_for(asked) == []
    with pytest.raises(ProofNotOffered):
        given(asked)


@pytest.mark.parametrize("state", [S.IN_REVIEW, S.REFUSED, S.WITHDRAWN, S.LAPSED])
def test_nothing_is_taken_when_nobody_waits_for_it(state: S) -> None:
    with pytest.raises(NotWaitingForProof):
        given(a_request_in(state))


def test_a_proof_that_nobody_offers_is_not_taken() -> None:
    asked = waiting()
    for key in ("mailed_code", "signed_in_account", "agent_mandate", "guardian_proof", "nonsense"):
        with pytest.raises(ProofNotOffered):
            give_proof(
                subject_request_id=asked.pk,
                key=key,
                material=Material(),
                by=by_ada(asked),
                at=SOON,
            )


def test_an_approver_alone_proves_nothing() -> None:
    with pytest.raises(NotPermitted):
        _accept(given(waiting()), marks(3), Actor.staff(piet()))
