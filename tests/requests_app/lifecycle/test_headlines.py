"""The person's words for where a request stands."""

import pytest

from requests_app.lifecycle.known_rights import RIGHTS, headline_of
from requests_app.lifecycle.models import Outcome, SubjectRequest
from requests_app.lifecycle.states import RequestState as S


@pytest.mark.parametrize(
    ("right", "state"),
    [
        ("deletion", S.COMPLETED),
        ("objection", S.COMPLETED),
        ("restriction", S.IN_FORCE),
        ("opt_out_sale_share", S.COMPLETED),
        ("limit_sensitive", S.COMPLETED),
    ],
)
def test_what_was_done_in_part_is_not_called_whole(right: str, state: S) -> None:
    def words(outcome: str) -> str:
        return str(headline_of(SubjectRequest(right=right, state=state, outcome=outcome)))

    assert words(Outcome.PARTLY) != words(Outcome.GRANTED)


@pytest.mark.parametrize("right", RIGHTS)
def test_an_ending_is_of_a_state_that_the_right_has(right: str) -> None:
    for state, outcome in RIGHTS[right].endings:
        assert state in S
        assert outcome in Outcome
