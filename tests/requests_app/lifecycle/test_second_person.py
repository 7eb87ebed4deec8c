"""What the company's policy has two people agree to, nobody decides alone."""

from dataclasses import replace
from typing import ClassVar

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import rule, run_state_machine_as_test

from requests_app.audit.actors import Actor, ActorKind
from requests_app.audit.models import AuditEntry
from requests_app.decisions.errors import NothingToPropose
from requests_app.decisions.propose import propose_decision
from requests_app.errors import DomainError
from requests_app.lifecycle import second_person
from requests_app.lifecycle.errors import MoveNotAllowed, MoveNotPermitted
from requests_app.lifecycle.known_rights import RIGHTS
from requests_app.lifecycle.models import Outcome, SubjectRequest
from requests_app.lifecycle.moves import Move
from requests_app.lifecycle.perform import perform
from requests_app.lifecycle.second_person import WEIGHINGS, ProposedDecision
from requests_app.lifecycle.states import RequestState as S
from requests_app.policy.company import COMPANY
from requests_app.policy.four_eyes import Decided, FourEyesRule
from requests_app.roles import Role
from tests.factories import a_request_in
from tests.requests_app.lifecycle.test_random_walks import ROLES, Walk
from tests.walking import staff, the_machine_alone, what_it_takes

pytestmark = pytest.mark.django_db
EVERYTHING = (FourEyesRule(decisions=tuple(Decided)),)


@pytest.fixture
def strict(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(second_person, "COMPANY", replace(COMPANY, four_eyes=EVERYTHING))


def _worker(name: str) -> Actor:
    return Actor.staff(staff(name, Role.CASE_WORKER))


def _decision(asked: SubjectRequest, move: Move = Move.REFUSE, **given: object) -> dict[str, object]:
    taken = given or what_it_takes(move, asked, at=asked.state_since)
    return {
        "subject_request_id": asked.pk, "move": move, "at": asked.state_since, "reason": "No.", "given": taken,
    }  # fmt: skip


@pytest.mark.usefixtures("strict")
def test_one_proposes_and_another_decides() -> None:
    asked, rosa, nils = a_request_in(S.IN_REVIEW), _worker("Rosa"), _worker("Nils")
    for by in (rosa, nils):
        with pytest.raises(MoveNotAllowed, match="two people agree"):
            perform(**_decision(asked), by=by)
    proposed = propose_decision(**_decision(asked), by=rosa)
    assert (proposed.words, proposed.given) == ("No.", {"code": "no_data_held"})
    assert SubjectRequest.objects.get(pk=asked.pk).state == S.IN_REVIEW
    with pytest.raises(MoveNotAllowed, match="two people agree"):
        perform(**_decision(asked), by=rosa)
    assert perform(**_decision(asked), by=nils).state == S.REFUSED


@pytest.mark.usefixtures("strict")
def test_a_proposal_counts_only_where_the_request_still_stands_as_then() -> None:
    with the_machine_alone():
        asked, rosa, nils = a_request_in(S.IN_REVIEW), _worker("Rosa"), _worker("Nils")
        propose_decision(**_decision(asked), by=rosa)
        later = _decision(asked) | {"at": asked.state_since.replace(year=2027)}
        perform(**later | {"move": Move.APPROVE, "given": {}}, by=rosa)
        perform(**later | {"move": Move.FINISH_SEARCH, "given": {}}, by=Actor.system("tests"))
        with pytest.raises(MoveNotAllowed, match="two people agree"):
            perform(**later, by=nils)


@pytest.mark.usefixtures("strict")
def test_only_what_could_be_decided_is_proposed_and_only_by_who_might_decide_it() -> None:
    asked = a_request_in(S.IN_REVIEW)
    with pytest.raises(MoveNotPermitted):
        propose_decision(**_decision(asked), by=Actor.staff(staff("Anna", Role.AUDITOR)))
    with pytest.raises(MoveNotAllowed, match="Choose a ground"):
        propose_decision(**_decision(asked, code="mood"), by=_worker("Rosa"))
    with pytest.raises(MoveNotAllowed, match="no step of a request of this kind"):
        propose_decision(**_decision(asked, Move.LET_STAND, x=1) | {"given": {}}, by=_worker("Rosa"))
    assert not ProposedDecision.objects.exists()


@pytest.mark.usefixtures("strict")
@pytest.mark.parametrize(
    ("outcome", "alone"), [(Outcome.GRANTED, True), (Outcome.PARTLY, False), (Outcome.NOT_CHANGED, False)]
)
def test_an_answer_against_the_person_needs_two(outcome: Outcome, alone: bool) -> None:
    with the_machine_alone():
        asked = a_request_in(S.IN_REVIEW, right="complaint")
        decision, rosa = _decision(asked, Move.ANSWER, outcome=outcome), _worker("Rosa")
        if alone:
            with pytest.raises(NothingToPropose), transaction.atomic():
                propose_decision(**decision, by=rosa)
            assert perform(**decision, by=rosa).state == S.COMPLETED
        else:
            with pytest.raises(MoveNotAllowed, match="two people agree"):
                perform(**decision, by=rosa)


@pytest.mark.parametrize(
    ("rule_", "right", "is_sensitive", "covered"),
    [
        (FourEyesRule((Decided.REFUSAL,)), "access", False, True),
        (FourEyesRule((Decided.PARTIAL_GRANT,)), "access", False, False),
        (FourEyesRule((Decided.REFUSAL,), rights=("deletion",)), "access", True, False),
        (FourEyesRule((Decided.REFUSAL,), rights=("deletion",)), "deletion", False, True),
        (FourEyesRule((Decided.REFUSAL,), only_sensitive=True), "access", False, False),
        (FourEyesRule((Decided.REFUSAL,), only_sensitive=True), "access", True, True),
    ],
)
def test_a_rule_covers_what_it_names(
    rule_: FourEyesRule, right: str, is_sensitive: bool, covered: bool
) -> None:
    assert rule_.covers(Decided.REFUSAL, right=right, is_sensitive=is_sensitive) is covered


def test_the_policy_names_rights_that_exist_and_refuses_no_sensitive_case_alone() -> None:
    assert {code for rule_ in COMPANY.four_eyes for code in rule_.rights} <= set(RIGHTS)
    asked = a_request_in(S.IN_REVIEW)
    SubjectRequest.objects.filter(pk=asked.pk).update(is_sensitive=True)
    with pytest.raises(MoveNotAllowed, match="two people agree"):
        perform(**_decision(asked), by=_worker("Rosa"))


class StrictWalk(Walk):
    """The walk of every machine under a policy that lets nobody decide against the person alone."""

    proposed: ClassVar[int] = 0

    @rule(
        move=st.sampled_from([Move.REFUSE, Move.LET_STAND, Move.ANSWER]), who=st.integers(0, len(ROLES) - 1)
    )
    def propose(self, move: Move, who: int) -> None:
        row = self._row()
        try:
            with transaction.atomic():
                given = what_it_takes(move, row, at=self.at)
                propose_decision(
                    subject_request_id=row.pk, move=move, reason="So.", given=given, by=self.actors[who],
                    at=self.at,
                )  # fmt: skip
        except DomainError:
            return
        self.entries += 1

    def _other_eyes_decided(self, move: Move, by: Actor) -> None:
        super()._other_eyes_decided(move, by)
        if move not in (Move.REFUSE, Move.LET_STAND):
            return
        others = ProposedDecision.objects.filter(subject_request_id=self.key, move=move).exclude(
            proposed_by_id=by.key
        )
        weighed = AuditEntry.objects.filter(
            target_id=str(self.key), event__in=WEIGHINGS, actor_kind=ActorKind.STAFF
        ).exclude(actor_key=by.key)
        assert others.exists() or weighed.exists(), "somebody decided against the person alone"


@pytest.mark.usefixtures("strict")
@pytest.mark.parametrize("code", ["access", "objection", "automated_decision", "opt_out_sale_share"])
def test_under_a_strict_policy_nobody_decides_against_the_person_alone(code: str) -> None:
    people = [Actor.staff(staff(f"Staff {number}", *roles)) for number, roles in enumerate(ROLES)]
    walk = type(f"StrictWalk_{code}", (StrictWalk,), {"code": code, "people": people})
    patience = settings(
        max_examples=4, stateful_step_count=25, deadline=None, derandomize=True,
        phases=(Phase.generate,), suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    with the_machine_alone():
        run_state_machine_as_test(walk, settings=patience)
