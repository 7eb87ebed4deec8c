"""How near a date is, in the few words a queue shows."""

from datetime import date
from enum import StrEnum

NEAR_DAYS = 7


class Urgency(StrEnum):
    """How a request stands against its date."""

    OVERDUE = "overdue"
    DUE_TODAY = "due_today"
    NEAR = "near"
    ON_TRACK = "on_track"


def days_left(due: date, today: date) -> int:
    """Return how many days remain; negative once the date has passed."""
    return (due - today).days


def urgency(due: date, today: date, *, near_days: int = NEAR_DAYS) -> Urgency:
    """Return how near a date is; `today` is the day in the law's own zone."""
    left = days_left(due, today)
    if left < 0:
        return Urgency.OVERDUE
    if left == 0:
        return Urgency.DUE_TODAY
    return Urgency.NEAR if left <= near_days else Urgency.ON_TRACK
