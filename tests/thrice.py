"""How a message is sent three times; nothing is until somebody puts it in its place."""

from typing import Any

from omne_dsar.celery import app

__all__ = ["app"]
TIMES = 3
_once = app.amqp.send_task_message


def thrice(*positional: Any, **named: Any) -> Any:
    """Send a message, and send it again."""
    for _again in range(TIMES - 1):
        _once(*positional, **named)
    return _once(*positional, **named)
