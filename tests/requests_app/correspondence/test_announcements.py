"""Every right × every step: outward ones are told, inward ones are not."""

import pytest

from requests_app.correspondence.announcements import INWARD, OUTWARD, ROWS, Said, said_on
from requests_app.correspondence.answers import ANSWERS
from requests_app.correspondence.notices import Notice
from requests_app.lifecycle.known_rights import RIGHTS
from requests_app.lifecycle.machine import Arrow, arrows
from requests_app.lifecycle.models import Outcome
from requests_app.lifecycle.moves import Move
from requests_app.lifecycle.states import CLOSED, RequestState

STEPS = [(code, arrow) for code, right in RIGHTS.items() for arrow in arrows(right.machine)]
# Steps into an outward state that say nothing, each for a reason that the table gives.
SILENT = {
    (Move.TAKE_ANSWER, RequestState.IN_REVIEW),
    (Move.DELIVER, RequestState.COMPLETED),
    (Move.ADD_PROOF, RequestState.AWAITING_IDENTITY),
}


def _said(code: str, arrow: Arrow) -> Notice | Said:
    return said_on(code, source=arrow.source, target=arrow.target, move=arrow.move)


@pytest.mark.parametrize(("code", "arrow"), [step for step in STEPS if step[1].target in OUTWARD])
def test_an_outward_step_is_told(code: str, arrow: Arrow) -> None:
    said = _said(code, arrow)
    if (arrow.move, arrow.target) in SILENT:
        assert said is Said.NOTHING
    else:
        assert isinstance(said, Notice) or said is Said.ELSEWHERE


@pytest.mark.parametrize(("code", "arrow"), [step for step in STEPS if step[1].target in INWARD])
def test_an_inward_step_is_not_told(code: str, arrow: Arrow) -> None:
    expected = Notice.RECEIVED if arrow.source is RequestState.RECEIVED else Said.NOTHING
    if arrow.move is Move.TAKE_BACK:
        expected = Notice.COPY_TAKEN_BACK  # who was told that a copy is ready hears that it is not
    assert _said(code, arrow) is expected


def test_every_end_but_a_fetched_copy_is_told() -> None:
    ends = [(code, arrow) for code, arrow in STEPS if arrow.target in CLOSED]
    untold = {arrow.move for code, arrow in ends if _said(code, arrow) is Said.NOTHING}
    assert untold == {Move.DELIVER}


def test_no_two_rows_say_something_about_the_same_step() -> None:
    keys = [(row.right, row.source, row.target) for row in ROWS]
    assert len(keys) == len(set(keys))


def test_every_right_has_words_for_each_way_it_can_end() -> None:
    assert set(ANSWERS) == set(RIGHTS)
    for code, words in ANSWERS.items():
        assert {Outcome.GRANTED, Outcome.PARTLY} <= set(words), code
