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

_SWEEP_SECONDS = 15.0
_TEN_MINUTES = 10 * 60.0
_HOUR = 60 * 60.0

app = Celery("omne_dsar")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


def _every(seconds: float, task: str) -> dict[str, Any]:
    """A poke that nobody took until the next one is due is forgotten: one catch-up is enough."""
    return {"task": task, "schedule": seconds, "options": {"expires": seconds}}


app.conf.beat_schedule = {
    "offer searches and copies that are due": _every(_SWEEP_SECONDS, "fulfillment.sweep"),
    "offer mail that is due": _every(_SWEEP_SECONDS, "requests_app.sweep_messages"),
    "delete copies whose time is over": _every(_TEN_MINUTES, "fulfillment.expire_bundles"),
    "close and forget what is past": _every(_HOUR, "requests_app.tidy_up"),
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
