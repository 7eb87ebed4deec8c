"""Random moves by random actors over the machine of every right: whatever they try, the promises hold."""

from datetime import timedelta
from random import Random
from typing import ClassVar

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from requests_app.audit.actors import Actor, ActorKind
from requests_app.audit.models import AuditEntry
from requests_app.errors import DomainError
from requests_app.identity.ask import mark_sensitive
from requests_app.identity.proof_errors import TooLateToChange
from requests_app.intake.submit import ONESELF
from requests_app.lifecycle.known_rights import RIGHTS, as_machine
from requests_app.lifecycle.models import IdentityLevel, SubjectRequest
from requests_app.lifecycle.moves import FACTS, Move
from requests_app.lifecycle.perform import perform
from requests_app.lifecycle.permissions import not_permitted
from requests_app.lifecycle.proof import row_for
from requests_app.lifecycle.selectors import moves_available_to
from requests_app.lifecycle.states import ACTS_ON_DATA, CLOSED, RequestState
from requests_app.roles import Role
from tests.factories import AGENT, ada_asks_by, ada_asks_for, appeal_against, place_and_day
from tests.walking import decide_every_part, staff, the_machine_alone, walk_to, what_it_takes

pytestmark = pytest.mark.django_db
S = RequestState
ENDINGS = {
    Move.WITHDRAW,
    Move.REFUSE,
    Move.LAPSE,
    Move.DELIVER,
    Move.CLOSE_UNFETCHED,
    Move.FORWARD,
    Move.JOIN,
}
# What follows from a decision that was made with its proof. Everything else that leads to acting on data decides.
FOLLOWS = {
    Move.FINISH_SEARCH, Move.BUNDLE_BUILT, Move.SEND_BACK, Move.DELIVER, Move.CLOSE_UNFETCHED,
    Move.TAKE_BACK,
    Move.FINISH_EXECUTION,
    Move.FINISH_VERIFICATION, Move.COMPLETE, Move.ANNOUNCE_LIFTING, Move.KEEP_IN_FORCE, Move.LIFT,
    Move.FINISH_LIFTING,
}  # fmt: skip
PREPARES = {Move.APPROVE, Move.SEARCH_AGAIN, Move.FINISH_REVIEW, Move.PROPOSE_DELETION}
DECIDES_AN_APPEAL = {Move.WEIGH, Move.UPHOLD_APPEAL, Move.REFUSE, Move.FORWARD, Move.JOIN}
ROLES = (
    (Role.CASE_WORKER,),
    (Role.APPROVER,),
    (Role.PRIVACY_LEAD,),
    (Role.CASE_WORKER, Role.APPROVER),
    (Role.INTAKE_CLERK,),
    (Role.AUDITOR,),
    (Role.ADMIN,),
)
ODD: tuple[dict[str, object], ...] = (
    {},
    {"level": 99},
    {"outcome": "whatever"},
    {"code": "no_such_ground"},
    {"linked_to_id": "not a key"},
    {"scope": ""},
    {"waits_until": "tomorrow"},
    {"staff_id": "somebody else"},
    {"waits_until": None},
)
COLUMNS = [
    "state", "version", "state_since", "right", "reference", "received_at", "identity_level", "doubt_level",
    "standing_proven_at", "approved_by_id", "reviewed_by_id", "released_by_id", "decided_by_id", "waits_until",
    "answer_scope", "outcome", "reason_code", "linked_to_id", "response_due_on", "closed_at",
]  # fmt: skip


class Walk(RuleBasedStateMachine):
    """One request and a copy asked for with it, seven members of staff, the person, somebody else, the system."""

    code: ClassVar[str] = "access"
    people: ClassVar[list[Actor]] = []

    @initialize(california=st.booleans(), by_agent=st.booleans(), with_a_copy=st.booleans())
    def arrive(self, california: bool, by_agent: bool, with_a_copy: bool) -> None:
        where: dict[str, object] = place_and_day(self.code) or {"place": "US-CA" if california else "PT"}
        self.copy: SubjectRequest | None = None
        self.first_deciders: set[str] = set()
        if self.code == "appeal":
            self.key = self._an_appeal().pk
        elif with_a_copy and self.code != "access":
            self.copy, asked = ada_asks_for("access", self.code, **where)  # type: ignore[arg-type]
            self.key = asked.pk
        else:
            asker = AGENT if by_agent else ONESELF
            self.key = ada_asks_by(asker, right=self.code, **where).pk
        row = SubjectRequest.objects.get(pk=self.key)
        self.receipt = (row.right, row.reference, row.received_at)
        own, others = Actor.subject(row.reference), Actor.subject("OM-2222-2222")
        self.actors = [*self.people, own, others, Actor.system("walk")]
        self.at, self.entries = row.state_since, AuditEntry.objects.count()
        self.preparers: set[str] = set()
        self.demand_rose = False

    def _an_appeal(self) -> SubjectRequest:
        first = walk_to(S.IN_REVIEW, ada_asks_by(ONESELF))
        decider = self.people[0]
        first = perform(
            subject_request_id=first.pk, move=Move.REFUSE, by=decider, at=first.state_since,
            reason="No.", given={"code": "no_data_held"},
        )  # fmt: skip
        self.first_deciders = set(
            AuditEntry.objects.filter(target_id=str(first.pk), actor_kind=ActorKind.STAFF).values_list(
                "actor_key", flat=True
            )
        )
        return appeal_against(first)

    def _row(self) -> SubjectRequest:
        return as_machine(SubjectRequest.objects.get(pk=self.key))

    def _columns(self) -> dict[str, object]:
        return SubjectRequest.objects.filter(pk=self.key).values(*COLUMNS).get()

    @rule(
        move=st.sampled_from(Move),
        who=st.integers(0, len(ROLES) + 2),
        reason=st.sampled_from(["", " ", "Because."]),
        stale=st.sampled_from([False, False, False, True]),
        odd=st.sampled_from([None, *ODD]),
    )
    def try_a_move(
        self, move: Move, who: int, reason: str, stale: bool, odd: dict[str, object] | None
    ) -> None:
        self._try(move, self.actors[who], reason, stale=stale, odd=odd)

    @rule(pick=st.randoms(use_true_random=False))
    def make_an_offered_move(self, pick: Random) -> None:
        """Aimless walks end at the first door: now and then take one that is open."""
        now = self._row()
        for by in pick.sample(self.actors, len(self.actors)):
            open_doors = [each.move for each in moves_available_to(now, by) if each.allowed]
            onward = [move for move in open_doors if move not in ENDINGS]
            if onward:
                self._try(pick.choice(onward), by, "Because.", stale=False, odd=None)
                return

    @rule(hours=st.sampled_from([1, 30, 24 * 8, 24 * 40]))
    def time_passes(self, hours: int) -> None:
        self.at += timedelta(hours=hours)

    @rule(level=st.sampled_from(IdentityLevel), standing=st.booleans())
    def a_proof_is_accepted(self, level: IdentityLevel, standing: bool) -> None:
        odd = {"level": level, "standing_at": self.at if standing else None}
        self._try(Move.ADD_PROOF, self.actors[-1], "", stale=False, odd=odd)

    @rule(sensitive=st.booleans())
    def the_data_turn_out_sensitive_or_not(self, sensitive: bool) -> None:
        before, by = self._row(), self.people[0]
        try:
            with transaction.atomic():
                mark_sensitive(subject_request_id=self.key, is_sensitive=sensitive, by=by, at=self.at)
        except TooLateToChange:
            assert before.state not in (S.IN_REVIEW, S.CHECKING, S.WEIGHING), (
                "the demand cannot rise any more"
            )
            return
        self.demand_rose |= sensitive and not before.is_sensitive
        self.entries = AuditEntry.objects.count()

    @rule()
    def staff_decide_every_part(self) -> None:
        row = self._row()
        if row.state == S.WEIGHING:
            decide_every_part(row)

    @rule()
    def the_copy_is_given_up(self) -> None:
        if self.copy is not None and self.copy.state not in CLOSED:
            by = Actor.subject(self.copy.reference)
            self.copy = perform(subject_request_id=self.copy.pk, move=Move.WITHDRAW, by=by, at=self.at)
            self.entries += 1

    def _try(self, move: Move, by: Actor, reason: str, *, stale: bool, odd: dict[str, object] | None) -> None:
        before, row = self._columns(), self._row()
        version = row.version - stale
        try:
            with transaction.atomic():
                given = what_it_takes(move, row, at=self.at) if odd is None and move is not Move.JOIN else odd
                after = perform(
                    subject_request_id=self.key, move=move, by=by, at=self.at, reason=reason,
                    expected_version=version, given=given,
                )  # fmt: skip
        except DomainError:
            assert self._columns() == before, "a refusal changed the request"
            assert AuditEntry.objects.count() == self.entries, "a refusal was recorded as a move"
            return
        assert not stale, "a move was made on a page that was out of date"
        assert not not_permitted(move, by)
        assert by.key != "OM-2222-2222", "somebody moved another person's request"
        assert after.version == version + 1
        assert before["state"] not in CLOSED
        assert AuditEntry.objects.count() == self.entries + 1
        assert AuditEntry.objects.latest("id").event == FACTS[move].event
        self.entries += 1
        self._nothing_was_decided_unproven(move, after)
        self._other_eyes_decided(move, by)
        if move is Move.BEGIN_EXECUTION:
            self._nothing_began_too_early(row)

    def _nothing_was_decided_unproven(self, move: Move, after: SubjectRequest) -> None:
        if move in FOLLOWS or after.state not in ACTS_ON_DATA:
            return
        assert _is_proven(after), f"{move} without the proof"
        self.demand_rose = False

    def _other_eyes_decided(self, move: Move, by: Actor) -> None:
        if move in PREPARES:
            self.preparers.add(by.key)
        if move in (Move.RELEASE, Move.APPROVE_DELETION):
            assert self.preparers, "nobody prepared what was approved"
            assert by.key not in self.preparers, "somebody approved what they prepared"
        if self.code == "appeal" and move in DECIDES_AN_APPEAL:
            assert by.key not in self.first_deciders, "somebody decided about their own decision"

    def _nothing_began_too_early(self, before: SubjectRequest) -> None:
        assert before.waits_until is not None
        assert self.at >= before.waits_until, "the deletion began while the person could still stop it"
        if self.copy is not None:
            assert SubjectRequest.objects.get(pk=self.copy.pk).state in CLOSED, "deleted before the copy"

    @invariant()
    def nothing_acts_on_data_without_its_proof(self) -> None:
        """Unless the demand rose since: then nothing more is decided until the proof is there as well."""
        row = self._row()
        if row.state in ACTS_ON_DATA and not self.demand_rose:
            assert _is_proven(row)

    @invariant()
    def the_receipt_stays(self) -> None:
        row = self._row()
        assert (row.right, row.reference, row.received_at) == self.receipt
        assert (row.closed_at is not None) == (row.state in CLOSED)
        assert row.outcome or row.state != S.COMPLETED


def _is_proven(row: SubjectRequest) -> bool:
    """The table, the doubt and the lesser answer, counted here once more."""
    cells = row_for(row.right, row.regime)
    level = max(cells.sensitive if row.is_sensitive else cells.usual, IdentityLevel(row.doubt_level))
    if cells.lesser and cells.lesser.scope == row.answer_scope:
        level = cells.lesser.level
    return row.identity_level >= level and (row.asked_by == "self" or row.standing_proven_at is not None)


@pytest.mark.parametrize(
    ("walks", "steps"), [(2, 25), pytest.param(15, 40, marks=[pytest.mark.slow, pytest.mark.timeout(1800)])]
)
@pytest.mark.parametrize("code", sorted(RIGHTS))
def test_the_promises_hold_wherever_a_walk_leads(code: str, walks: int, steps: int) -> None:
    people = [Actor.staff(staff(f"Staff {number}", *roles)) for number, roles in enumerate(ROLES)]
    walk = type(f"Walk_{code}", (Walk,), {"code": code, "people": people})
    patience = settings(
        max_examples=walks,
        stateful_step_count=steps,
        deadline=None,
        derandomize=True,
        # A walk that fails tells enough: to look for a shorter one takes minutes.
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    with the_machine_alone():
        run_state_machine_as_test(walk, settings=patience)
