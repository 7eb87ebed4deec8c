"""What is offered to the workers when a transaction is certain, as it is handed to the broker."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from celery.signals import before_task_publish
from django.test import TestCase


@contextmanager
def offered() -> Iterator[list[tuple[str, dict[str, str]]]]:
    """The tasks with their ids, of transactions that end in here; for a test that runs in a transaction itself."""
    found: list[tuple[str, dict[str, str]]] = []

    def note(sender: str, body: Any, **_sent: Any) -> None:
        found.append((sender, dict(body[1])))

    before_task_publish.connect(note)
    try:
        with TestCase.captureOnCommitCallbacks(execute=True):
            yield found
    finally:
        before_task_publish.disconnect(note)
