"""A second person lets the copy go, to one address, for a limited time; it can be taken back."""

from datetime import timedelta

import pytest

from fulfillment.bundles.build import build_bundle
from fulfillment.bundles.download import bundle_for, open_bundle_of
from fulfillment.bundles.errors import BundleGone, BundleNotReady
from fulfillment.bundles.expire import expire_bundles
from fulfillment.bundles.models import Bundle, BundleState
from fulfillment.bundles.release import release_bundle
from fulfillment.retention.kinds import copies
from requests_app.audit.actors import Actor
from requests_app.audit.models import AuditEntry
from requests_app.encryption.blind_index import blind_index
from requests_app.encryption.store import current_store
from requests_app.errors import DomainError
from requests_app.lifecycle.errors import CaseChangedMeanwhile, MoveNotAllowed
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.moves import Move
from requests_app.lifecycle.perform import perform
from requests_app.lifecycle.states import RequestState
from tests.factories import piet
from tests.fulfillment.bundles.conftest import LATER
from tests.reviewing import finish_review


@pytest.fixture
def approver(db):
    return Actor.staff(piet())


@pytest.fixture
def released(built_bundle, approver):
    return release_bundle(bundle_id=built_bundle.pk, by=approver, at=LATER)


def request_of(bundle):
    return SubjectRequest.objects.get(pk=bundle.subject_request_id)


def test_a_release_pins_the_recipient_and_the_last_day(released, settings):
    released.refresh_from_db()
    assert released.expires_at == LATER + timedelta(days=settings.BUNDLE_DAYS)
    assert released.recipient_index == request_of(released).subject_email_index
    assert request_of(released).state == RequestState.READY


@pytest.mark.parametrize(("days", "words"), [(9, "for 9 days"), (1, "for one day")])
def test_the_mail_says_how_long_the_copy_stays_here(built_bundle, approver, settings, days, words):
    settings.BUNDLE_DAYS = days
    release_bundle(bundle_id=built_bundle.pk, by=approver, at=LATER)
    told = request_of(built_bundle).messages.get(notice="copy_ready")
    assert words in told.text
    assert words in told.html


def test_the_preparer_cannot_release(built_bundle, reviewer):
    with pytest.raises(DomainError):
        release_bundle(bundle_id=built_bundle.pk, by=reviewer, at=LATER)
    built_bundle.refresh_from_db()
    assert not built_bundle.is_released
    assert request_of(built_bundle).state == RequestState.AWAITING_RELEASE


def test_a_page_that_is_out_of_date_releases_nothing(built_bundle, approver):
    with pytest.raises(CaseChangedMeanwhile):
        release_bundle(bundle_id=built_bundle.pk, by=approver, at=LATER, expected_version=1)
    built_bundle.refresh_from_db()
    assert not built_bundle.is_released


def test_a_copy_is_released_once(released, approver):
    with pytest.raises(BundleNotReady):
        release_bundle(bundle_id=released.pk, by=approver, at=LATER)


def test_an_unreleased_copy_is_open_to_nobody(built_bundle):
    assert open_bundle_of(request_of(built_bundle), at=LATER) is None


def test_a_released_copy_is_open_until_its_last_moment_even_if_no_job_runs(released, settings):
    subject_request, days = request_of(released), timedelta(days=settings.BUNDLE_DAYS)
    assert (
        bundle_for(subject_request, bundle_id=released.pk, at=LATER + days - timedelta(seconds=1)) == released
    )
    with pytest.raises(BundleGone):
        bundle_for(subject_request, bundle_id=released.pk, at=LATER + days)


def test_a_later_change_of_address_does_not_open_the_copy(released):
    subject_request = request_of(released)
    subject_request.subject_email_index = blind_index("email", "mallory@example.org")
    assert open_bundle_of(subject_request, at=LATER) is None


def test_expiry_deletes_key_and_file(released, settings, django_capture_on_commit_callbacks):
    name = released.store_name
    assert expire_bundles(at=LATER) == 0
    with django_capture_on_commit_callbacks(execute=True):
        assert expire_bundles(at=LATER + timedelta(days=settings.BUNDLE_DAYS)) == 1
    released.refresh_from_db()
    assert (released.state, bytes(released.wrapped_key)) == (BundleState.EXPIRED, b"")
    assert not current_store().exists(name)
    assert AuditEntry.objects.filter(event="bundle.expired").count() == 1


def test_a_file_that_outlived_its_row_is_deleted_by_the_next_clean_up(released, settings):
    name = released.store_name
    expire_bundles(at=LATER + timedelta(days=settings.BUNDLE_DAYS))
    expire_bundles(at=LATER + timedelta(days=settings.BUNDLE_DAYS))
    assert not current_store().exists(name)
    assert Bundle.objects.get().store_name == ""


def take_back(bundle, by, at=LATER):
    key = bundle.subject_request_id
    return perform(subject_request_id=key, move=Move.TAKE_BACK, by=by, at=at, reason="Not all of it is hers.")


def test_a_copy_that_is_taken_back_is_gone_at_once_and_the_person_is_told(released, approver):
    asked = take_back(released, approver)
    assert open_bundle_of(asked, at=LATER) is None
    assert Bundle.objects.get().state == BundleState.REVOKED
    assert bytes(Bundle.objects.get().wrapped_key) == b""
    assert asked.state == RequestState.CHECKING
    assert asked.messages.filter(notice="copy_taken_back").count() == 1
    assert "Not all of it" not in asked.messages.get(notice="copy_taken_back").text
    with pytest.raises(MoveNotAllowed):
        take_back(released, approver)


def test_after_one_that_was_taken_back_another_copy_is_made_and_waits_its_own_days(
    released, approver, reviewer
):
    """Even where the first one had ended by itself a moment before, and its request was not closed yet."""
    take_back(released, approver)
    Bundle.objects.update(state=BundleState.EXPIRED)
    finish_review(released.subject_request, by=reviewer, at=LATER)
    second = Bundle.objects.get(number=2)
    build_bundle(bundle_id=second.pk, at=LATER)
    release_bundle(bundle_id=second.pk, by=approver, at=LATER + timedelta(days=1))
    expire_bundles(at=LATER + timedelta(days=2))
    assert request_of(second).state == RequestState.READY
    assert open_bundle_of(request_of(second), at=LATER + timedelta(days=2)) == second


def test_forgetting_a_request_ends_its_copies(released):
    copies.KEPT.forget(request_of(released), at=LATER)
    released.refresh_from_db()
    assert (bytes(released.wrapped_key), released.manifest, released.sha256) == (b"", {}, "")
    assert released.recipient_index == copies.NOBODY
