"""Years later nothing of the people is left: not in a table, a file, a log, the broker, the ledger or a session.

A word stands in whatever they and their sources say. They ask through the public pages of a real web server, with a
real worker, beat, broker and PostgreSQL, whose clock then goes ahead by some years; a process and the worker forget.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import redis
from django.apps import apps
from django.conf import settings as settings_of_django
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from fulfillment.bundles.models import Bundle
from fulfillment.identities.models import KnownIdentity
from fulfillment.ledger.shelf import current_shelf
from fulfillment.runs.models import SourceTask
from omne_dsar import settings as shipped
from omne_dsar.demo.accounts import ensure_staff
from omne_dsar.embedded.servers import Servers
from requests_app import tasks as case
from requests_app.audit.verify import verify_chain
from requests_app.encryption.models import DoomedFile
from requests_app.encryption.store import current_store
from requests_app.identity.models import MailedCode
from requests_app.lifecycle.models import SubjectRequest
from requests_app.retention.base import kinds
from requests_app.retention.models import PurgeRun
from tests import canary
from tests.architecture.test_everything_kept_has_its_end import OF_NO_PERSON
from tests.beat import RealBeat
from tests.canary import WORD
from tests.clocks import clock_off_by
from tests.databases import source_database
from tests.fulfillment.connectors.sql_changes.shop import Shop
from tests.journeys import canary_cast as cast
from tests.journeys import canary_stories as stories
from tests.journeys.canary_cast import Desk, Home
from tests.journeys.conftest import OpenedPost
from tests.mailbox import Mailbox
from tests.servers import database_url
from tests.waiting import wait_until
from tests.web import RealWeb
from tests.worker import RealWorker, shared_keys

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
YEARS = timedelta(days=4 * 366)
# Where the word is to be found before anything is forgotten.
BEFORE = {
    "requests_app.Draft",
    "requests_app.Submission",
    "requests_app.SubjectRequest",
    "requests_app.Message",
    "requests_app.Letter",
    "requests_app.Verification",
    "requests_app.Evidence",
    "requests_app.AskedQuestion",
    "fulfillment.KnownIdentity",
    "fulfillment.ReviewDecision",
    "fulfillment.ChangeTask",
    "a file of requests_app.Evidence",
    "a file of fulfillment.OwnerUpload",
    "a file of fulfillment.SourceTask",
    "a file of fulfillment.FoundFile",
    "a file of fulfillment.ReceiptFile",
    "a file of fulfillment.Bundle",
}
KEYS_BEFORE = {
    "requests_app_subjectrequest",
    "requests_app_mailedcode",
    "fulfillment_knownidentity",
    "fulfillment_bundle",
}
PURGED_FIRST = {
    "fulfillment.Bundle",
    "fulfillment.SourceTask",
    "fulfillment.FoundFile",
    "fulfillment.OwnerUpload",
}
# What stays of somebody when their record is gone, by docs/retention.md, and why none of it is personal.
STAYS = {
    "requests_app.SubjectRequest": "reference, right, law, place, dates, state and outcome: a figure",
    "requests_app.Submission": "the channel, the day and the language",
    "requests_app.Letter": "which letter was written when, with the hashes of texts that are gone",
    "requests_app.Verification": "by which way a proof was given, when, and what became of it",
    "requests_app.AskedQuestion": "that and when a question stopped the clock",
    "requests_app.Weighed": "which way it was decided, on what ground",
    "requests_app.StaffMail": "which reminder our own staff had, and when",
    "fulfillment.SourceTask": "which source was asked when, and how many rows it gave",
    "fulfillment.Finding": "how many rows a collection gave, and what was decided about them",
    "fulfillment.Sweep": "how much was gone through",
    "fulfillment.ChangeTask": "what was changed where, by whom, when, in how many records",
    "fulfillment.Bundle": "how large the copy was, of how many parts and records",
    "fulfillment.BundleFetch": "that and when the copy was fetched",
}


@dataclass
class Installation:
    """Everything that runs, and where each part may have left something."""

    postgres: Servers
    web: RealWeb
    beat: RealBeat
    hire: Callable[..., RealWorker]
    broker: redis.Redis
    folder: Path

    def start(self) -> None:
        self.web.start()
        self.beat.start()
        self.worker = self.hire()

    def stop(self) -> None:
        self.worker.stop()
        self.beat.stop()
        self.web.stop()

    def years_pass(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """PostgreSQL, whose clock everybody asks, starts again years later; so does whatever starts from now on."""
        connection.close()
        self.postgres.stop()
        for name, value in clock_off_by(int(YEARS.total_seconds())).items():
            monkeypatch.setenv(name, value)
        self.postgres.start_postgres()

    def logs(self) -> dict[str, str]:
        return {path.name: path.read_text("utf-8", "replace") for path in self.folder.glob("*.log")}


@pytest.fixture
def shop() -> Iterator[Shop]:
    with source_database(cast.TABLES) as url:
        yield Shop(url)


@pytest.fixture
def installation(
    own_postgres: Servers,
    hire_worker: Callable[..., RealWorker],
    broker: redis.Redis,
    broker_address: str,
    settings: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Installation]:
    settings.PASSWORD_HASHERS = shipped.PASSWORD_HASHERS
    monkeypatch.setenv("LOG_LEVEL", "DEBUG")
    # What a part puts down for a moment is searched as well.
    for name in ("TMPDIR", "OMNE_VAR"):
        (tmp_path / name).mkdir()
        monkeypatch.setenv(name, str(tmp_path / name))
    web = RealWeb(broker_url=broker_address, log=tmp_path / "web.log")
    beat = RealBeat(broker_url=broker_address, folder=tmp_path, name="beat")
    made = Installation(own_postgres, web, beat, hire_worker, broker, tmp_path)
    try:
        made.start()
        yield made
    finally:
        beat.stop()
        web.stop()


def test_years_later_nothing_of_the_people_is_found(
    installation: Installation,
    shop: Shop,
    mailbox: Mailbox,
    post: OpenedPost,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cast.connect(shop)
    ensure_staff()
    home = Home(installation.web.url, post, mailbox, installation.folder)
    desk = Desk(installation.web.url)
    stories.gil_leaves_half_way(home)
    stories.cy_is_refused(home, desk)
    stories.eva_wants_no_marketing(home, desk)
    stories.fay_does_not_want_what_an_agent_asked(home)
    stories.dee_stays_as_she_is(home, desk)
    stories.bo_is_deleted(home, desk)
    stories.ada_fetches_her_copy(home, desk)
    assert set(SubjectRequest.objects.values_list("state", flat=True)) == {
        "completed",
        "refused",
        "withdrawn",
    }
    home.look_around()
    assert home.seen >= BEFORE
    _the_search_finds_what_is_there(installation)
    keys = _keys()
    installation.stop()
    installation.years_pass(monkeypatch)

    first = _forgotten_by_a_process(at=timezone.now() + timedelta(days=40))
    assert first["requests"] == 0
    assert PURGED_FIRST.isdisjoint(canary.in_opened_files())
    _forgotten_by_the_worker(installation)

    assert canary.in_database() == []
    assert canary.unsealed() == {}
    assert canary.keys_in_database(keys) == []
    assert not Session.objects.exists()
    assert canary.in_broker(installation.broker) == []
    assert (list(current_store().names()), DoomedFile.objects.count()) == ([], 0)
    _nothing_lies_beside(installation, keys)
    assert _with_rows() <= set(STAYS)
    _nothing_but_figures_stays()
    assert verify_chain().intact


def _keys() -> set[str]:
    """Every keyed hash by which somebody who had the keys could ask whether one of them was here."""
    named = {
        *SubjectRequest.objects.values_list("subject_email_index", flat=True),
        *KnownIdentity.objects.values_list("value_index", flat=True),
        *MailedCode.objects.values_list("address_index", flat=True),
        *Bundle.objects.values_list("recipient_index", flat=True),
        *SourceTask.objects.values_list("asked_by_hash", flat=True),
    }
    kept = [hashes for entry in current_shelf().entries() for hashes in entry.identities.values()]
    return {each for each in named if len(each) == 64}.union(*kept)


def _the_search_finds_what_is_there(installation: Installation) -> None:
    """Before it is their day, each search finds what it is to find nothing of later."""
    keys = _keys()
    assert set(canary.keys_in_database(keys)) >= KEYS_BEFORE
    assert [entry for entry in current_shelf().entries() if entry.identities]
    assert Session.objects.exists()
    planted = installation.folder / "TMPDIR" / "planted"
    planted.write_text(WORD)
    assert canary.in_folder(planted.parent) == ["planted"]
    planted.unlink()


def _forgotten_by_a_process(*, at: datetime) -> dict[str, Any]:
    """What `manage.py purge` says of itself."""
    done = subprocess.run(
        [sys.executable, "manage.py", "purge", "--at", f"{at:%Y-%m-%d}", "--json"],
        cwd=settings_of_django.BASE_DIR,
        env={**os.environ, **_environment()},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert not canary.holds(done.stdout + done.stderr)
    said: dict[str, Any] = json.loads(done.stdout)
    return said


def _environment() -> dict[str, str]:
    return {
        "DJANGO_SETTINGS_MODULE": "omne_dsar.settings",
        "DATABASE_URL": database_url(),
        "STORE_URL": settings_of_django.STORE_URL,
        "LEDGER_URL": settings_of_django.LEDGER_URL,
        **shared_keys(),
    }


def _forgotten_by_the_worker(installation: Installation) -> None:
    """The daily task, to its end."""
    installation.worker = installation.hire()
    case.begin_purge.apply_async(retry=False)
    run = PurgeRun.objects.exclude(slot__startswith="command")
    wait_until(run.filter(ended_at__isnull=False).exists, seconds=90)
    installation.worker.stop()
    assert (run.get().requests, run.get().held) == (SubjectRequest.objects.count(), 0)


def _with_rows() -> set[str]:
    models = [
        each for label in ("requests_app", "fulfillment") for each in apps.get_app_config(label).get_models()
    ]
    return {
        each._meta.label
        for each in models
        if not each._meta.proxy and each._meta.label not in OF_NO_PERSON and each._default_manager.exists()
    }


def _nothing_but_figures_stays() -> None:
    """Every column that a kind of kept thing empties is empty in every row."""
    for _key, kind in kinds():
        for part in kind.rows:
            for row in part.model._default_manager.all():
                for name, value in part.empties.items():
                    held, empty = getattr(row, name), value() if callable(value) else value
                    held = bytes(held) if isinstance(held, memoryview) else held
                    assert held == empty, f"{part.model._meta.label}.{name} is not empty"


def _files_in(folder: Path) -> list[str]:
    return [str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()]


def _nothing_lies_beside(installation: Installation, keys: set[str]) -> None:
    logs = installation.logs()
    assert len(logs) >= 4
    assert {name: canary.in_lines(log) for name, log in logs.items() if canary.in_lines(log)} == {}
    assert all("DEBUG" in logs[name] for name in ("worker1.log", "worker2.log"))
    assert _files_in(installation.folder / "store") == []
    assert _files_in(installation.folder / "TMPDIR") == []
    assert canary.in_folder(installation.folder / "OMNE_VAR") == []
    ledger = installation.folder / "ledger"
    assert canary.in_folder(ledger) == []
    said = "".join((ledger / name).read_text("utf-8") for name in _files_in(ledger))
    assert [each for each in keys if each in said] == []
    assert canary.in_pages_of(installation.postgres.postgres.folder) == []
