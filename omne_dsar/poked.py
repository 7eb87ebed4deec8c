"""When a worker last took a poke of beat: the only sign by which a beat that has stopped is known."""

import time
from typing import Any

from django.core.cache import cache

from omne_dsar.timetable import TIMETABLE

_KEY = "poked"
# Pokes come every 15 seconds; so many are not worth a row each.
_AT_MOST_EVERY = 30.0
_POKES = frozenset(str(each["task"]) for each in TIMETABLE.values())
_noted: dict[str, float] = {}


def note_poke(task: Any, **_signal: Any) -> None:
    """A worker takes one of the tasks that beat alone sends."""
    now = time.monotonic()
    if task.name in _POKES and now - _noted.get(_KEY, float("-inf")) >= _AT_MOST_EVERY:
        _noted[_KEY] = now
        cache.set(_KEY, time.time(), timeout=None)


def seconds_since_poke() -> float | None:
    """How long ago that was; None where none was ever taken. Raises DatabaseError."""
    last = cache.get(_KEY)
    return None if last is None else max(time.time() - float(last), 0.0)
