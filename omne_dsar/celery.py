"""The Celery app, its logs, and the timetable: beat only pokes, the rows say what is due."""

import logging.config
import os
from typing import Any

from celery import Celery
from celery.app.task import Task
from celery.signals import before_task_publish, setup_logging, task_postrun, task_prerun
from django.conf import settings

from omne_dsar import logs

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "omne_dsar.settings")

_HALF_A_MINUTE = 30.0
_HOUR = 60 * 60.0

app = Celery("omne_dsar")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


def _every(seconds: float, task: str) -> dict[str, Any]:
    """A poke that nobody took until the next one is due is forgotten: one catch-up is enough."""
    return {"task": task, "schedule": seconds, "options": {"expires": seconds}}


app.conf.beat_schedule = {
    "offer what is due": _every(_HALF_A_MINUTE, "fulfillment.sweep"),
    "offer mail that is due": _every(_HALF_A_MINUTE, "requests_app.sweep_messages"),
    "close what nobody confirmed": _every(_HOUR, "requests_app.close_unconfirmed"),
    "delete copies whose time is over": _every(_HOUR, "fulfillment.expire_bundles"),
}


@setup_logging.connect
def use_our_logging(**_signal: Any) -> None:
    """Keep Celery from setting up logging of its own."""
    logging.config.dictConfig(settings.LOGGING)


@before_task_publish.connect
def send_request_id(headers: dict[str, Any], **_signal: Any) -> None:
    """Send the id of the request that queued a task along with it."""
    headers["omne_request_id"] = logs.current_request_id()


@task_prerun.connect
def take_request_id(task: "Task[..., Any]", **_signal: Any) -> None:
    """Let the task's log lines carry the id it came with."""
    logs.carry_request_id(task.request.get("omne_request_id"))


@task_postrun.connect
def drop_request_id(**_signal: Any) -> None:
    """Forget it when the task is over."""
    logs.carry_request_id(None)
