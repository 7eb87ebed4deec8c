"""A backup of yesterday comes back, of a source, of our own database, or of both: the erased stay erased."""

import hashlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from fulfillment.bundles.build import build_bundle
from fulfillment.bundles.discard import revoke_released
from fulfillment.bundles.models import Bundle, BundleState
from fulfillment.bundles.release import release_bundle
from fulfillment.ledger.verify import verify_ledger
from fulfillment.runs.models import FulfillmentRun
from fulfillment.sources.models import DataSource
from omne_dsar.embedded.postgres import binaries
from requests_app.accounts.permissions import PORTAL_SESSION_KEY
from requests_app.audit.actors import Actor
from requests_app.audit.anchors.deposit import leave_anchor
from requests_app.audit.anchors.make import anchor_daily, anchor_today
from requests_app.audit.anchors.models import AuditAnchor
from requests_app.audit.models import AuditEntry
from requests_app.audit.verify import verify_chain
from requests_app.correspondence.models import Message
from requests_app.encryption.orphans import remove_orphans
from requests_app.encryption.store import current_store
from requests_app.identity.codes import check_code, issue_code
from requests_app.identity.errors import WrongCode
from requests_app.identity.models import Purpose
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.states import RequestState
from requests_app.portal.sessions import DOWNLOAD_UNTIL_KEY, UNTIL_KEY
from tests.databases import source_database
from tests.factories import NOON, SYSTEM, a_request_in, ada_asks, piet, rosa
from tests.fulfillment.changes.by_connector.shop import connect, erasing, work
from tests.fulfillment.changes.shop import search
from tests.fulfillment.connectors.sql_changes.shop import TABLES, Shop
from tests.reviewing import finish_review
from tests.rewriting import rewritten
from tests.servers import TestServers, database_url, restore_the_database
from tests.sources import connect_shop

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


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
    finish_review(asked, by=Actor.staff(rosa()), at=NOON)
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


def _let_go(monkeypatch: pytest.MonkeyPatch, email: str) -> Bundle:
    """A copy that a second person released today; the seconds that setting its letter takes are spared."""
    monkeypatch.setattr("fulfillment.bundles.formats.pdf.pdf_of", lambda html, *, beat: b"%PDF-1.7 test")
    asked = a_request_in(RequestState.FULFILLING, email=email)
    search(asked)
    finish_review(asked, by=Actor.staff(rosa()), at=NOON)
    bundle = Bundle.objects.get(subject_request=asked)
    assert build_bundle(bundle_id=bundle.pk, at=NOON)
    return release_bundle(bundle_id=bundle.pk, by=Actor.staff(piet()), at=timezone.now())


def _mailed(asked: SubjectRequest, purpose: Purpose, secret: str = "code") -> str:
    assert issue_code(subject_request=asked, purpose=purpose, by=SYSTEM, at=timezone.now())
    return str(Message.objects.filter(subject_request=asked).latest("written_at", "pk").secrets[secret])


def _fetched(bundle: Bundle, *, by: SubjectRequest) -> tuple[int, str]:
    """The status of the address of a copy, and the hash of what comes, for whoever opened a request."""
    now, client = timezone.now().timestamp(), Client()
    session = client.session
    session.update({PORTAL_SESSION_KEY: by.reference, UNTIL_KEY: now + 1200, DOWNLOAD_UNTIL_KEY: now + 1200})
    session.save()
    answer = client.get(reverse("bundles:fetch", args=[bundle.pk]))
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
    return answer.status_code, hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize("store_too", [False, True], ids=["the store stayed", "the store came back too"])
def test_what_was_mailed_since_opens_nothing_and_a_copy_of_before_opens_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, store_too: bool
) -> None:
    connect_shop()
    kept, store = _let_go(monkeypatch, "ada@example.org"), tmp_path / "store"
    before = _mailed(kept.subject_request, Purpose.DOWNLOAD)
    ours = tmp_path / "ours.dump"
    _dump(database_url(), ours)
    shutil.copytree(store, tmp_path / "store.then")

    late = _let_go(monkeypatch, "late@example.org")
    waiting = ada_asks(email="latest@example.org", at=timezone.now())
    link = urlsplit(Message.objects.get(subject_request=waiting).secrets["link"]).path
    since = _mailed(kept.subject_request, Purpose.DOWNLOAD)
    assert Client().get(link).status_code == 200
    assert _fetched(late, by=late.subject_request) == (200, late.sha256)
    _anchored(1)

    _restore(database_url(), ours)
    if store_too:
        shutil.rmtree(store)
        shutil.copytree(tmp_path / "store.then", store)
    assert "older than its anchors" in _replay()
    assert Client().get(link).status_code in (404, 410)
    for code in (before, since):
        with pytest.raises(WrongCode):
            check_code(
                reference=kept.subject_request.reference,
                code=code,
                purposes=(Purpose.DOWNLOAD,),
                at=timezone.now(),
            )
    again = _let_go(monkeypatch, "again@example.org")
    for person in (kept.subject_request, again.subject_request):
        status, digest = _fetched(late, by=person)
        assert status in (404, 410)
        assert digest not in {kept.sha256, late.sha256, again.sha256}
    assert _fetched(kept, by=kept.subject_request) == (200, kept.sha256)
    fresh = _mailed(kept.subject_request, Purpose.DOWNLOAD)
    reference = kept.subject_request.reference
    assert check_code(reference=reference, code=fresh, purposes=(Purpose.DOWNLOAD,), at=timezone.now())
    names = set(current_store().names())
    remove_orphans(at=timezone.now() + timedelta(days=2))
    assert (late.store_name in names, late.store_name in current_store().names()) == (not store_too, False)
    assert _fetched(kept, by=kept.subject_request) == (200, kept.sha256)


def _anchored(day: int) -> AuditAnchor:
    anchor = anchor_today(at=NOON + timedelta(days=day))
    assert anchor is not None
    for deposit in anchor.deposits.all():
        assert leave_anchor(deposit_id=deposit.pk, at=NOON)
    return anchor


def _verified() -> str:
    said = StringIO()
    call_command("verify_audit", stdout=said)
    return said.getvalue()


def test_the_anchors_say_that_the_newer_end_is_missing_until_that_is_acknowledged(
    shop: Shop, tmp_path: Path
) -> None:
    connect(shop)
    before, ours = _anchored(0), tmp_path / "ours.dump"
    _dump(database_url(), ours)
    work(erasing())
    after = _anchored(1)
    _restore(database_url(), ours)
    _replay()
    with pytest.raises(CommandError, match=rf"entry {after.position} (was|is not).*acknowledge_restore"):
        _verified()
    anchor_daily(at=NOON + timedelta(days=2))
    assert AuditAnchor.objects.count() == 1

    call_command("acknowledge_restore", stdout=StringIO())
    assert "A restored backup was acknowledged" in _verified()
    assert AuditEntry.objects.filter(event="audit.restore_acknowledged").count() == 1
    with pytest.raises(CommandError, match="no restore to acknowledge"):
        call_command("acknowledge_restore", stdout=StringIO())
    ada_asks()
    _anchored(3)
    assert "1 anchors after it hold no more" in _verified()

    rewritten("UPDATE log SET actor_key = 'x' WHERE position = 1")
    with pytest.raises(CommandError, match=f"Entry {before.position} is not the one"):
        _verified()


def _failing() -> str:
    said = StringIO()
    with pytest.raises(Exception, match="1 of 1"):
        call_command("replay_erasures", stdout=said)
    return said.getvalue()
