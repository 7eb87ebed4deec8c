"""Who has a link, an old code, a second device or a crafted header gets no byte that is not theirs."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from fulfillment.bundles.discard import revoke_released
from fulfillment.bundles.models import Bundle, BundleFetch
from fulfillment.bundles.release import release_bundle
from requests_app.audit.actors import Actor
from requests_app.encryption.blind_index import blind_index
from requests_app.identity.codes import issue_code
from requests_app.identity.models import Purpose
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.states import RequestState
from tests.factories import SYSTEM, piet
from tests.fulfillment.bundles.test_views import address, body, open_session

CODE_PAGE, DOWNLOAD_PAGE = "/requests/yours/download/code/", "/requests/yours/download/"


@pytest.fixture
def released(built_bundle: Bundle) -> Bundle:
    release_bundle(bundle_id=built_bundle.pk, by=Actor.staff(piet()), at=timezone.now())
    return Bundle.objects.get(pk=built_bundle.pk)


def device(released: Bundle) -> Client:
    """A browser that opened the request with a mailed code of its own, and has no code for the download yet."""
    asked, browser = released.subject_request, Client()
    issue_code(subject_request=asked, purpose=Purpose.PORTAL, by=SYSTEM, at=timezone.now())
    browser.post("/requests/", {"reference": asked.reference, "code": newest_code(asked)})
    assert browser.get(address(released))["Location"] == DOWNLOAD_PAGE
    return browser


def newest_code(asked: SubjectRequest) -> str:
    return str(asked.messages.order_by("-written_at").first().secrets["code"])


def test_a_code_opens_the_download_on_one_device_and_once(released: Bundle) -> None:
    ours, other = device(released), device(released)
    ours.post(CODE_PAGE)
    code = newest_code(released.subject_request)
    assert ours.post(DOWNLOAD_PAGE, {"code": code}).status_code == 302
    assert len(body(ours.get(address(released)))) == released.size
    assert other.post(DOWNLOAD_PAGE, {"code": code}).status_code == 400
    assert other.get(address(released))["Location"] == DOWNLOAD_PAGE
    assert BundleFetch.objects.count() == 1


def test_two_devices_with_a_code_each_fetch_at_once_and_both_are_written_down(released: Bundle) -> None:
    answers = []
    for browser in (device(released), device(released)):
        browser.post(CODE_PAGE)
        browser.post(DOWNLOAD_PAGE, {"code": newest_code(released.subject_request)})
        answers.append(browser.get(address(released)))
    first, second = map(body, answers)
    assert first == second
    assert [each.bytes_sent for each in BundleFetch.objects.all()] == [released.size] * 2
    assert SubjectRequest.objects.get(pk=released.subject_request_id).state == RequestState.COMPLETED


def _opened(released: Bundle) -> Client:
    browser = Client()
    open_session(browser, released.subject_request.reference)
    return browser


def test_a_copy_that_is_taken_back_while_the_code_is_fresh_is_gone(released: Bundle) -> None:
    browser = _opened(released)
    assert browser.head(address(released)).status_code == 200
    revoke_released(subject_request=released.subject_request, by=Actor.staff(piet()), at=timezone.now())
    for answer in (browser.get(address(released)), browser.head(address(released))):
        assert answer.status_code == 410
    protected = reverse("bundles:fetch-protected", args=[released.pk, 1])
    assert browser.post(protected, {"passphrase": "correct horse battery"}).status_code == 410


def test_whoever_takes_over_the_address_of_the_request_later_does_not_get_the_copy(released: Bundle) -> None:
    """The recipient is pinned at the release: a change of the row behind our back opens nothing."""
    index = blind_index("email", "mallory@example.org")
    SubjectRequest.objects.filter(pk=released.subject_request_id).update(subject_email_index=index)
    assert _opened(released).get(address(released)).status_code == 410


def test_ended_sessions_old_codes_and_made_up_copies_get_no_byte(released: Bundle) -> None:
    browser = _opened(released)
    assert browser.get(reverse("bundles:fetch", args=[uuid4()])).status_code == 410
    for number in (0, 2, 10**9):
        part = reverse("bundles:fetch-part", args=[released.pk, number])
        assert browser.get(part).status_code == 410
    for method in (browser.post, browser.put, browser.delete):
        assert method(address(released)).status_code == 405
    late = timezone.now() + timedelta(days=400)
    Bundle.objects.filter(pk=released.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert browser.get(address(released)).status_code == 410
    assert not released.is_open(at=late)
    assert not BundleFetch.objects.exists()


RANGES = [
    "bytes=0-0,1-1",
    "bytes=" + ",".join("0-" for _ in range(500)),
    "bytes=-",
    "bytes=--1",
    "bytes=9-1",
    "bytes=0x1-0x2",
    "bytes=0-99999999999999999999999999",
    "bytes=１-２",
    "lines=1-2",
    "bytes = 0-1",
    "bytes=0-1\t,",
    "",
]


@pytest.mark.parametrize("header", RANGES)
def test_a_range_that_we_do_not_serve_is_the_whole_copy_once(released: Bundle, header: str) -> None:
    answer = _opened(released).get(address(released), headers={"Range": header})
    assert (answer.status_code, answer["Content-Length"]) == (200, str(released.size))
    assert len(body(answer)) == released.size


@pytest.mark.parametrize(("header", "status"), [("bytes=-0", 416), ("bytes=999999999999999999-", 416)])
def test_a_range_of_nothing_is_refused(released: Bundle, header: str, status: int) -> None:
    answer = _opened(released).get(address(released), headers={"Range": header})
    assert (answer.status_code, answer["Content-Range"]) == (status, f"bytes */{released.size}")


def test_a_range_longer_than_the_copy_ends_with_it(released: Bundle) -> None:
    answer = _opened(released).get(address(released), headers={"Range": "bytes=-999999999999999999"})
    assert answer.status_code == 200
    answer = _opened(released).get(address(released), headers={"Range": f"bytes=7-{released.size * 9}"})
    assert answer["Content-Range"] == f"bytes 7-{released.size - 1}/{released.size}"
    assert len(body(answer)) == released.size - 7
