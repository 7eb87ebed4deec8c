"""How near a date is: ring, words, colour."""

from datetime import date, timedelta

import pytest

from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.states import RequestState
from requests_app.review.due import due_of

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("days", "icon", "kind", "words"),
    [
        (-4, "ring-bad", "bad", "4 days late"),
        (-1, "ring-bad", "bad", "1 day late"),
        (0, "ring-half", "warn", "due today"),
        (7, "ring-half", "warn", "7 days left"),
        (8, "ring-q", "", "8 days left"),
        (20, "ring-q", "", "20 days left"),
        (21, "ring", "", "21 days left"),
    ],
)
def test_the_ring_closes_as_the_date_comes_near(days: int, icon: str, kind: str, words: str) -> None:
    asked = SubjectRequest(state=RequestState.IN_REVIEW, response_due_on=TODAY + timedelta(days=days))
    due = due_of(asked, today=TODAY)
    assert (due.icon, due.kind, due.small) == (icon, kind, words)


def test_an_answered_request_is_never_late() -> None:
    asked = SubjectRequest(state=RequestState.READY, response_due_on=TODAY - timedelta(days=9))
    assert due_of(asked, today=TODAY).kind == ""


def test_a_date_of_another_year_says_so() -> None:
    asked = SubjectRequest(state=RequestState.IN_REVIEW, response_due_on=date(2027, 1, 4))
    assert due_of(asked, today=TODAY).text == "4 Jan 2027"
