"""The one door for every move."""

import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, connections, transaction

from requests_app.audit.actors import Actor
from requests_app.audit.models import AuditEntry
from requests_app.errors import NotPermitted
from requests_app.lifecycle.errors import (
    CaseChangedMeanwhile,
    MoveNotAllowed,
    MoveNotPermitted,
    ReasonMissing,
)
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.moves import Move
from requests_app.lifecycle.perform import perform
from requests_app.lifecycle.states import RequestState
from requests_app.signals import state_changed
from tests.factories import NOON, a_request_in, ada_asks, piet, rosa

pytestmark = pytest.mark.django_db


def test_a_new_request_waits_for_its_confirmation_and_has_a_legal_date() -> None:
    subject_request = ada_asks(place="PT")
    assert subject_request.state == RequestState.AWAITING_IDENTITY
    assert subject_request.regime == "eu-gdpr"
    assert subject_request.received_at == NOON
    assert subject_request.response_due_on.isoformat() == "2026-12-03"


def test_every_move_raises_the_version_and_is_recorded() -> None:
    before = ada_asks()
    after = a_request_in(RequestState.IN_REVIEW)
    assert after.version == before.version + 2
    events = AuditEntry.objects.filter(target_id=str(after.pk)).order_by("id").values_list("event", flat=True)
    assert list(events) == [
        "request.received",
        "code.mailed",
        "request.identity_asked",
        "request.proof_added",
        "request.identity_confirmed",
        "letter.written",
        "identity.noted",
    ]


def test_a_move_out_of_another_state_is_refused_with_a_sentence() -> None:
    subject_request = a_request_in(RequestState.IN_REVIEW)
    with pytest.raises(MoveNotAllowed, match="This request is in “In review”"):
        perform(
            subject_request_id=subject_request.pk, move=Move.FINISH_REVIEW, by=Actor.staff(rosa()), at=NOON
        )


def test_a_role_that_may_not_is_refused_before_anything_else() -> None:
    subject_request = a_request_in(RequestState.IN_REVIEW)
    with pytest.raises(MoveNotPermitted, match="It is for: Case worker, Privacy lead"):
        perform(subject_request_id=subject_request.pk, move=Move.APPROVE, by=Actor.staff(piet()), at=NOON)


def test_nothing_is_approved_before_the_identity_is_proven() -> None:
    subject_request = ada_asks()
    with pytest.raises(MoveNotAllowed):
        perform(subject_request_id=subject_request.pk, move=Move.APPROVE, by=Actor.staff(rosa()), at=NOON)


def test_a_refusal_needs_a_reason() -> None:
    subject_request = a_request_in(RequestState.IN_REVIEW)
    with pytest.raises(ReasonMissing):
        perform(
            subject_request_id=subject_request.pk,
            move=Move.REFUSE,
            by=Actor.staff(rosa()),
            at=NOON,
            given={"code": "no_data_held"},
        )


def test_a_version_that_is_not_the_one_looked_at_is_refused() -> None:
    subject_request = a_request_in(RequestState.IN_REVIEW)
    with pytest.raises(CaseChangedMeanwhile):
        perform(
            subject_request_id=subject_request.pk,
            move=Move.REFUSE,
            by=Actor.staff(rosa()),
            at=NOON,
            reason="No.",
            expected_version=subject_request.version - 1,
        )


def test_the_state_cannot_be_assigned() -> None:
    subject_request = ada_asks()
    with pytest.raises(AttributeError):
        subject_request.state = RequestState.READY


def test_the_database_refuses_a_state_that_no_move_named() -> None:
    subject_request = ada_asks()
    with pytest.raises(IntegrityError, match="by a move only"), transaction.atomic():
        SubjectRequest.objects.filter(pk=subject_request.pk).update(state="ready")


def test_the_database_refuses_a_request_born_in_another_state() -> None:
    subject_request = ada_asks()
    with (
        pytest.raises(IntegrityError, match="begins as received"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "INSERT INTO requests_app_subjectrequest SELECT (jsonb_populate_record(r, "
            "jsonb_build_object('id', gen_random_uuid(), 'reference', 'OM-XXXX-XXXX', 'state', 'ready'))).* "
            "FROM requests_app_subjectrequest r WHERE id = %s",
            [subject_request.pk],
        )


def test_the_database_keeps_right_and_receipt() -> None:
    subject_request = ada_asks()
    with pytest.raises(IntegrityError, match="never change"), transaction.atomic():
        SubjectRequest.objects.filter(pk=subject_request.pk).update(received_at=NOON + timedelta(days=9))


def test_a_failing_receiver_takes_the_move_back() -> None:
    subject_request = a_request_in(RequestState.IN_REVIEW)

    def fail(**_announcement: object) -> None:
        raise LookupError("the follow-up cannot be written")

    state_changed.connect(fail)
    try:
        with pytest.raises(LookupError):
            perform(
                subject_request_id=subject_request.pk,
                move=Move.REFUSE,
                by=Actor.staff(rosa()),
                at=NOON,
                reason="No.",
                given={"code": "no_data_held"},
            )
    finally:
        state_changed.disconnect(fail)
    assert SubjectRequest.objects.get(pk=subject_request.pk).state == RequestState.IN_REVIEW
    assert not AuditEntry.objects.filter(event="request.refused").exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_people_who_move_one_request_at_once_one_wins() -> None:
    subject_request = a_request_in(RequestState.IN_REVIEW)
    outcomes: list[str] = []
    together = threading.Barrier(2)

    def refuse(by: Actor) -> None:
        together.wait()
        try:
            perform(
                subject_request_id=subject_request.pk,
                move=Move.REFUSE,
                by=by,
                at=NOON,
                reason="No.",
                given={"code": "no_data_held"},
                expected_version=subject_request.version,
            )
            outcomes.append("won")
        except (CaseChangedMeanwhile, MoveNotAllowed) as refusal:
            outcomes.append(refusal.code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=refuse, args=[Actor.staff(rosa())]) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["changed_meanwhile", "won"]


def test_nobody_moves_the_request_of_another_person() -> None:
    hers, his = ada_asks(), ada_asks(email="bob@example.org")
    with pytest.raises(NotPermitted):
        perform(subject_request_id=hers.pk, move=Move.WITHDRAW, by=Actor.subject(his.reference), at=NOON)
    perform(subject_request_id=hers.pk, move=Move.WITHDRAW, by=Actor.subject(hers.reference), at=NOON)
