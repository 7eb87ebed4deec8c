"""Rights in which staff weigh, and those that act at once, from the form's own service to their end."""

from collections.abc import Mapping
from datetime import timedelta

import pytest

from fulfillment.changes.models import ChangeTask
from requests_app.audit.actors import Actor
from requests_app.decisions.balancing import Balance, decide_review, finish_objection, weigh_purposes
from requests_app.decisions.correction import FieldDecision, decide_fields, grant_correction
from requests_app.decisions.lifting import announce_lifting, earliest_lifting, grant_restriction
from requests_app.identity.prove import accept_proof
from requests_app.intake.submit import SubjectDetails, Wanted, submit_requests
from requests_app.lifecycle.models import Channel, IdentityLevel, SubjectRequest
from requests_app.lifecycle.moves import Move
from requests_app.lifecycle.perform import perform
from requests_app.lifecycle.states import RequestState as S
from requests_app.lifecycle.weighed import THE_DECISION, Verdict
from tests.factories import NOON, rosa
from tests.fulfillment.changes.shop import connect, end_all

pytestmark = pytest.mark.django_db
AT = NOON + timedelta(hours=1)
FIELDS = {
    "fields": [
        {"field": "Street", "wrong": "Old Road 1", "right": "New Road 2"},
        {"field": "Surname", "wrong": "Astrom", "right": "Åström"},
    ]
}


@pytest.fixture
def rosas() -> Actor:
    return Actor.staff(rosa())


@pytest.fixture(autouse=True)
def shop() -> None:
    connect()


def _ask(right: str, particulars: Mapping[str, object], *, place: str = "PT") -> list[SubjectRequest]:
    return submit_requests(
        channel=Channel.WEB,
        wanted=[Wanted(right, particulars)],
        subject=SubjectDetails(name="Ada Åström", email="ada@example.org"),
        place=place,
        language="en",
        received_at=NOON,
        by=Actor.subject("web"),
    )


def _confirmed(right: str, particulars: Mapping[str, object]) -> SubjectRequest:
    (asked,) = _ask(right, particulars)
    assert asked.state == S.AWAITING_IDENTITY
    return accept_proof(
        subject_request_id=asked.pk, level=IdentityLevel.CHANNEL, by=Actor.subject(asked.reference), at=AT
    )


def _weigh(asked: SubjectRequest, by: Actor) -> SubjectRequest:
    return perform(subject_request_id=asked.pk, move=Move.WEIGH, by=by, at=AT)


def _end(asked: SubjectRequest) -> tuple[str, str]:
    end_all(asked)
    after = SubjectRequest.objects.get(pk=asked.pk)
    return after.state, after.outcome


def _open(asked: SubjectRequest) -> list[str]:
    found = ChangeTask.objects.filter(subject_request=asked, state="open")
    return sorted(found.values_list("kind", flat=True))


def test_a_correction_granted_in_part(rosas: Actor) -> None:
    asked = _weigh(_confirmed("correction", FIELDS), rosas)
    assert _open(asked) == ["restrict_meanwhile"]
    rejected = FieldDecision(2, "reject", "not_inaccurate", "Your passport has it so.")
    decisions = [FieldDecision(1, "accept"), rejected]
    decide_fields(subject_request_id=asked.pk, decisions=decisions, by=rosas, at=AT)
    grant_correction(subject_request_id=asked.pk, by=rosas, at=AT)
    task = ChangeTask.objects.get(subject_request=asked, kind="correct")
    assert [each.field for each in task.instructions.fields] == ["Street"]
    assert _end(asked) == (S.COMPLETED, "partly")


def test_a_correction_refused_for_every_field(rosas: Actor) -> None:
    asked = _weigh(_confirmed("correction", FIELDS), rosas)
    both = [FieldDecision(number, "reject", "not_inaccurate", "It is right.") for number in (1, 2)]
    decide_fields(subject_request_id=asked.pk, decisions=both, by=rosas, at=AT)
    refused = grant_correction(subject_request_id=asked.pk, by=rosas, at=AT)
    assert (refused.state, refused.reason_code) == (S.REFUSED, "not_inaccurate")


def test_an_objection_to_marketing_and_another_use_goes_two_ways(rosas: Actor) -> None:
    both = _ask("objection", {"purposes": ["marketing", "provide_services"], "reasons": "Mine."})
    for each in both:
        accept_proof(
            subject_request_id=each.pk, level=IdentityLevel.CHANNEL, by=Actor.subject(each.reference), at=AT
        )
    states = {
        tuple(each.particulars["purposes"]): SubjectRequest.objects.get(pk=each.pk).state for each in both
    }
    assert states == {("marketing",): S.EXECUTING, ("provide_services",): S.IN_REVIEW}
    absolute, other = sorted(both, key=lambda each: "marketing" not in each.particulars["purposes"])
    assert _end(absolute) == (S.COMPLETED, "granted")
    _weigh(other, rosas)
    won = Balance("provide_services", "a", "b", "c", Verdict.FOR_PERSON)
    weigh_purposes(subject_request_id=other.pk, balances=[won], by=rosas, at=AT)
    finish_objection(subject_request_id=other.pk, by=rosas, at=AT)
    assert _end(other) == (S.COMPLETED, "granted")


def test_an_objection_that_our_grounds_outweigh(rosas: Actor) -> None:
    asked = _weigh(_confirmed("objection", {"purposes": ["provide_services"], "reasons": "Mine."}), rosas)
    lost = Balance("provide_services", "a", "b", "c", Verdict.FOR_US, "compelling_grounds")
    weigh_purposes(subject_request_id=asked.pk, balances=[lost], by=rosas, at=AT)
    refused = finish_objection(subject_request_id=asked.pk, by=rosas, at=AT)
    assert (refused.state, refused.reason_code) == (S.REFUSED, "compelling_grounds")


def test_a_consent_taken_back() -> None:
    asked = _confirmed("withdraw_consent", {"consents": ["marketing"]})
    assert asked.state == S.EXECUTING
    (task,) = ChangeTask.objects.filter(subject_request=asked)
    assert task.instructions.purposes == ("marketing",)
    assert _end(asked) == (S.COMPLETED, "granted")


@pytest.mark.parametrize("right", ["opt_out_sale_share", "limit_sensitive"])
def test_an_opt_out_acts_on_receipt_and_fraud_calls_it_off(right: str, rosas: Actor) -> None:
    (asked,), (forged,) = _ask(right, {}, place="US-CA"), _ask(right, {}, place="US-CA")
    assert asked.state == S.EXECUTING
    assert _end(asked) == (S.COMPLETED, "granted")
    refused = perform(
        subject_request_id=forged.pk,
        move=Move.REFUSE,
        by=rosas,
        at=AT,
        reason="Forty of these came in one minute.",
        given={"code": "fraudulent_opt_out"},
    )
    assert refused.state == S.REFUSED
    assert _open(forged) == []


def test_a_restriction_from_its_ground_to_its_announced_end(rosas: Actor) -> None:
    asked = _confirmed("restriction", {"ground": "claims", "what": "My invoices"})
    grant_restriction(subject_request_id=asked.pk, ground="claims", what="", by=rosas, at=AT)
    assert _end(asked) == (S.IN_FORCE, "granted")
    in_force = SubjectRequest.objects.get(pk=asked.pk)
    day = earliest_lifting(in_force, at=AT)
    announced = announce_lifting(subject_request=in_force, on=day, reason="It is over.", by=rosas, at=AT)
    perform(subject_request_id=asked.pk, move=Move.LIFT, by=rosas, at=announced.waits_until)
    assert _open(asked) == ["lift_restriction"]
    assert _end(asked)[0] == S.COMPLETED


@pytest.mark.parametrize(
    ("verdict", "change", "outcome"),
    [(Verdict.FOR_PERSON, "Open it again.", "granted"), (Verdict.FOR_US, "", "not_changed")],
)
def test_a_machines_decision_reviewed_by_a_person(
    rosas: Actor, verdict: str, change: str, outcome: str
) -> None:
    said = {"decision": "Closed by a score.", "view": "I was away."}
    asked = _weigh(_confirmed("automated_decision", said), rosas)
    balance = Balance(THE_DECISION, "a", "b", "c", verdict, change=change)
    decide_review(subject_request_id=asked.pk, balance=balance, by=rosas, at=AT)
    assert _end(asked) == (S.COMPLETED, outcome)
