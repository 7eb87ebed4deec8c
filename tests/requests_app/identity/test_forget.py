"""Evidence is gone on its day, file and words, and when its request ends."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from requests_app.audit.actors import Actor
from requests_app.audit.models import AuditEntry
from requests_app.encryption.orphans import models_with_files
from requests_app.identity.decide import accept_verification
from requests_app.identity.forget import forget_due_evidence
from requests_app.identity.give import take_back_proof
from requests_app.identity.lapse import lapse_unconfirmed
from requests_app.identity.models import Evidence, ProofState
from requests_app.identity.time_left import lapses_on
from requests_app.lifecycle.moves import Move
from requests_app.lifecycle.perform import perform
from tests.factories import rosa
from tests.proofs import SOON, by_ada, given, marks, waiting

pytestmark = pytest.mark.django_db


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_on_its_day_the_file_and_the_words_are_gone(
    store_folder: Path, django_capture_on_commit_callbacks: Any
) -> None:
    document, answers = given(waiting(), "document"), given(waiting(email="b@example.org"))
    with django_capture_on_commit_callbacks(execute=True):
        assert forget_due_evidence(at=SOON + timedelta(days=13)) == 0
    assert len(_files(store_folder)) == 1
    with django_capture_on_commit_callbacks(execute=True):
        assert forget_due_evidence(at=SOON + timedelta(days=14)) == 1
    assert _files(store_folder) == []
    assert forget_due_evidence(at=SOON + timedelta(days=30)) == 1
    assert forget_due_evidence(at=SOON + timedelta(days=31)) == 0
    for proof in (document, answers):
        kept = proof.evidence.get()
        assert (kept.answers, kept.store_name, bytes(kept.wrapped_key)) == ({}, "", b"")
        proof.refresh_from_db()
        assert proof.state == ProofState.WITHDRAWN
    assert AuditEntry.objects.filter(event="evidence.deleted").count() == 2


def test_a_proof_that_nobody_looked_at_costs_the_person_nothing() -> None:
    asked = waiting()
    given(asked, "document", at=SOON + timedelta(days=1))
    ended = SOON + timedelta(days=16)
    assert forget_due_evidence(at=ended) == 1
    assert lapse_unconfirmed(at=ended + timedelta(minutes=5)) == 0
    told = asked.messages.get(notice="proof_rejected")
    assert "our delay" in told.text
    assert lapses_on(asked) == (ended + timedelta(days=14)).date()
    assert given(asked, "document", at=ended + timedelta(days=1)).state == ProofState.GIVEN


def test_what_the_person_took_back_gives_no_more_time() -> None:
    asked = waiting()
    proof = given(asked, "document")
    taken = {"subject_request_id": asked.pk, "verification_id": proof.pk}
    take_back_proof(**taken, by=by_ada(asked), at=SOON + timedelta(days=9))
    assert lapses_on(asked) == (SOON + timedelta(days=14)).date()
    assert lapse_unconfirmed(at=SOON + timedelta(days=14)) == 1


def test_nothing_is_asked_again_of_whoever_was_proven_otherwise() -> None:
    asked = waiting()
    given(asked, "document")
    proof = given(asked)
    accept = {"subject_request_id": asked.pk, "verification_id": proof.pk, "marks": marks(3)}
    accept_verification(**accept, by=Actor.staff(rosa()), at=SOON)
    forget_due_evidence(at=SOON + timedelta(days=20))
    assert not asked.messages.filter(notice="proof_rejected").exists()


def test_when_the_request_ends_nothing_of_it_stays(
    store_folder: Path, django_capture_on_commit_callbacks: Any
) -> None:
    asked = waiting()
    proofs = [given(asked, "document"), given(asked)]
    with django_capture_on_commit_callbacks(execute=True):
        perform(subject_request_id=asked.pk, move=Move.WITHDRAW, by=by_ada(asked), at=SOON)
    assert _files(store_folder) == []
    assert Evidence.objects.filter(deleted_at=None).count() == 0
    for proof in proofs:
        proof.refresh_from_db()
        assert proof.state == ProofState.WITHDRAWN


def test_a_file_that_was_sealed_shows_nothing_of_itself(store_folder: Path) -> None:
    given(waiting(), "document")
    content = _files(store_folder)[0].read_bytes()
    assert b"JFIF" not in content
    assert Evidence in models_with_files()
