"""What stands behind a process is named where it is in trouble, and looked at rarely."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from omne_dsar import poked, readiness
from omne_dsar.embedded import ports
from requests_app.correspondence.models import Message
from tests.factories import ada_asks

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def looks_now(settings: Any, tmp_path: Path) -> Iterator[None]:
    settings.STORE_URL, settings.STORE_OPTIONS = f"file://{tmp_path}/store", {}
    readiness._seen.at = float("-inf")
    yield
    readiness._seen.at = float("-inf")
    readiness._seen.is_migrated = False


def _ready() -> dict[str, str]:
    response = Client().get("/health/ready")
    assert response.status_code == 200
    found: dict[str, str] = response.json()
    return found


def test_all_is_well() -> None:
    assert _ready()["store"] == "ok"
    assert _ready()["work"] == "ok"


def test_a_broker_that_is_away_is_named_and_requests_are_taken(settings: Any) -> None:
    settings.CELERY_BROKER_URL = f"redis://127.0.0.1:{ports.free_port()}/0"
    found = _ready()
    assert (found["status"], found["broker"]) == ("ready", "away")


def test_a_store_that_cannot_be_written_is_named(settings: Any) -> None:
    settings.STORE_URL = "file:///dev/null/store"
    assert _ready()["store"] == "away"


def test_work_that_nobody_takes_is_named() -> None:
    ada_asks()
    Message.objects.update(next_attempt_at=timezone.now() - timedelta(hours=1))
    assert _ready()["work"] == "waits for a worker"


def test_whoever_asks_often_makes_us_look_once(monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[int] = []
    monkeypatch.setattr(readiness, "_broker", lambda: str(looks.append(1) or "ok"))
    for _ in range(5):
        _ready()
    assert len(looks) == 1


def test_a_database_that_is_not_migrated_takes_no_visitors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readiness.MigrationExecutor, "migration_plan", lambda *_: ["something"])
    readiness._seen.is_migrated = False
    response = Client().get("/health/ready")
    assert (response.status_code, response.json()["reason"]) == (
        503,
        "The database is older than this program: run migrate.",
    )


def _poke(name: str = "requests_app.sweep_messages") -> None:
    poked._noted.clear()
    poked.note_poke(SimpleNamespace(name=name))


def test_a_beat_that_has_stopped_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    cache.delete("poked")
    assert _ready()["beat"] == "never heard of"
    _look_again()
    _poke("requests_app.deliver_message")
    assert _ready()["beat"] == "never heard of"
    _look_again()
    _poke()
    assert _ready()["beat"] == "ok"
    _look_again()
    monkeypatch.setattr(readiness, "LONGEST_SILENCE", -1.0)
    assert _ready()["beat"] == "silent"


def test_a_disk_that_is_almost_full_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readiness, "LEAST_FREE", 2**62)
    assert _ready()["store"] == "almost full"


def _look_again() -> None:
    readiness._seen.at = float("-inf")
