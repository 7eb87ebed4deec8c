"""States × moves, per right: what is declared is what holds, and nothing is left without words."""

from pathlib import Path

import pytest

from requests_app.audit import events
from requests_app.audit.actors import ActorKind
from requests_app.lifecycle.conditions import CONDITIONS, identity_is_proven
from requests_app.lifecycle.known_rights import RIGHTS
from requests_app.lifecycle.machine import arrows, moves_from, sources_of
from requests_app.lifecycle.moves import FACTS as MOVE_FACTS
from requests_app.lifecycle.moves import Move
from requests_app.lifecycle.states import ACTS_ON_DATA, CLOSED, FACTS, RequestState
from tests.requests_app.lifecycle import matrices
from tests.requests_app.lifecycle.matrices import declared, reviewed

RIGHT_CODES = sorted(RIGHTS)
ANSWERED = {
    RequestState.READY,
    RequestState.IN_FORCE,
    RequestState.LIFTING_ANNOUNCED,
    RequestState.LIFTING,
}


@pytest.mark.parametrize("code", RIGHT_CODES)
def test_between_every_two_states_lead_exactly_the_moves_that_were_reviewed(code: str) -> None:
    wanted, found = reviewed(code), declared(RIGHTS[code].machine)
    assert len(wanted) == len(found) == len(RequestState) ** 2
    for pair, moves in found.items():
        assert moves == wanted[pair], f"{code}: {pair[0]} -> {pair[1]}"


def test_every_right_has_its_reviewed_matrix_and_no_other_file_lies_there() -> None:
    files = {each.stem for each in Path(matrices.__file__).parent.glob("*.txt")}
    assert files == set(RIGHT_CODES)


@pytest.mark.parametrize("state", RequestState)
def test_every_state_says_whose_turn_it_is_and_whether_the_clock_runs(state: RequestState) -> None:
    facts = FACTS[state]
    assert str(facts.headline)
    assert facts.clock_runs is (state not in CLOSED | ANSWERED)


@pytest.mark.parametrize("move", Move)
def test_every_move_has_words_a_party_and_an_audit_sentence(move: Move) -> None:
    facts = MOVE_FACTS[move]
    assert str(facts.consequence)
    assert facts.kinds
    assert facts.event in events.registered()
    assert (ActorKind.STAFF in facts.kinds) == (facts.permission is not None)


@pytest.mark.parametrize("code", RIGHT_CODES)
def test_closed_states_lead_nowhere_and_every_other_state_leads_on(code: str) -> None:
    machine = RIGHTS[code].machine
    reached = {each.target for each in arrows(machine)} | {RequestState.RECEIVED}
    for state in reached:
        assert bool(moves_from(machine, state)) is (state not in CLOSED)


def test_only_a_move_that_asks_for_the_proof_leads_to_acting_on_data() -> None:
    for code in RIGHT_CODES:
        for arrow in arrows(RIGHTS[code].machine):
            if arrow.target in ACTS_ON_DATA and arrow.source not in ACTS_ON_DATA:
                assert identity_is_proven in CONDITIONS[arrow.move], (code, arrow)


@pytest.mark.parametrize("code", RIGHT_CODES)
def test_the_person_can_withdraw_until_data_are_changed_or_the_answer_is_there(code: str) -> None:
    reached = {each.target for each in arrows(RIGHTS[code].machine)} | {RequestState.RECEIVED}
    too_late = {RequestState.READY, RequestState.EXECUTING, RequestState.VERIFYING, RequestState.CONFIRMING}
    expected = reached - CLOSED - ANSWERED - too_late
    assert set(sources_of(RIGHTS[code].machine, Move.WITHDRAW)) == expected
