"""How near a date is."""

from datetime import date, timedelta

import pytest

from requests_app.deadlines.urgency import Urgency, days_left, urgency

TODAY = date(2026, 9, 3)


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (-1, Urgency.OVERDUE),
        (0, Urgency.DUE_TODAY),
        (1, Urgency.NEAR),
        (7, Urgency.NEAR),
        (8, Urgency.ON_TRACK),
    ],
)
def test_a_date_is_as_urgent_as_it_is_near(days: int, expected: Urgency) -> None:
    due = TODAY + timedelta(days=days)
    assert urgency(due, TODAY) is expected
    assert days_left(due, TODAY) == days
