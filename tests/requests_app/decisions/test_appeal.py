"""Appeals: one at a time, in time or late, decided by somebody new; upheld, the first request is taken up again."""

from datetime import timedelta

import pytest

from requests_app.audit.actors import Actor
from requests_app.correspondence.notices import Notice
from requests_app.decisions.appeal import AppealNotPossible, appeals_against, is_late, open_appeal
from requests_app.decisions.correction import FieldDecision, decide_field
from requests_app.decisions.ways import can_be_appealed
from requests_app.errors import BadInput
from requests_app.identity.ask import mark_sensitive
from requests_app.identity.decide import reject_verification
from requests_app.identity.lapse import lapse_unconfirmed
from requests_app.identity.prove import accept_proof
from requests_app.lifecycle.errors import MoveNotAllowed
from requests_app.lifecycle.models import Asker, Channel, IdentityLevel, Link, Outcome, SubjectRequest
from requests_app.lifecycle.moves import Move
from requests_app.lifecycle.perform import perform
from requests_app.lifecycle.states import RequestState
from requests_app.roles import Role
from tests.factories import NOON, SYSTEM, a_request_in, ada_asks, rosa, staff
from tests.proofs import SOON, asked_for_another, confirmed, given
from tests.requests_app.decisions.asking import NAME, weighing

S = RequestState
pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(days=2)


def _appeals(first: SubjectRequest, *, at=LATER, **more) -> SubjectRequest:
    by = Actor.subject(first.reference)
    return open_appeal(subject_request_id=first.pk, reason="You do hold my invoices.", by=by, at=at, **more)


def _moved(subject_request: SubjectRequest, move: Move, member, **given) -> SubjectRequest:
    return perform(
        subject_request_id=subject_request.pk,
        move=move,
        by=Actor.staff(member),
        at=LATER + timedelta(hours=1),
        reason="The invoices are in the archive.",
        given=given or None,
    )


def test_an_appeal_is_a_request_of_its_own_that_points_to_the_first() -> None:
    first = a_request_in(S.REFUSED)
    appeal = _appeals(first)
    assert (appeal.right, appeal.link, appeal.linked_to_id) == ("appeal", Link.APPEAL, first.pk)
    assert appeal.reference != first.reference
    assert (appeal.regime, appeal.place, appeal.language) == (first.regime, first.place, first.language)
    assert (appeal.subject_email, appeal.details) == (first.subject_email, "You do hold my invoices.")
    assert appeal.state == S.IN_REVIEW, "who is on the page of the first request is proven already"
    assert appeal.received_at == LATER
    assert appeal.response_due_on > LATER.date()
    assert appeal.messages.get().notice == Notice.RECEIVED
    assert SubjectRequest.objects.get(pk=first.pk).state == S.REFUSED


def test_an_appeal_through_an_agent_keeps_the_mandate_and_the_law_that_staff_chose() -> None:
    asked = asked_for_another(Asker.AGENT)
    SubjectRequest.objects.filter(pk=asked.pk).update(regime_is_chosen=True)
    accept_proof(subject_request_id=asked.pk, level=IdentityLevel.CHANNEL, by=SYSTEM, at=NOON, standing=True)
    first = _moved(asked, Move.REFUSE, rosa(), code="no_data_held")
    appeal = _appeals(first)
    assert appeal.state == S.IN_REVIEW, "a mandate that was accepted is not asked for again"
    assert (appeal.asked_by, appeal.standing_proven_at, appeal.regime_is_chosen) == (Asker.AGENT, NOON, True)


def test_only_one_appeal_about_an_answer() -> None:
    first = a_request_in(S.REFUSED)
    appeal = _appeals(first)
    with pytest.raises(AppealNotPossible, match=appeal.reference):
        _appeals(first)
    by = Actor.subject(appeal.reference)
    perform(subject_request_id=appeal.pk, move=Move.WITHDRAW, by=by, at=LATER)
    _appeals(first)
    assert appeals_against(first).count() == 2


@pytest.mark.parametrize("state", [S.IN_REVIEW, S.WITHDRAWN, S.LAPSED, S.FORWARDED])
def test_without_an_answer_there_is_no_appeal(state: RequestState) -> None:
    with pytest.raises(AppealNotPossible, match="no answer"):
        _appeals(a_request_in(state))


def test_a_lapse_counts_as_a_refusal_where_the_law_knows_appeals() -> None:
    appeal = _appeals(a_request_in(S.LAPSED, place="US-VA"))
    assert appeal.identity_level == IdentityLevel.CHANNEL


def test_an_appeal_against_an_appeal_is_not_taken() -> None:
    appeal = _appeals(a_request_in(S.REFUSED))
    appeal = _moved(appeal, Move.WEIGH, rosa())
    appeal = _moved(appeal, Move.REFUSE, rosa(), code="no_data_held")
    with pytest.raises(AppealNotPossible):
        _appeals(appeal)


def test_an_appeal_says_something() -> None:
    first = a_request_in(S.REFUSED)
    with pytest.raises(BadInput):
        open_appeal(subject_request_id=first.pk, reason="  ", by=Actor.subject(first.reference), at=LATER)


def test_a_late_appeal_is_taken_in_and_marked() -> None:
    first = a_request_in(S.REFUSED)
    assert not is_late(_appeals(first, at=NOON + timedelta(days=60)))
    late = _appeals(a_request_in(S.REFUSED), at=NOON + timedelta(days=62))
    assert is_late(late)
    assert late.state == S.IN_REVIEW


def test_staff_take_in_a_letter_with_the_day_on_which_it_came() -> None:
    first = a_request_in(S.REFUSED)
    appeal = open_appeal(
        subject_request_id=first.pk,
        reason="By letter.",
        by=Actor.staff(rosa()),
        at=LATER + timedelta(days=3),
        channel=Channel.POST,
        received_at=LATER,
    )
    assert (appeal.submission.channel, appeal.received_at) == (Channel.POST, LATER)
    assert appeal.identity_level == first.identity_level


def test_who_decided_first_does_not_decide_the_appeal() -> None:
    first = a_request_in(S.REFUSED)
    appeal = _moved(_appeals(first), Move.WEIGH, rosa())
    with pytest.raises(MoveNotAllowed, match="another person"):
        _moved(appeal, Move.UPHOLD_APPEAL, first.decided_by)


def test_who_decided_a_part_of_the_first_answer_does_not_decide_the_appeal() -> None:
    asked = weighing("correction", {"fields": [NAME]})
    part = FieldDecision(1, "reject", "not_inaccurate", "Your passport has it so.")
    kim = staff("Kim Clerk", Role.CASE_WORKER)
    asked = decide_field(subject_request_id=asked.pk, decided=part, by=Actor.staff(kim), at=LATER)
    first = _moved(asked, Move.REFUSE, rosa(), code="not_inaccurate")
    with pytest.raises(MoveNotAllowed, match="You took part"):
        _moved(_appeals(first), Move.WEIGH, kim)


def test_who_rejected_the_proof_does_not_decide_about_the_lapse_that_followed() -> None:
    asked, kim = ada_asks(place="US-VA"), staff("Kim Clerk", Role.CASE_WORKER)
    mark_sensitive(subject_request_id=asked.pk, is_sensitive=True, by=Actor.staff(rosa()), at=NOON)
    proof = given(confirmed(asked))
    which = {"subject_request_id": asked.pk, "verification_id": proof.pk}
    reject_verification(**which, reason="The invoice is not yours.", by=Actor.staff(kim), at=SOON)
    assert lapse_unconfirmed(at=SOON + timedelta(days=15)) == 1
    first = SubjectRequest.objects.get(pk=asked.pk)
    appeal = _appeals(first, at=first.state_since)
    with pytest.raises(MoveNotAllowed, match="You took part"):
        perform(subject_request_id=appeal.pk, move=Move.WEIGH, by=Actor.staff(kim), at=first.state_since)


@pytest.mark.parametrize(
    ("right", "outcome", "is_open"),
    [
        ("access", Outcome.GRANTED, False),
        ("access", Outcome.PARTLY, True),
        ("deletion", Outcome.GRANTED, False),
        ("automated_decision", Outcome.NOT_CHANGED, True),
        # What answers a complaint is an opinion.
        ("complaint", Outcome.GRANTED, True),
    ],
)
def test_there_is_no_appeal_against_getting_everything(right: str, outcome: Outcome, is_open: bool) -> None:
    answered = SubjectRequest(right=right, regime="us-va", state=S.COMPLETED, outcome=outcome)
    assert can_be_appealed(answered) is is_open


def test_upheld_the_first_request_goes_on_under_a_reference_of_its_own() -> None:
    first = a_request_in(S.REFUSED)
    other = staff("Nadia New", Role.CASE_WORKER)
    appeal = _moved(_moved(_appeals(first), Move.WEIGH, other), Move.UPHOLD_APPEAL, other)
    assert (appeal.state, appeal.outcome) == (S.COMPLETED, Outcome.GRANTED)
    follow_up = SubjectRequest.objects.get(linked_to=appeal, link=Link.FOLLOW_UP)
    assert (follow_up.right, follow_up.state) == (first.right, S.IN_REVIEW)
    assert follow_up.identity_level == first.identity_level
    assert follow_up.received_at == LATER + timedelta(hours=1)
    told = appeal.messages.order_by("written_at").last()
    assert told.notice == Notice.ANSWERED
    assert "Your appeal was successful" in told.text
    assert "It follows from your appeal" in follow_up.messages.get().text


def test_a_refused_appeal_names_the_first_laws_ground_and_the_regulator() -> None:
    appeal = _moved(_appeals(a_request_in(S.REFUSED)), Move.WEIGH, rosa())
    refused = _moved(appeal, Move.REFUSE, rosa(), code="no_data_held")
    text = refused.messages.order_by("written_at").last().text
    assert "decided as before" in text
    assert "supervisory authority" in text
    assert "ask us to decide again" not in text
