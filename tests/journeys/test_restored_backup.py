"""A backup of yesterday comes back, of a source, of our own database, or of both: the erased stay erased."""

import os
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import connection

from fulfillment.bundles.build import build_bundle
from fulfillment.bundles.discard import revoke_released
from fulfillment.bundles.models import Bundle, BundleState
from fulfillment.ledger.verify import verify_ledger
from fulfillment.runs.models import FulfillmentRun
from fulfillment.sources.models import DataSource
from omne_dsar.embedded.postgres import binaries
from requests_app.audit.actors import Actor
from requests_app.audit.models import AuditEntry
from requests_app.audit.verify import verify_chain
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.moves import Move
from requests_app.lifecycle.perform import perform
from requests_app.lifecycle.states import RequestState
from tests.databases import source_database
from tests.factories import NOON, SYSTEM, a_request_in, rosa
from tests.fulfillment.changes.by_connector.shop import connect, erasing, work
from tests.fulfillment.changes.shop import search
from tests.fulfillment.connectors.sql_changes.shop import TABLES, Shop
from tests.servers import TestServers, database_url, restore_the_database
from tests.sources import connect_shop

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def shop(running_servers: TestServers) -> Iterator[Shop]:
    with source_database(TABLES.format(json="jsonb")) as url:
        yield Shop(url)


@pytest.fixture(autouse=True)
def store_folder(settings: Any, tmp_path: Path) -> None:
    settings.STORE_URL, settings.STORE_OPTIONS = f"file://{tmp_path}/store", {}


def _run(program: str, *words: str) -> None:
    command = [str(binaries() / program), *words]
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ}, check=False)
    assert done.returncode == 0, done.stderr


def _dump(url: str, path: Path) -> None:
    _run("pg_dump", "--format=custom", f"--file={path}", url)


def _restore(url: str, path: Path) -> None:
    connection.close()
    _run(
        "pg_restore", "--clean", "--if-exists", "--no-owner", "--exit-on-error", f"--dbname={url}", str(path)
    )


def _replay() -> str:
    said = StringIO()
    call_command("replay_erasures", stdout=said)
    return said.getvalue()


def _is_gone(shop: Shop) -> bool:
    names = shop.rows("select name from people order by id")
    return names == [(None,), ("Jo Ann",)] and shop.rows("select id from visits") == [(3,)]


def _the_chain_holds() -> None:
    assert verify_chain().intact


def test_both_come_back_from_yesterday_and_the_erased_stay_erased(shop: Shop, tmp_path: Path) -> None:
    connect(shop)
    ours, theirs = tmp_path / "ours.dump", tmp_path / "theirs.dump"
    _dump(database_url(), ours)
    _dump(shop.url, theirs)
    asked = work(erasing())
    assert _is_gone(shop)
    Session.objects.create(session_key="since-then", session_data="", expire_date=NOON + timedelta(days=99))

    _restore(shop.url, theirs)
    _restore(database_url(), ours)
    assert not _is_gone(shop)
    assert not SubjectRequest.objects.filter(pk=asked.pk).exists()
    assert not Session.objects.exists()
    assert verify_ledger().behind == 1

    assert "1 entries behind the ledger" in _replay()
    assert _is_gone(shop)
    assert "still gone" in _replay()
    _the_chain_holds()
    assert "restored from a backup" in DataSource.objects.get().last_error


def test_our_own_database_is_lost_and_the_ledger_alone_is_enough(shop: Shop, tmp_path: Path) -> None:
    connect(shop)
    theirs = tmp_path / "theirs.dump"
    _dump(shop.url, theirs)
    work(erasing())
    restore_the_database()
    assert not FulfillmentRun.objects.exists()
    assert "No source is called" in _failing()
    connect(shop)
    _restore(shop.url, theirs)
    assert "records are there again" in _replay()
    assert _is_gone(shop)
    assert AuditEntry.objects.filter(event="change.replayed").count() == 1
    _the_chain_holds()


def _released_copy(monkeypatch: pytest.MonkeyPatch) -> SubjectRequest:
    """A copy that can be fetched; the seconds that setting its letter takes are spared."""
    monkeypatch.setattr("fulfillment.bundles.formats.pdf.pdf_of", lambda html, *, beat: b"%PDF-1.7 test")
    connect_shop()
    asked = a_request_in(RequestState.FULFILLING)
    search(asked)
    perform(subject_request_id=asked.pk, move=Move.FINISH_REVIEW, by=Actor.staff(rosa()), at=NOON)
    bundle = Bundle.objects.get()
    assert build_bundle(bundle_id=bundle.pk, at=NOON)
    until = NOON + timedelta(days=30)
    Bundle.objects.update(released_at=NOON, expires_at=until, recipient_index="0" * 64)
    return asked


def test_a_copy_that_was_taken_back_since_cannot_be_fetched_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, ours = _released_copy(monkeypatch), tmp_path / "ours.dump"
    _dump(database_url(), ours)
    revoke_released(subject_request=asked, by=SYSTEM, at=NOON)
    _restore(database_url(), ours)
    assert Bundle.objects.get().state == BundleState.COMPLETE
    assert "1 copies revoked" in _replay()
    assert Bundle.objects.get().state == BundleState.REVOKED
    _the_chain_holds()


def _failing() -> str:
    said = StringIO()
    with pytest.raises(Exception, match="1 of 1"):
        call_command("replay_erasures", stdout=said)
    return said.getvalue()
