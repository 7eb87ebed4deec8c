"""How long a search will still take: what the source expects, at the rate it has answered so far; else unknown."""

from datetime import datetime, timedelta

from fulfillment.runs.models import SourceTask
from fulfillment.runs.selectors import ENDED, Progress
from fulfillment.runs.states import SourceState


def time_left(task: SourceTask, *, at: datetime) -> timedelta | None:
    """How long this source still needs; None where nobody can tell.

    A rate is known once rows have come, and an end once the source has said how many there are. A guess that turned
    out too low says nothing any more.
    """
    if task.source_state is not SourceState.SEARCHING or task.searching_since is None or not task.rows_seen:
        return None
    if task.rows_expected is None or task.rows_seen >= task.rows_expected:
        return None
    so_far = at - task.searching_since
    return so_far * ((task.rows_expected - task.rows_seen) / task.rows_seen)


def run_time_left(progress: Progress, *, at: datetime) -> timedelta | None:
    """How long until the last source ends, side by side as they are searched; None while one of them cannot tell."""
    waiting = [task for task in progress.tasks if task.source_state not in ENDED]
    left = [time_left(task, at=at) for task in waiting]
    known = [each for each in left if each is not None]
    return max(known) if known and len(known) == len(left) else None
