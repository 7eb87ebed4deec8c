"""A worker of threads looks for the next task as soon as one of its threads is free.

Celery's loop sleeps until a message or a timer wakes it. A process that has finished its task wakes it by the pipe it
answers through; a thread has none, so that a worker whose places were all taken slept on, up to two seconds, with
free threads and work waiting.
"""

from typing import Any

from celery import bootsteps
from celery.concurrency.thread import TaskPool

# How long a free thread may wait for its next task, in seconds.
AWAKE_EVERY = 0.05


class Waking(bootsteps.StartStopStep):
    """Wakes the loop of a worker of threads at short intervals, for as long as its connection lasts."""

    requires = ("celery.worker.consumer.tasks:Tasks",)

    def __init__(self, parent: Any, **options: Any) -> None:
        super().__init__(parent, **options)
        self._timer: Any = None

    def start(self, parent: Any) -> None:
        """Begin; called anew after every lost connection."""
        if parent.hub is not None and isinstance(parent.pool, TaskPool):
            self._timer = parent.hub.call_repeatedly(AWAKE_EVERY, _nothing)

    def stop(self, parent: Any) -> None:
        """End with the connection."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


def _nothing() -> None:
    """Waking is all: at each turn the loop asks the broker for as many tasks as there are free threads."""
