"""What stands behind this process: looked at rarely, whoever asks how often, and told without a word of anybody."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Min
from django.db.models.functions import Now
from kombu import Connection
from kombu.exceptions import OperationalError

from omne_dsar.poked import seconds_since_poke
from requests_app.encryption.store import current_store
from requests_app.leases.lease import free_work
from requests_app.leases.models import LeasedWork

# Nobody makes us look more often, and a look takes its second at most.
EVERY_SECONDS = 10.0
BROKER_SECONDS = 1
# The sweep offers what is due every 15 seconds: what lay longer has no worker.
LONGEST_WAIT = timedelta(minutes=10)
LONGEST_SILENCE = 5 * 60.0
# A copy is written beside what is there already: with less it will not end well.
LEAST_FREE = 256 * 1024 * 1024
OK = "ok"


@dataclass
class _Seen:
    """What was seen last, and when."""

    at: float = float("-inf")
    parts: dict[str, str] = field(default_factory=dict)
    is_migrated: bool = False


_seen = _Seen()


def is_migrated() -> bool:
    """Whether the database has every migration of this program; once it has, it keeps them."""
    if not _seen.is_migrated:
        executor = MigrationExecutor(connection)
        _seen.is_migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return _seen.is_migrated


def parts() -> dict[str, str]:
    """The broker, the file store, the work that waits and beat, each "ok" or what is wrong."""
    if time.monotonic() - _seen.at >= EVERY_SECONDS:
        looks = {"broker": _broker, "store": _store, "work": _work, "beat": _beat}
        _seen.parts = {name: _known(look) for name, look in looks.items()}
        _seen.at = time.monotonic()
    return _seen.parts


def kinds_of_work() -> list[type[LeasedWork]]:
    """Every sort of row that is a piece of work."""
    return [model for model in apps.get_models() if issubclass(model, LeasedWork)]


def _known(look: Callable[[], str]) -> str:
    try:
        return look()
    except DatabaseError:
        return "unknown while the database is away"


def _broker() -> str:
    limits = {"socket_timeout": BROKER_SECONDS, "socket_connect_timeout": BROKER_SECONDS}
    with Connection(settings.CELERY_BROKER_URL, transport_options=limits) as broker:
        try:
            broker.ensure_connection(max_retries=1, interval_start=0, timeout=BROKER_SECONDS)
        except (OperationalError, OSError):
            return "away"
    return OK


def _store() -> str:
    store = current_store()
    if not store.is_reachable():
        return "away"
    free = store.free_bytes()
    return OK if free is None or free >= LEAST_FREE else "almost full"


def _work() -> str:
    late = free_work()
    for model in kinds_of_work():
        waiting = model._default_manager.filter(late, next_attempt_at__lt=Now() - LONGEST_WAIT)
        if waiting.aggregate(first=Min("next_attempt_at"))["first"] is not None:
            return "waits for a worker"
    return OK


def _beat() -> str:
    """Nothing else shows that beat has stopped, or that no worker takes what it sends, while nothing is due."""
    silent = seconds_since_poke()
    if silent is None:
        return "never heard of"
    return OK if silent <= LONGEST_SILENCE else "silent"
