"""The download from a real server and both stores: whole, broken off, gone on with."""

import hashlib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.conf import settings as configured
from django.contrib.sessions.backends.db import SessionStore
from django.urls import reverse
from django.utils import timezone

from fulfillment.bundles.build import build_bundle
from fulfillment.bundles.discard import revoke_released
from fulfillment.bundles.models import Bundle, BundleFetch
from fulfillment.bundles.release import release_bundle
from requests_app.accounts.permissions import PORTAL_SESSION_KEY
from requests_app.audit.actors import Actor
from requests_app.encryption.store import new_name
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.states import RequestState
from requests_app.portal.sessions import DOWNLOAD_UNTIL_KEY, UNTIL_KEY
from tests.factories import piet
from tests.fulfillment.bundles.conftest import LATER
from tests.waiting import wait_until
from tests.web import RealWeb

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture(params=["disk", "s3"])
def store_folder(request: pytest.FixtureRequest, settings: Any, tmp_path: Path) -> dict[str, str]:
    """The store of this test, and what the server has to know of it."""
    if request.param == "disk":
        settings.STORE_URL, settings.STORE_OPTIONS = f"file://{tmp_path}/store", {}
        return {}
    s3 = request.getfixturevalue("s3")
    bucket = f"copies-{new_name()}"
    s3.bucket(bucket)
    settings.STORE_URL, settings.STORE_OPTIONS = f"s3://{bucket}/files", s3.options
    return {"STORE_ENDPOINT": s3.url, "STORE_ACCESS_KEY": s3.key, "STORE_SECRET_KEY": s3.secret}


@pytest.fixture
def released(waiting_bundle: Bundle, without_letter: None) -> Bundle:
    assert build_bundle(bundle_id=waiting_bundle.pk, at=LATER)
    release_bundle(bundle_id=waiting_bundle.pk, by=Actor.staff(piet()), at=timezone.now())
    return Bundle.objects.select_related("subject_request").get(pk=waiting_bundle.pk)


@pytest.fixture
def web(
    store_folder: dict[str, str], broker_address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[RealWeb]:
    for name, value in store_folder.items():
        monkeypatch.setenv(name, value)
    web = RealWeb(broker_url=broker_address, log=tmp_path / "web.log")
    web.start()
    yield web
    web.stop()


@pytest.fixture
def person(web: RealWeb, released: Bundle) -> Iterator[httpx.Client]:
    """Somebody who has opened their request and entered a fresh code."""
    until = timezone.now() + timedelta(minutes=30)
    session = SessionStore()
    session[PORTAL_SESSION_KEY] = released.subject_request.reference
    session[UNTIL_KEY] = session[DOWNLOAD_UNTIL_KEY] = until.timestamp()
    session.create()
    cookies = {configured.SESSION_COOKIE_NAME: session.session_key or ""}
    with httpx.Client(base_url=web.url, cookies=cookies, timeout=30) as client:
        yield client


def test_a_copy_is_fetched_looked_at_broken_off_and_gone_on_with(
    person: httpx.Client, released: Bundle
) -> None:
    address, tag = reverse("bundles:fetch", args=[released.pk]), f'"{released.sha256}"'
    looked = person.head(address)
    assert looked.status_code == 200
    assert (looked.headers["content-length"], looked.headers["accept-ranges"]) == (
        str(released.size),
        "bytes",
    )
    assert looked.headers["etag"] == tag
    assert not BundleFetch.objects.exists()

    begun = person.get(address, headers={"Range": "bytes=0-999"})
    assert (begun.status_code, len(begun.content)) == (206, 1000)
    assert begun.headers["content-range"] == f"bytes 0-999/{released.size}"
    assert _state(released) == RequestState.READY
    rest = person.get(address, headers={"Range": "bytes=1000-", "If-Range": tag})
    assert (rest.status_code, _hash(begun.content + rest.content)) == (206, released.sha256)
    assert rest.headers["content-range"] == f"bytes 1000-{released.size - 1}/{released.size}"
    wait_until(lambda: _state(released) == RequestState.COMPLETED)
    assert person.get(address, headers={"Range": f"bytes={released.size}-"}).status_code == 416
    # What was begun of an older copy is not gone on with.
    older = person.get(address, headers={"Range": "bytes=1000-", "If-Range": '"older"'})
    assert (older.status_code, _hash(older.content)) == (200, released.sha256)


def test_the_address_alone_gives_nothing_and_a_copy_that_is_taken_back_is_gone(
    web: RealWeb, person: httpx.Client, released: Bundle
) -> None:
    address = reverse("bundles:fetch", args=[released.pk])
    turned_away = httpx.get(f"{web.url}{address}")
    assert turned_away.status_code == 302
    assert "application/zip" not in str(turned_away.headers)
    assert person.get(address).status_code == 200
    revoke_released(subject_request=released.subject_request, by=Actor.staff(piet()), at=timezone.now())
    assert person.get(address, headers={"Range": "bytes=5-"}).status_code == 410


def _state(bundle: Bundle) -> str:
    return SubjectRequest.objects.get(pk=bundle.subject_request_id).state


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
