"""What is next: said for every state of every right, with a move that this right has there."""

import pytest

from requests_app.lifecycle.known_rights import RIGHTS
from requests_app.lifecycle.machine import arrows, moves_from
from requests_app.lifecycle.states import RequestState
from requests_app.review.next_words import OF_A_RIGHT, next_words

REACHED = sorted(
    {(code, arrow.target) for code, right in RIGHTS.items() for arrow in arrows(right.machine)},
    key=str,
)


@pytest.mark.parametrize(("code", "state"), REACHED)
def test_the_move_that_is_named_leads_on_from_there(code: str, state: RequestState) -> None:
    title, text, move = next_words(code, state)
    assert str(title)
    assert str(text)
    assert move is None or move in moves_from(RIGHTS[code].machine, state)


def test_only_rights_that_search_are_said_to_be_searched() -> None:
    for code in RIGHTS:
        title = str(next_words(code, RequestState.IN_REVIEW)[0])
        searches = RequestState.FULFILLING in {arrow.target for arrow in arrows(RIGHTS[code].machine)}
        assert ("plan" in title) == searches, code


def test_words_are_kept_only_for_states_that_a_right_has() -> None:
    assert set(OF_A_RIGHT) <= set(REACHED)
