"""The Celery app of web and worker, with our logs and the ids of requests."""

import gc
import logging.config
import os
from typing import Any

from celery import Celery
from celery.app.task import Task
from celery.signals import before_task_publish, setup_logging, task_postrun, task_prerun, worker_init
from django.conf import settings
from django.utils.module_loading import import_string

from omne_dsar import logs, poked
from omne_dsar.timetable import TIMETABLE
from omne_dsar.waking import Waking
from requests_app.leases import held

_FAMILIES = ("fulfillment.connectors.base.CONNECTORS", "fulfillment.bundles.base.FORMATS")

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "omne_dsar.settings")

app = Celery("omne_dsar")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.beat_schedule = TIMETABLE
app.autodiscover_tasks()
app.steps["consumer"].add(Waking)
task_prerun.connect(poked.note_poke)


@setup_logging.connect
def use_our_logging(**_signal: Any) -> None:
    """Keep Celery from setting up logging of its own."""
    logging.config.dictConfig(settings.LOGGING)


@worker_init.connect
def share_memory(**_signal: Any) -> None:
    """What is loaded before the pool is made stays shared with it: the collector must not touch it."""
    for family in _FAMILIES:
        # Each member is imported here once, and not in each process by the first task that needs it.
        tuple(import_string(family))
    gc.collect()
    gc.freeze()


@before_task_publish.connect
def send_request_id(headers: dict[str, Any], **_signal: Any) -> None:
    """Send the id of the request that queued a task along with it."""
    headers["omne_request_id"] = logs.current_request_id()


@task_prerun.connect
def hold_nothing_yet(**_signal: Any) -> None:
    """What a task leaves in its thread is no matter of the next one."""
    held.forget_held()


@task_postrun.connect
def give_back(retval: object, state: str | None, **_signal: Any) -> None:
    """A task that its worker's end cut short frees its row at once; one that broke leaves the reason there."""
    if state is None:
        held.hand_back()
    elif isinstance(retval, Exception):
        held.note_break(retval)


@task_prerun.connect
def take_request_id(task: "Task[..., Any]", **_signal: Any) -> None:
    """Let the task's log lines carry the id it came with."""
    logs.carry_request_id(task.request.get("omne_request_id"))


@task_postrun.connect
def drop_request_id(**_signal: Any) -> None:
    """Forget it when the task is over."""
    logs.carry_request_id(None)
