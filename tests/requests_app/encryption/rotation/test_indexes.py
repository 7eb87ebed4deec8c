"""People are found by the old key and the new one while it is rotated, by the new one alone afterwards."""

import base64
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as product
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from fulfillment.bundles.build import build_bundle
from fulfillment.bundles.download import open_bundle_of
from fulfillment.bundles.models import Bundle
from fulfillment.bundles.release import release_bundle
from fulfillment.identities.add import NewIdentity, propose
from fulfillment.identities.models import KnownIdentity
from fulfillment.identities.states import Found
from fulfillment.runs.rounds import changed_since
from requests_app.audit.actors import Actor
from requests_app.correspondence.models import Message
from requests_app.encryption.blind_index import blind_indexes
from requests_app.encryption.rotation.indexes import By, index_standing, indexed_columns, renew_indexes
from requests_app.identity.codes import PER_HOUR, check_code, issue_code
from requests_app.identity.models import MailedCode, Purpose
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.related import possible_duplicates
from requests_app.lifecycle.selectors import requests_of
from requests_app.lifecycle.states import RequestState
from tests.desk import signed_in
from tests.factories import NOON, SYSTEM, a_request_in, ada_asks, piet, rosa
from tests.fulfillment.changes.shop import search
from tests.reviewing import finish_review
from tests.servers import database_url
from tests.sources import connect_shop

pytestmark = pytest.mark.django_db(transaction=True)
OLD, NEW = b"o" * 32, b"n" * 32
ADA = "ada@example.org"


@pytest.fixture
def asked(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SubjectRequest:
    """Ada's copy was released and a second request of hers waits, all under the old key; then the new one writes."""
    monkeypatch.setattr("fulfillment.bundles.formats.pdf.pdf_of", lambda html, *, beat: b"%PDF-1.7 test")
    settings.STORE_URL, settings.STORE_OPTIONS = f"file://{tmp_path}/store", {}
    settings.BLIND_INDEX_KEY, settings.BLIND_INDEX_OTHER_KEYS = OLD, (NEW,)
    connect_shop()
    asked = a_request_in(RequestState.FULFILLING)
    search(asked)
    finish_review(asked, by=Actor.staff(rosa()), at=NOON)
    bundle = Bundle.objects.get()
    assert build_bundle(bundle_id=bundle.pk, at=NOON)
    release_bundle(bundle_id=bundle.pk, by=Actor.staff(piet()), at=NOON)
    ada_asks()
    settings.BLIND_INDEX_KEY, settings.BLIND_INDEX_OTHER_KEYS = NEW, (OLD,)
    return SubjectRequest.objects.get(pk=asked.pk)


def _everything_is_found(asked: SubjectRequest) -> None:
    asked = SubjectRequest.objects.get(pk=asked.pk)
    other = SubjectRequest.objects.exclude(pk=asked.pk).get(state=RequestState.AWAITING_IDENTITY)
    assert set(requests_of("ADA@example.org")) == {asked, other}
    assert possible_duplicates(other) == [asked]
    assert open_bundle_of(asked, at=NOON) is not None
    assert changed_since(asked.runs.get()) == frozenset()
    known = KnownIdentity.objects.get(subject_request=asked)
    twice = NewIdentity(known.kind, known.value, Found.STAFF)
    assert propose(subject_request=asked, new=[twice], by=SYSTEM, at=NOON) == []
    _staff_find(asked, other)


def _staff_find(*found: SubjectRequest) -> None:
    client: Client = signed_in(rosa())
    page = client.post("/staff/queue/find/", {"words": ADA}, follow=True).content.decode()
    assert all(each.reference in page for each in found)


def _rotated(*words: str) -> dict[str, Any]:
    said = StringIO()
    call_command("rotate_keys", "--json", *words, stdout=said)
    found: dict[str, Any] = json.loads(said.getvalue())
    return found


def test_every_one_is_found_before_while_and_after(asked: SubjectRequest, settings: Any) -> None:
    _everything_is_found(asked)
    before = _rotated("--dry-run")["indexes"]
    assert (before["active"], before["neither"]) == (0, 0)
    done = _rotated()
    assert done["indexed"] == before["other"] > 5
    assert done["indexes"] == {"active": before["other"], "other": 0, "neither": 0}
    _everything_is_found(asked)
    settings.BLIND_INDEX_OTHER_KEYS = ()
    _everything_is_found(asked)
    settings.BLIND_INDEX_KEY = OLD
    assert not requests_of(ADA).exists()


def test_every_table_that_is_found_by_the_key_is_known() -> None:
    """A column that the key writes and nobody named would lose its people without a word."""
    assert {each.name for each in indexed_columns()} == {
        "requests_app_subjectrequest.subject_email_index",
        "requests_app_mailedcode.address_index",
        "fulfillment_knownidentity.value_index",
        "fulfillment_bundle.recipient_index",
        "fulfillment_sourcetask.asked_by_hash",
        "fulfillment_rehearsal.decided",
    }


def test_a_code_that_was_mailed_before_works_and_the_count_of_the_address_goes_on(
    asked: SubjectRequest, settings: Any
) -> None:
    waiting = SubjectRequest.objects.get(state=RequestState.AWAITING_IDENTITY)
    settings.BLIND_INDEX_KEY, settings.BLIND_INDEX_OTHER_KEYS = OLD, (NEW,)
    now = timezone.now()
    for number in range(PER_HOUR):
        at = now - timedelta(seconds=PER_HOUR - number)
        issue_code(subject_request=waiting, purpose=Purpose.PORTAL, by=SYSTEM, at=at)
    code = Message.objects.filter(notice="portal_code").latest("written_at").secrets["code"]
    settings.BLIND_INDEX_KEY, settings.BLIND_INDEX_OTHER_KEYS = NEW, (OLD,)
    assert not issue_code(subject_request=waiting, purpose=Purpose.PORTAL, by=SYSTEM, at=now)
    renew_indexes(told=lambda _place, _count: None)
    assert not issue_code(subject_request=waiting, purpose=Purpose.PORTAL, by=SYSTEM, at=now)
    used = check_code(reference=waiting.reference, code=code, purposes=(Purpose.PORTAL,), at=now)
    assert used.address_index == blind_indexes("email", ADA)[0]
    assert used.subject_request_id == waiting.pk


def test_a_copy_pinned_to_an_address_of_before_stays_pinned(asked: SubjectRequest) -> None:
    bundle = Bundle.objects.get()
    elsewhere = blind_indexes("email", "someone-else@example.org")[1]
    Bundle.objects.update(recipient_index=elsewhere)
    renew_indexes(told=lambda _place, _count: None)
    bundle.refresh_from_db()
    assert bundle.recipient_index == elsewhere
    assert open_bundle_of(SubjectRequest.objects.get(pk=asked.pk), at=NOON) is None
    assert index_standing()[By.NEITHER] == 1


def test_a_row_that_is_written_back_as_it_was_read_is_met_again(asked: SubjectRequest) -> None:
    renew_indexes(told=lambda _place, _count: None)
    asked.save()
    assert index_standing()[By.OTHER] == 1
    assert renew_indexes(told=lambda _place, _count: None) == 1
    assert index_standing()[By.OTHER] == 0


@pytest.fixture
def rotating(asked: SubjectRequest) -> Iterator[subprocess.Popen[str]]:
    """The command in a process of its own."""
    for number in range(300):
        code = MailedCode.objects.order_by("pk").first()
        assert code is not None
        code.pk, code.token_digest = None, None
        code.code_digest = f"{number}"
        code._state.adding = True
        code.save()
    keys = {
        "BLIND_INDEX_KEY": base64.b64encode(NEW).decode(),
        "BLIND_INDEX_OTHER_KEYS": base64.b64encode(OLD).decode(),
    }
    ring = ",".join(f"{name}:{base64.b64encode(key).decode()}" for name, key in product.FIELD_KEYS.items())
    process = subprocess.Popen(
        [sys.executable, "manage.py", "rotate_keys", "--json"],
        cwd=product.BASE_DIR,
        env={**os.environ, **keys, "DATABASE_URL": database_url(), "FIELD_KEYS": ring},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    yield process
    process.kill()
    process.communicate()


def test_killed_in_the_middle_it_goes_on(asked: SubjectRequest, rotating: subprocess.Popen[str]) -> None:
    while index_standing()[By.ACTIVE] == 0 and rotating.poll() is None:
        pass
    rotating.kill()
    rotating.wait()
    assert index_standing()[By.NEITHER] == 0
    _everything_is_found(asked)
    assert _rotated()["indexes"]["other"] == 0
    _everything_is_found(asked)
