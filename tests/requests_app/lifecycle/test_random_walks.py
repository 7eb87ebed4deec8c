"""Random moves by random actors over the access machine: whatever they try, the promises hold."""

from datetime import timedelta
from random import Random
from uuid import uuid4

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from fulfillment import receivers as work
from requests_app import receivers as case
from requests_app import signals
from requests_app.audit.actors import Actor
from requests_app.audit.models import AuditEntry
from requests_app.errors import DomainError
from requests_app.lifecycle.known_rights import as_machine
from requests_app.lifecycle.models import IdentityLevel, Outcome, SubjectRequest
from requests_app.lifecycle.moves import FACTS, Move
from requests_app.lifecycle.perform import perform
from requests_app.lifecycle.permissions import not_permitted
from requests_app.lifecycle.selectors import moves_available_to
from requests_app.lifecycle.states import CLOSED, RequestState
from requests_app.roles import Role
from tests.factories import ada_asks, staff

pytestmark = pytest.mark.django_db
S = RequestState
PAST_PROOF = {S.IN_REVIEW, S.FULFILLING, S.CHECKING, S.PREPARING, S.AWAITING_RELEASE, S.READY, S.COMPLETED}
GIVEN: dict[Move, dict[str, object]] = {
    Move.ADD_PROOF: {"level": IdentityLevel.CHANNEL},
    Move.REFUSE: {"code": "no_data_held"},
    Move.DELIVER: {"outcome": Outcome.GRANTED},
}
ENDINGS = {Move.WITHDRAW, Move.REFUSE, Move.LAPSE, Move.DELIVER}
ROLES = (
    (Role.CASE_WORKER,),
    (Role.APPROVER,),
    (Role.PRIVACY_LEAD,),
    (Role.CASE_WORKER, Role.APPROVER),
    (Role.INTAKE_CLERK,),
    (Role.AUDITOR,),
    (Role.ADMIN,),
)
COLUMNS = [
    "state", "version", "state_since", "identity_level", "approved_by_id", "reviewed_by_id", "released_by_id",
    "response_due_on", "received_at", "closed_at", "reason",
]  # fmt: skip


class Walk(RuleBasedStateMachine):
    """One request, seven members of staff, the person, a stranger who knows the reference, the system."""

    @initialize()
    def arrive(self) -> None:
        self.subject_request = ada_asks(email=f"{uuid4().hex}@example.org")
        people = [Actor.staff(staff(f"Staff {number}", *roles)) for number, roles in enumerate(ROLES)]
        own = Actor.subject(self.subject_request.reference)
        self.actors = [*people, own, Actor.system("walk")]
        self.entries = AuditEntry.objects.count()

    def _columns(self) -> dict[str, object]:
        return SubjectRequest.objects.filter(pk=self.subject_request.pk).values(*COLUMNS).get()

    @rule(
        move=st.sampled_from(Move),
        who=st.integers(0, len(ROLES) + 1),
        reason=st.sampled_from(["", " ", "Because."]),
        stale=st.sampled_from([False, False, False, True]),
    )
    def try_a_move(self, move: Move, who: int, reason: str, stale: bool) -> None:
        self._try(move, self.actors[who], reason, stale=stale)

    @rule(pick=st.randoms(use_true_random=False))
    def make_an_allowed_move(self, pick: Random) -> None:
        """Aimless walks end at the first door: now and then take one that is open."""
        now = as_machine(SubjectRequest.objects.get(pk=self.subject_request.pk))
        found = [
            (each.move, by) for by in self.actors for each in moves_available_to(now, by) if each.allowed
        ]
        onward = [pair for pair in found if pair[0] not in ENDINGS]
        if onward:
            assert self._try(*pick.choice(onward), "Because.", stale=False), "an offered move was refused"

    def _try(self, move: Move, by: Actor, reason: str, *, stale: bool) -> bool:
        before = self._columns()
        version = int(str(before["version"])) - stale
        given = GIVEN.get(move)
        try:
            with transaction.atomic():
                perform(
                    subject_request_id=self.subject_request.pk,
                    move=move,
                    by=by,
                    at=self.subject_request.received_at + timedelta(hours=1),
                    reason=reason,
                    expected_version=version,
                    given=given,
                )
        except DomainError:
            assert self._columns() == before, "a refusal changed the request"
            assert AuditEntry.objects.count() == self.entries, "a refusal was recorded as a move"
            return False
        after = self._columns()
        assert not stale, "a move was made on a page that was out of date"
        assert not not_permitted(move, by)
        assert after["version"] == version + 1
        assert before["state"] not in CLOSED
        assert AuditEntry.objects.count() == self.entries + 1
        assert AuditEntry.objects.latest("id").event == FACTS[move].event
        self.entries += 1
        return True

    @invariant()
    def nothing_is_searched_or_released_without_proof(self) -> None:
        row = self._columns()
        if row["state"] in PAST_PROOF:
            assert row["identity_level"] >= IdentityLevel.CHANNEL  # type: ignore[operator]

    @invariant()
    def who_prepared_does_not_release(self) -> None:
        row = self._columns()
        if row["state"] in (S.READY, S.COMPLETED):
            assert row["released_by_id"] not in (None, row["approved_by_id"], row["reviewed_by_id"])
            assert row["approved_by_id"]
            assert row["reviewed_by_id"]

    @invariant()
    def the_receipt_stays(self) -> None:
        row = self._columns()
        assert row["received_at"] == self.subject_request.received_at
        assert (row["closed_at"] is not None) == (row["state"] in CLOSED)


@pytest.fixture(autouse=True)
def the_case_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the machine is walked: what others do when it moves has tests of its own."""
    quiet = {case.tell_the_person, *(each for each in vars(work).values() if callable(each))}
    kept = [each for each in signals.state_changed.receivers if each[1]() not in quiet]
    monkeypatch.setattr(signals.state_changed, "receivers", kept)


@pytest.mark.parametrize(
    ("walks", "steps"), [(8, 20), pytest.param(60, 40, marks=[pytest.mark.slow, pytest.mark.timeout(900)])]
)
def test_the_promises_hold_wherever_a_walk_leads(walks: int, steps: int) -> None:
    patience = settings(
        max_examples=walks,
        stateful_step_count=steps,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Walk, settings=patience)
