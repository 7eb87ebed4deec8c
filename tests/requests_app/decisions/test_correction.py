"""A correction is decided field by field, and nothing is carried out before the last one is."""

import threading

import pytest
from django.db import connections

from requests_app.audit.actors import Actor
from requests_app.audit.models import AuditEntry
from requests_app.decisions.correction import (
    FieldDecision,
    decide_field,
    decide_fields,
    grant_correction,
    name_fields,
)
from requests_app.decisions.errors import NotBeingWeighed, RoleMayNotDecide, WordsMissing
from requests_app.errors import DomainError
from requests_app.lifecycle.errors import CaseChangedMeanwhile, MoveNotAllowed
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.moves import Move
from requests_app.lifecycle.particulars import Correction, FieldToCorrect
from requests_app.lifecycle.perform import perform
from requests_app.lifecycle.states import RequestState as S
from tests.factories import SYSTEM, a_request_in, piet, rosa
from tests.requests_app.decisions.asking import LATER, NAME, STREET, confirm, unconfirmed, weighing

pytestmark = pytest.mark.django_db
ACCEPTED = FieldDecision(1, "accept")
REJECTED = FieldDecision(2, "reject", "not_inaccurate", "Your passport has it so.")


@pytest.fixture
def rosas() -> Actor:
    return Actor.staff(rosa())


@pytest.fixture
def asked() -> SubjectRequest:
    return weighing("correction", {"fields": [STREET, NAME]})


def _fields(asked: SubjectRequest) -> tuple[FieldToCorrect, ...]:
    return Correction.of(SubjectRequest.objects.get(pk=asked.pk)).fields


def test_a_field_is_accepted_or_rejected_with_a_ground_and_a_reason(
    asked: SubjectRequest, rosas: Actor
) -> None:
    decide_fields(subject_request_id=asked.pk, decisions=[ACCEPTED, REJECTED], by=rosas, at=LATER)
    first, second = _fields(asked)
    assert (first.decision, first.ground) == ("accept", "")
    assert (second.decision, second.ground) == ("reject", "not_inaccurate")
    assert second.note == "Your passport has it so."
    assert (second.wrong, second.right) == ("Astrom", "Åström")


def test_who_decided_is_recorded_without_what_the_field_holds(asked: SubjectRequest, rosas: Actor) -> None:
    decide_field(subject_request_id=asked.pk, decided=ACCEPTED, by=rosas, at=LATER)
    entry = AuditEntry.objects.get(event="correction.field_decided")
    assert entry.actor_key == rosas.key
    assert entry.facts == '{"decision":"accept","number":1}'


def test_the_same_decision_again_is_no_second_one(asked: SubjectRequest, rosas: Actor) -> None:
    for _again in range(2):
        decide_field(subject_request_id=asked.pk, decided=ACCEPTED, by=rosas, at=LATER)
    assert AuditEntry.objects.filter(event="correction.field_decided").count() == 1


@pytest.mark.parametrize(
    ("decided", "words"),
    [
        (FieldDecision(1, "maybe"), "Accept or reject"),
        (FieldDecision(1, "reject", "", "No."), "choose a ground"),
        (FieldDecision(1, "reject", "compelling_grounds", "No."), "choose a ground"),
        (FieldDecision(1, "reject", "not_inaccurate", "  "), "say why"),
        (FieldDecision(3, "accept"), "no field with that number"),
        (FieldDecision(0, "accept"), "no field with that number"),
    ],
)
def test_half_a_decision_is_refused(
    asked: SubjectRequest, rosas: Actor, decided: FieldDecision, words: str
) -> None:
    with pytest.raises(WordsMissing, match=words):
        decide_field(subject_request_id=asked.pk, decided=decided, by=rosas, at=LATER)
    assert [each.decision for each in _fields(asked)] == ["", ""]


def test_whoever_may_not_work_cases_decides_nothing(asked: SubjectRequest) -> None:
    for actor in (Actor.staff(piet()), Actor.subject(asked.reference), SYSTEM):
        with pytest.raises(RoleMayNotDecide):
            decide_field(subject_request_id=asked.pk, decided=ACCEPTED, by=actor, at=LATER)


def test_what_was_accepted_is_carried_out_and_the_rest_is_explained(
    asked: SubjectRequest, rosas: Actor
) -> None:
    decide_fields(subject_request_id=asked.pk, decisions=[ACCEPTED, REJECTED], by=rosas, at=LATER)
    granted = grant_correction(subject_request_id=asked.pk, by=rosas, at=LATER)
    assert granted.state == S.EXECUTING
    assert granted.reason == "Surname: Your passport has it so."
    assert str(granted.decided_by_id) == rosas.key


def test_an_undecided_field_holds_everything_back(asked: SubjectRequest, rosas: Actor) -> None:
    decide_field(subject_request_id=asked.pk, decided=ACCEPTED, by=rosas, at=LATER)
    with pytest.raises(MoveNotAllowed, match="1 of 2 fields are not decided yet"):
        grant_correction(subject_request_id=asked.pk, by=rosas, at=LATER)


def test_a_request_whose_every_field_is_rejected_is_refused_on_that_ground(
    asked: SubjectRequest, rosas: Actor
) -> None:
    first = FieldDecision(1, "reject", "legal_obligation", "The invoice must stay as it was.")
    decide_fields(subject_request_id=asked.pk, decisions=[first, REJECTED], by=rosas, at=LATER)
    refused = grant_correction(subject_request_id=asked.pk, by=rosas, at=LATER)
    assert (refused.state, refused.reason_code) == (S.REFUSED, "legal_obligation")
    assert "The invoice must stay as it was." in refused.reason
    assert "Your passport has it so." in refused.reason


def test_what_was_accepted_in_part_is_not_refused_as_a_whole(asked: SubjectRequest, rosas: Actor) -> None:
    decide_field(subject_request_id=asked.pk, decided=ACCEPTED, by=rosas, at=LATER)
    with pytest.raises(MoveNotAllowed, match="grant that part"):
        perform(
            subject_request_id=asked.pk,
            move=Move.REFUSE,
            by=rosas,
            at=LATER,
            reason="No.",
            given={"code": "excessive"},
        )


def test_fields_are_decided_while_they_are_weighed_only(rosas: Actor) -> None:
    asked = confirm(unconfirmed("correction", {"fields": [STREET]}))
    with pytest.raises(NotBeingWeighed, match="In review"):
        decide_field(subject_request_id=asked.pk, decided=ACCEPTED, by=rosas, at=LATER)


def test_fields_told_in_plain_words_are_named_by_staff_once(rosas: Actor) -> None:
    asked = a_request_in(S.WEIGHING)
    with pytest.raises(MoveNotAllowed, match="No field is named yet"):
        grant_correction(subject_request_id=asked.pk, by=rosas, at=LATER)
    named = [FieldToCorrect(field="Street", right="New Road 2")]
    name_fields(subject_request_id=asked.pk, fields=named, by=rosas, at=LATER)
    assert [each.field for each in _fields(asked)] == ["Street"]
    with pytest.raises(NotBeingWeighed, match="named already"):
        name_fields(subject_request_id=asked.pk, fields=named, by=rosas, at=LATER)
    with pytest.raises(WordsMissing):
        name_fields(subject_request_id=a_request_in(S.WEIGHING).pk, fields=[], by=rosas, at=LATER)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_decide_a_field_at_once_one_wins_and_the_other_is_told() -> None:
    asked = weighing("correction", {"fields": [STREET]})
    people = [Actor.staff(rosa()), Actor.staff(rosa())]
    told: list[str] = []
    start = threading.Barrier(2)

    def decide(by: Actor, decided: FieldDecision) -> None:
        start.wait()
        try:
            decide_field(
                subject_request_id=asked.pk,
                decided=decided,
                by=by,
                at=LATER,
                expected_version=asked.version,
            )
        except DomainError as refused:
            told.append(f"{type(refused).__name__}: {refused.sentence}")
        finally:
            connections.close_all()

    rejected = FieldDecision(1, "reject", "not_inaccurate", "It is right.")
    racers = [
        threading.Thread(target=decide, args=pair) for pair in zip(people, (ACCEPTED, rejected), strict=True)
    ]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()
    assert len(told) == 1
    assert told[0].startswith(CaseChangedMeanwhile.__name__)
    assert "since you opened the page" in told[0]
    assert AuditEntry.objects.filter(event="correction.field_decided").count() == 1
