"""The download: for an opened request with a fresh code, streamed, resumable, recorded."""

import hashlib
import io
import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from fulfillment.bundles.download import open_for_download
from fulfillment.bundles.models import Bundle, BundleFetch
from fulfillment.bundles.release import release_bundle
from fulfillment.bundles.verify import verify_bundle
from requests_app.accounts.permissions import PORTAL_SESSION_KEY
from requests_app.audit.actors import Actor
from requests_app.audit.models import AuditEntry
from requests_app.encryption.signing import own_public_key
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.states import RequestState
from requests_app.portal.sessions import DOWNLOAD_UNTIL_KEY, UNTIL_KEY
from tests.factories import ada_asks, piet


@pytest.fixture
def released(built_bundle):
    release_bundle(bundle_id=built_bundle.pk, by=Actor.staff(piet()), at=timezone.now())
    return Bundle.objects.get(pk=built_bundle.pk)


def open_session(client, reference, *, code_minutes=30):
    now = timezone.now()
    session = client.session
    session[PORTAL_SESSION_KEY] = reference
    session[UNTIL_KEY] = (now + timedelta(minutes=20)).timestamp()
    session[DOWNLOAD_UNTIL_KEY] = (now + timedelta(minutes=code_minutes)).timestamp()
    session.save()


@pytest.fixture
def ada(client, released):
    """Ada's browser, with her request opened and a fresh code entered."""
    open_session(client, released.subject_request.reference)
    return client


def address(bundle):
    return reverse("bundles:fetch", args=[bundle.pk])


def body(response):
    return b"".join(response.streaming_content)


def state_of(bundle):
    return SubjectRequest.objects.get(pk=bundle.subject_request_id).state


def test_the_zip_arrives_whole_and_completes_the_request(ada, released):
    response = ada.get(address(released))
    content = body(response)
    assert response.status_code == 200
    assert hashlib.sha256(content).hexdigest() == released.sha256
    assert verify_bundle(io.BytesIO(content), key=own_public_key()).is_intact
    assert state_of(released) == RequestState.COMPLETED


def test_the_headers_keep_it_out_of_caches_and_name_it_plainly(ada, released):
    response = ada.get(address(released))
    assert response["Content-Type"] == "application/zip"
    assert response["Content-Length"] == str(released.size)
    assert response["Cache-Control"] == "private, no-store"
    assert response["Referrer-Policy"] == "no-referrer"
    assert (
        response["Content-Disposition"] == f'attachment; filename="{released.subject_request.reference}.zip"'
    )
    body(response)


def test_each_fetch_is_recorded_with_what_was_sent(ada, released):
    body(ada.get(address(released)))
    fetch = BundleFetch.objects.get()
    assert (fetch.bytes_sent, fetch.is_complete) == (released.size, True)
    assert fetch.by == f"subject:{released.subject_request.reference}"
    assert AuditEntry.objects.filter(event="bundle.fetched").count() == 1
    assert Bundle.objects.get().fetch_count == 1


def test_a_download_that_breaks_off_is_not_a_delivery_and_goes_on_where_it_stopped(
    ada, released, monkeypatch
):
    monkeypatch.setattr("requests_app.encryption.files.CHUNK", 4096)
    first = ada.get(address(released), headers={"Range": "bytes=0-999"})
    assert (first.status_code, first["Content-Range"]) == (206, f"bytes 0-999/{released.size}")
    start = body(first)
    assert state_of(released) == RequestState.READY
    rest = ada.get(address(released), headers={"Range": "bytes=1000-", "If-Range": first["ETag"]})
    assert hashlib.sha256(start + body(rest)).hexdigest() == released.sha256
    assert state_of(released) == RequestState.COMPLETED
    assert BundleFetch.objects.count() == 2


def test_a_visitor_who_leaves_in_the_middle_leaves_the_request_ready(released):
    by = Actor.subject(released.subject_request.reference)
    download = open_for_download(
        bundle=released, volume=released.parts[0], range_header="", by=by, at=timezone.now()
    )
    next(iter(download))
    download.close()
    download.close()
    assert state_of(released) == RequestState.READY
    assert BundleFetch.objects.get().bytes_sent < released.size


def test_the_last_bytes_alone_are_no_delivery(ada, released):
    body(ada.get(address(released), headers={"Range": "bytes=-10"}))
    assert state_of(released) == RequestState.READY


def test_a_range_of_an_older_file_gets_the_whole_new_one(ada, released):
    response = ada.get(address(released), headers={"Range": "bytes=5-", "If-Range": '"older"'})
    assert response.status_code == 200
    body(response)


def test_a_range_behind_the_end_is_refused(ada, released):
    response = ada.get(address(released), headers={"Range": f"bytes={released.size}-"})
    assert response.status_code == 416
    assert response["Content-Range"] == f"bytes */{released.size}"
    assert not BundleFetch.objects.exists()


def test_looking_with_head_sends_and_records_nothing(ada, released):
    response = ada.head(address(released))
    assert response["Content-Length"] == str(released.size)
    assert not BundleFetch.objects.exists()


def test_without_an_opened_request_there_is_only_the_way_in(client, released):
    response = client.get(address(released))
    assert response.status_code == 302
    assert response.url == reverse("portal:enter")


def test_without_a_fresh_code_the_link_leads_to_the_code(client, released):
    open_session(client, released.subject_request.reference, code_minutes=-1)
    response = client.get(address(released))
    assert (response.status_code, response.url) == (302, reverse("portal:download"))
    assert not BundleFetch.objects.exists()


def test_somebody_elses_opened_request_does_not_open_the_copy(client, released):
    open_session(client, ada_asks(email="mallory@example.org").reference)
    response = client.get(address(released))
    assert response.status_code == 410
    assert b"no longer here" in response.content


def test_an_expired_copy_is_gone_although_no_job_ran(ada, released):
    Bundle.objects.filter(pk=released.pk).update(expires_at=timezone.now())
    assert ada.get(address(released)).status_code == 410


def damage(bundle, store_folder, *, at):
    (path,) = store_folder.rglob(bundle.store_name)
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    path.write_bytes(bytes(content))


def test_a_damaged_file_is_said_before_anything_is_sent(ada, released, store_folder):
    damage(released, store_folder, at=-1)
    response = ada.get(address(released))
    assert response.status_code == 500
    assert b"The fault is ours" in response.content
    assert state_of(released) == RequestState.READY


def test_a_file_that_is_gone_is_said_in_a_sentence(ada, released, store_folder):
    (path,) = store_folder.rglob(released.store_name)
    path.unlink()
    assert b"The fault is ours" in ada.get(address(released)).content


def test_two_downloads_that_end_together_complete_once(ada, released):
    one, other = ada.get(address(released)), ada.get(address(released))
    body(one)
    body(other)
    assert AuditEntry.objects.filter(event="request.completed").count() == 1


def test_the_page_shows_file_date_checksum_and_what_was_left_out(ada, released):
    page = ada.get(reverse("portal:download")).content.decode()
    assert address(released) in page
    assert released.sha256[:4] in page
    assert re.search(r"Shop: [^,<]+, Password", page)
    assert "not fetched yet" in page
    body(ada.get(address(released)))
    assert "fetched once" in ada.get(reverse("portal:download")).content.decode()


def test_the_public_key_is_for_everybody(client):
    response = client.get(reverse("bundles:public-key"))
    assert response.content.decode() == own_public_key().pem


def test_nothing_of_the_person_is_in_the_address(released):
    assert "ada" not in address(released).lower()
    assert released.subject_request.reference not in address(released)
