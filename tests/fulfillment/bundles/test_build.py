"""A copy becomes visible complete and verified, or not at all, however its building ends."""

import io
import json
import zipfile
from datetime import timedelta

import pytest
from django.db import connection

from fulfillment.bundles import build
from fulfillment.bundles.build import MOST_ATTEMPTS, build_bundle
from fulfillment.bundles.discard import discard_unreleased
from fulfillment.bundles.errors import BundleNotReady
from fulfillment.bundles.models import Bundle, BundleState
from fulfillment.bundles.start import retry_bundle
from fulfillment.bundles.verify import verify_bundle
from fulfillment.findings.models import Finding
from fulfillment.findings.withhold import withhold_finding
from requests_app.audit.models import AuditEntry
from requests_app.encryption.errors import StoreFull
from requests_app.encryption.files import open_sealed
from requests_app.encryption.signing import own_public_key
from requests_app.encryption.store import current_store
from requests_app.leases.lease import due, take
from requests_app.leases.models import WorkState
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.moves import Move
from requests_app.lifecycle.perform import perform
from requests_app.lifecycle.states import RequestState
from requests_app.typesetting.errors import LetterNotSet
from tests.fulfillment.bundles.conftest import LATER
from tests.reviewing import finish_review

pytestmark = pytest.mark.usefixtures("without_letter")


def zip_of(bundle):
    sealed = open_sealed(current_store(), name=bundle.store_name, wrapped_key=bytes(bundle.wrapped_key))
    return io.BytesIO(sealed.read())


def state_of(subject_request):
    return SubjectRequest.objects.get(pk=subject_request.pk).state


def files_in(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


def make_due(bundle):
    Bundle.objects.filter(pk=bundle.pk).update(
        next_attempt_at=LATER - timedelta(days=3000), leased_until=None
    )


def test_a_built_copy_holds_the_persons_records_and_nobody_elses(built_bundle):
    content = zip_of(built_bundle)
    assert verify_bundle(content, key=own_public_key()).is_intact
    with zipfile.ZipFile(content) as archive:
        orders = [json.loads(line) for line in archive.read("data/shop/orders.jsonl").splitlines()]
        everything = b"".join(archive.read(name) for name in archive.namelist())
    assert [order["number"] for order in orders] == [0, 2, 4, 6, 8]
    assert b"canary-item 1" not in everything
    assert b"bo@example.org" not in everything
    assert b"canary-hash" not in everything


def test_the_row_says_what_was_built_and_the_request_moves_on(built_bundle):
    assert (built_bundle.state, built_bundle.row_count) == (BundleState.COMPLETE, 6)
    assert built_bundle.size == len(zip_of(built_bundle).getvalue())
    assert built_bundle.part_count == len(built_bundle.manifest["parts"])
    assert state_of(built_bundle.subject_request) == RequestState.AWAITING_RELEASE
    assert AuditEntry.objects.filter(event="bundle.built").count() == 1


def test_neither_row_nor_file_shows_anything_of_the_person(built_bundle, store_folder):
    shown = json.dumps(built_bundle.manifest) + str(built_bundle)
    assert "Ada" not in shown
    assert "ada@" not in shown
    assert not any(b"ada@example.org" in path.read_bytes() for path in files_in(store_folder))


def test_a_withheld_collection_is_named_with_its_reason_and_not_copied(checked_request, reviewer):
    finding = Finding.objects.get(collection="orders")
    withhold_finding(finding_id=finding.pk, reason_code="rights_of_others", note="", by=reviewer, at=LATER)
    finish_review(checked_request, by=reviewer, at=LATER)
    bundle = Bundle.objects.get()
    assert build_bundle(bundle_id=bundle.pk, at=LATER)
    bundle.refresh_from_db()
    with zipfile.ZipFile(zip_of(bundle)) as archive:
        everything = b"".join(archive.read(name) for name in archive.namelist())
        page = archive.read("index.html").decode()
    assert b"canary-item" not in everything
    assert "Orders" in page
    assert "15(4)" in page


def test_a_finished_copy_is_not_built_again(built_bundle):
    assert not build_bundle(bundle_id=built_bundle.pk, at=LATER)
    assert AuditEntry.objects.filter(event="bundle.built").count() == 1


def test_a_full_disk_leaves_a_waiting_row_a_sentence_and_no_file(waiting_bundle, store_folder, monkeypatch):
    before = files_in(store_folder)

    def no_room(self):
        yield b"half"
        raise StoreFull("The file store is full.")

    with monkeypatch.context() as full:
        full.setattr(build.Packing, "stream", no_room)
        for _ in range(MOST_ATTEMPTS + 3):
            make_due(waiting_bundle)
            assert not build_bundle(bundle_id=waiting_bundle.pk, at=LATER)
    waiting_bundle.refresh_from_db()
    assert (waiting_bundle.state, waiting_bundle.last_error) == (
        BundleState.BUILDING,
        "The file store is full.",
    )
    assert files_in(store_folder) == before
    assert state_of(waiting_bundle.subject_request) == RequestState.PREPARING
    make_due(waiting_bundle)
    assert build_bundle(bundle_id=waiting_bundle.pk, at=LATER)


def test_a_builder_killed_in_the_middle_is_followed_by_another(waiting_bundle, store_folder, monkeypatch):
    class Killed(BaseException):
        pass

    def killed(self):
        yield b"half"
        raise Killed

    before = files_in(store_folder)
    with monkeypatch.context() as kill:
        kill.setattr(build.Packing, "stream", killed)
        with pytest.raises(Killed):
            build_bundle(bundle_id=waiting_bundle.pk, at=LATER)
    assert not build_bundle(bundle_id=waiting_bundle.pk, at=LATER), "the lease still runs"
    make_due(waiting_bundle)
    assert waiting_bundle.pk in due(Bundle)
    assert build_bundle(bundle_id=waiting_bundle.pk, at=LATER)
    assert len(files_in(store_folder)) == len(before) + 1


def test_a_builder_that_was_overtaken_publishes_nothing(waiting_bundle, store_folder, monkeypatch):
    before = files_in(store_folder)
    real = build.Packing.stream

    def slow(self):
        yield from real(self)
        make_due(waiting_bundle)
        assert take(Bundle, waiting_bundle.pk, length=timedelta(minutes=1)) is not None

    monkeypatch.setattr(build.Packing, "stream", slow)
    assert not build_bundle(bundle_id=waiting_bundle.pk, at=LATER)
    waiting_bundle.refresh_from_db()
    assert waiting_bundle.state == BundleState.BUILDING
    assert state_of(waiting_bundle.subject_request) == RequestState.PREPARING
    assert files_in(store_folder) == before


def test_a_file_that_reads_back_differently_is_not_published(waiting_bundle, monkeypatch):
    monkeypatch.setattr(build, "sha256_of", lambda chunks, *, beat: "0" * 64)
    assert not build_bundle(bundle_id=waiting_bundle.pk, at=LATER)
    waiting_bundle.refresh_from_db()
    assert waiting_bundle.state == BundleState.BUILDING
    assert "read back" in waiting_bundle.last_error


def test_a_failure_is_tried_again_then_shown_and_can_be_retried_by_hand(
    waiting_bundle, reviewer, monkeypatch
):
    def refuse(html, *, beat):
        raise LetterNotSet("The letter could not be set as a PDF.")

    with monkeypatch.context() as broken:
        broken.setattr("fulfillment.bundles.formats.pdf.pdf_of", refuse)
        for _ in range(MOST_ATTEMPTS):
            make_due(waiting_bundle)
            build_bundle(bundle_id=waiting_bundle.pk, at=LATER)
    waiting_bundle.refresh_from_db()
    assert (waiting_bundle.state, waiting_bundle.work_state) == (BundleState.FAILED, WorkState.DEAD)
    assert AuditEntry.objects.filter(event="bundle.failed").count() == 1
    retry_bundle(bundle_id=waiting_bundle.pk, by=reviewer, at=LATER)
    assert build_bundle(bundle_id=waiting_bundle.pk, at=LATER)
    with pytest.raises(BundleNotReady):
        retry_bundle(bundle_id=waiting_bundle.pk, by=reviewer, at=LATER)


def test_sending_back_discards_the_copy_and_its_file(
    built_bundle, reviewer, store_folder, django_capture_on_commit_callbacks
):
    name = built_bundle.store_name
    with django_capture_on_commit_callbacks(execute=True):
        perform(
            subject_request_id=built_bundle.subject_request_id,
            move=Move.SEND_BACK,
            by=reviewer,
            at=LATER,
            reason="One more look.",
        )
    built_bundle.refresh_from_db()
    assert built_bundle.state == BundleState.REVOKED
    assert bytes(built_bundle.wrapped_key) == b""
    assert not current_store().exists(name)
    finish_review(built_bundle.subject_request, by=reviewer, at=LATER)
    assert list(Bundle.objects.values_list("number", flat=True)) == [1, 2]


def test_discarding_stops_a_build_that_is_under_way(waiting_bundle):
    lease = take(Bundle, waiting_bundle.pk, length=timedelta(minutes=1))
    assert discard_unreleased(subject_request=waiting_bundle.subject_request, at=LATER) == 1
    with pytest.raises(build.LeaseLost):
        lease.beat()


def test_a_complete_row_without_a_file_is_refused_by_the_database(waiting_bundle):
    with pytest.raises(Exception, match="complete_bundle_has_its_file"), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE fulfillment_bundle SET state = 'complete', store_name = '' WHERE id = %s",
            [waiting_bundle.pk],
        )
