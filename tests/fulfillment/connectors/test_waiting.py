"""How long to wait, in every way it is said."""

from datetime import UTC, datetime

import pytest

from fulfillment.connectors.waiting import FARTHEST_SECONDS, asked_wait, is_used_up, reset_in

NOW = datetime(2026, 11, 22, 12, 0, 0, tzinfo=UTC)
MOMENT = int(NOW.timestamp())


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "7"}, 7),
        ({"retry-after": " 0.5 "}, 0.5),
        ({"retry-after": "0"}, 0),
        ({"retry-after": "Sun, 22 Nov 2026 12:00:09 GMT"}, 9),
        ({"retry-after": "Sun, 22 Nov 2026 11:00:00 GMT"}, 0),
        # A machine whose clock is wrong believes the source's own.
        ({"retry-after": "Sun, 22 Nov 2026 14:00:09 GMT", "date": "Sun, 22 Nov 2026 14:00:00 GMT"}, 9),
        ({"retry-after": "99999999"}, FARTHEST_SECONDS),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "-3"}, None),
        ({"retry-after": "٧"}, None),
        ({}, None),
        ({"ratelimit-reset": "12"}, 12),
        ({"ratelimit-reset": "12, 100;w=60"}, 12),
        ({"x-ratelimit-reset": str(MOMENT + 30)}, 30),
        ({"x-rate-limit-reset": str((MOMENT + 30) * 1000)}, 30),
        ({"x-ratelimit-reset": str(MOMENT - 30)}, 0),
        ({"retry-after": "3", "x-ratelimit-reset": str(MOMENT + 30)}, 3),
    ],
)
def test_a_wait_is_understood(headers: dict[str, str], seconds: float | None) -> None:
    assert asked_wait(headers, now=NOW) == (None if seconds is None else pytest.approx(seconds))


def test_only_an_empty_budget_is_used_up() -> None:
    assert is_used_up({"x-ratelimit-remaining": "0"})
    assert not is_used_up({"x-ratelimit-remaining": "1"})
    assert not is_used_up({"x-ratelimit-remaining": "none"})
    assert not is_used_up({})
    assert reset_in({}, now=NOW) is None
