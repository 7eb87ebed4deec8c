"""States × moves, per right: what is declared is what holds, and nothing is left without words."""

import pytest

from requests_app.audit import events
from requests_app.audit.actors import ActorKind
from requests_app.lifecycle.known_rights import RIGHTS
from requests_app.lifecycle.machine import arrows, moves_from, sources_of
from requests_app.lifecycle.moves import FACTS as MOVE_FACTS
from requests_app.lifecycle.moves import Move
from requests_app.lifecycle.states import CLOSED, FACTS, RequestState

RIGHT_CODES = sorted(RIGHTS)
ACCESS = {
    ("received", "ask_identity"): "awaiting_identity",
    ("received", "withdraw"): "withdrawn",
    ("awaiting_identity", "confirm_identity"): "in_review",
    ("awaiting_identity", "lapse"): "lapsed",
    ("awaiting_identity", "withdraw"): "withdrawn",
    ("in_review", "approve"): "fulfilling",
    ("in_review", "refuse"): "refused",
    ("in_review", "withdraw"): "withdrawn",
    ("fulfilling", "finish_search"): "checking",
    ("fulfilling", "withdraw"): "withdrawn",
    ("checking", "search_again"): "fulfilling",
    ("checking", "finish_review"): "preparing",
    ("checking", "refuse"): "refused",
    ("checking", "withdraw"): "withdrawn",
    ("preparing", "bundle_built"): "awaiting_release",
    ("preparing", "send_back"): "checking",
    ("preparing", "withdraw"): "withdrawn",
    ("awaiting_release", "release"): "ready",
    ("awaiting_release", "send_back"): "checking",
    ("awaiting_release", "withdraw"): "withdrawn",
    ("ready", "deliver"): "completed",
}


def test_the_access_machine_has_exactly_these_arrows() -> None:
    found = {
        (each.source.value, each.move.value): each.target.value for each in arrows(RIGHTS["access"].machine)
    }
    assert found == ACCESS


@pytest.mark.parametrize("state", RequestState)
def test_every_state_says_whose_turn_it_is_and_whether_the_clock_runs(state: RequestState) -> None:
    facts = FACTS[state]
    assert str(facts.headline)
    assert facts.clock_runs is (state not in CLOSED and state is not RequestState.READY)


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
    for state in RequestState:
        assert bool(moves_from(machine, state)) is (state not in CLOSED)


@pytest.mark.parametrize("code", RIGHT_CODES)
def test_nothing_is_released_or_searched_without_passing_the_identity(code: str) -> None:
    machine = RIGHTS[code].machine
    reached, waiting = set(), [RequestState.RECEIVED]
    without = [each for each in arrows(machine) if each.move is not Move.CONFIRM_IDENTITY]
    while waiting:
        state = waiting.pop()
        reached.add(state)
        waiting += [each.target for each in without if each.source is state and each.target not in reached]
    assert reached.isdisjoint({RequestState.FULFILLING, RequestState.AWAITING_RELEASE, RequestState.READY})


@pytest.mark.parametrize("code", RIGHT_CODES)
def test_the_person_can_withdraw_until_the_answer_is_there(code: str) -> None:
    expected = set(RequestState) - CLOSED - {RequestState.READY}
    assert set(sources_of(RIGHTS[code].machine, Move.WITHDRAW)) == expected
