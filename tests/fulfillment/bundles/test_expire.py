"""A copy that nobody fetched: its request is answered, closes by itself, and can be asked for again."""

from datetime import timedelta

import pytest
from django.urls import reverse

from fulfillment.bundles.download import open_for_download
from fulfillment.bundles.expire import expire_bundles
from fulfillment.bundles.models import Bundle, BundleState
from fulfillment.bundles.release import release_bundle
from requests_app.audit.actors import Actor
from requests_app.audit.models import AuditEntry
from requests_app.decisions.renew import NothingToRenew, renew_copy, renewed_as
from requests_app.lifecycle.models import Link, Outcome, SubjectRequest
from requests_app.lifecycle.states import RequestState
from tests.desk import signed_in
from tests.factories import piet, rosa
from tests.fulfillment.bundles.conftest import LATER
from tests.fulfillment.bundles.test_views import open_session


@pytest.fixture
def last_day(settings):
    return LATER + timedelta(days=settings.BUNDLE_DAYS)


@pytest.fixture
def released(built_bundle):
    return release_bundle(bundle_id=built_bundle.pk, by=Actor.staff(piet()), at=LATER)


@pytest.fixture
def unfetched(released, last_day):
    expire_bundles(at=last_day)
    return request_of(released)


def request_of(bundle):
    return SubjectRequest.objects.get(pk=bundle.subject_request_id)


def fetch_all(bundle):
    by = Actor.subject(request_of(bundle).reference)
    download = open_for_download(bundle=bundle, volume=bundle.parts[0], range_header="", by=by, at=LATER)
    assert b"".join(download)
    download.close()


def test_the_request_of_an_unfetched_copy_closes_by_itself_as_answered(unfetched, last_day):
    assert (unfetched.state, unfetched.outcome) == (RequestState.COMPLETED, Outcome.GRANTED)
    assert (unfetched.was_unfetched, unfetched.closed_at) == (True, last_day)
    entry = AuditEntry.objects.get(event="request.closed_unfetched")
    assert entry.actor_kind == "system"


def test_the_person_is_told_once_and_how_to_have_a_new_one(unfetched, last_day):
    expire_bundles(at=last_day + timedelta(days=1))
    message = unfetched.messages.get(notice="copy_expired")
    assert unfetched.reference in message.subject
    assert "press one button" in message.text
    assert "copy" not in message.subject.lower()


def test_a_request_whose_copy_was_fetched_in_time_is_not_closed_again(released, last_day):
    fetch_all(released)
    expire_bundles(at=last_day)
    fetched = request_of(released)
    assert (fetched.state, fetched.was_unfetched) == (RequestState.COMPLETED, False)
    assert not fetched.messages.filter(notice="copy_expired").exists()


def test_a_request_that_a_crash_left_open_is_closed_by_the_next_clean_up(released, last_day):
    Bundle.objects.filter(pk=released.pk).update(state=BundleState.EXPIRED, ended_at=last_day)
    assert expire_bundles(at=last_day) == 0
    assert request_of(released).state == RequestState.COMPLETED


def test_before_its_last_moment_nothing_closes(released, last_day):
    expire_bundles(at=last_day - timedelta(seconds=1))
    assert request_of(released).state == RequestState.READY


def test_a_new_copy_is_a_new_request_with_its_own_time_and_the_same_proof(unfetched, last_day):
    by = Actor.subject(unfetched.reference)
    renewed = renew_copy(subject_request_id=unfetched.pk, by=by, at=last_day)
    assert (renewed.linked_to_id, renewed.link, renewed.right) == (unfetched.pk, Link.FOLLOW_UP, "access")
    assert (renewed.received_at, renewed.state) == (last_day, RequestState.IN_REVIEW)
    assert renewed.identity_level == unfetched.identity_level
    assert renewed.submission_id != unfetched.submission_id
    assert renew_copy(subject_request_id=unfetched.pk, by=by, at=last_day) == renewed
    assert "appeal" not in renewed.messages.get(notice="received").text


def test_a_copy_that_was_fetched_is_not_renewed(released, last_day):
    fetch_all(released)
    with pytest.raises(NothingToRenew):
        renew_copy(subject_request_id=released.subject_request_id, by=Actor.system("tests"), at=last_day)


def test_the_persons_page_says_what_happened_and_has_one_button(client, unfetched):
    open_session(client, unfetched.reference)
    page = client.get(reverse("portal:status")).content.decode()
    assert "not fetched" in page
    assert "You have received" not in page
    assert reverse("portal:download") not in page
    assert client.get(reverse("portal:renew")).status_code == 405
    after = client.post(reverse("portal:renew"), follow=True).content.decode()
    renewed = SubjectRequest.objects.get(linked_to=unfetched)
    assert renewed.reference in after
    assert reverse("portal:renew") not in after


def test_staff_begin_a_new_copy_for_the_person_with_a_reason(unfetched):
    desk = signed_in(rosa())
    case = desk.get(reverse("review:case", args=[unfetched.reference])).content.decode()
    address = reverse("release:renew", args=[unfetched.reference])
    assert address in case
    assert desk.post(address, {"why": ""}).status_code == 422
    assert renewed_as(unfetched) is None
    for _twice in range(2):
        desk.post(address, {"why": "unreached"})
    opened = renewed_as(unfetched)
    assert opened is not None
    assert opened.identity_level == unfetched.identity_level
    entry = AuditEntry.objects.get(event="request.renewed_by_staff")
    assert "did not reach" in entry.facts
    assert opened.reference in entry.facts
    assert opened.messages.count() == 1
    assert address not in desk.get(reverse("review:case", args=[unfetched.reference])).content.decode()


def test_a_copy_that_was_not_erased_unfetched_has_no_such_page(released):
    desk = signed_in(rosa())
    assert desk.get(reverse("release:renew", args=[request_of(released).reference])).status_code == 404
