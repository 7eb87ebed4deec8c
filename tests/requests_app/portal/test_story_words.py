"""The person's page says the right thing for every right in every state that it has."""

import pytest

from requests_app.lifecycle.known_rights import RIGHTS
from requests_app.lifecycle.moves import FACTS, Move
from requests_app.lifecycle.states import CLOSED, RequestState, Turn
from requests_app.lifecycle.states import FACTS as STATE_FACTS
from requests_app.portal.story_words import (
    ENDED,
    STAGES,
    TOLD,
    TURNS,
    UNTOLD,
    hands_over,
    stages_of,
    states_of,
    told,
    withdrawing,
)

S = RequestState


@pytest.mark.parametrize("right", RIGHTS)
def test_every_state_of_a_right_stands_in_one_of_its_stages(right: str) -> None:
    stages = stages_of(right, needs_proof=True)
    for state in states_of(right):
        assert [label for label, states in stages if state in states], (right, state)


def test_rights_that_are_not_searched_have_no_stage_of_gathering() -> None:
    assert [str(label) for label, _ in stages_of("objection", needs_proof=True)] == [
        "Received",
        "Confirmed",
        "Deciding",
        "Carrying out",
        "Answered",
    ]
    assert [str(label) for label, _ in stages_of("opt_out_sale_share", needs_proof=False)] == [
        "Received",
        "Carrying out",
        "Answered",
    ]
    assert len(stages_of("access", needs_proof=True)) == len(STAGES) - 2


def test_every_move_is_told_or_kept_in_the_house() -> None:
    events = {FACTS[move].event for move in Move}
    assert events - set(TOLD) == UNTOLD
    assert not UNTOLD & set(TOLD)


def test_the_person_is_never_told_of_a_copy_where_there_is_none() -> None:
    moves = {move: FACTS[move].event for move in (Move.RELEASE, Move.DELIVER)}
    for right in ("confirmation", "third_party_list"):
        assert not [move for move, event in moves.items() if "copy" in (told(right, event) or "")]


def test_whenever_the_person_or_nobody_is_next_the_page_says_what_that_means() -> None:
    on_nobody_else = {
        state for state in S if STATE_FACTS[state].turn in (Turn.PERSON, Turn.NOBODY) and state not in CLOSED
    }
    # A question is shown in its own words.
    assert on_nobody_else - set(TURNS) == {S.AWAITING_ANSWER}


def test_a_date_without_a_running_clock_has_a_label() -> None:
    still = {state for state in S if not STATE_FACTS[state].clock_runs}
    assert still - set(ENDED) == {S.WITHDRAWN, S.LAPSED}


def test_taking_back_says_what_it_means_for_this_right() -> None:
    said = {right: withdrawing(right) for right in RIGHTS}
    assert "Nothing is deleted" in said["deletion"]
    assert len({words for right, words in said.items() if not hands_over(right)}) == len(
        [right for right in RIGHTS if not hands_over(right)]
    )
