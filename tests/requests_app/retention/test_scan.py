"""A scan of the store names files that belong to nobody and rows whose file is gone, on a disk and in a bucket."""

import json
import os
import time
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone
from pytest_django import Settings

from requests_app.encryption.orphans import remove_orphans
from requests_app.encryption.store import Store, current_store, new_name
from requests_app.identity.models import Evidence
from requests_app.retention.scan import scan_store
from tests.proofs import given, waiting

if TYPE_CHECKING:
    from tests.s3_server import S3Server

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["disk", pytest.param("bucket", marks=pytest.mark.slow)])
def store(request: pytest.FixtureRequest, settings: Settings, tmp_path: Path) -> Store:
    settings.STORE_URL, settings.STORE_OPTIONS = f"file://{tmp_path}/store", {}
    if request.param == "bucket":
        s3: S3Server = request.getfixturevalue("s3")
        s3.bucket("scanned") if not s3.files.exists("scanned") else None
        settings.STORE_URL, settings.STORE_OPTIONS = f"s3://scanned/{new_name()}", s3.options
    return current_store()


def _a_file(store: Store) -> str:
    name = new_name()
    with store.create(name) as sink:
        sink.write(b"sealed")
    return name


def _a_proof() -> Evidence:
    given(waiting(), "document")
    return Evidence.objects.get()


def test_every_file_that_a_row_names_is_as_it_should_be(store: Store) -> None:
    _a_proof()
    found = scan_store(at=timezone.now())
    assert (found.files, found.nameless, found.young, found.unfinished, found.doomed, found.lost) == (
        1, 0, 0, 0, 0, (),
    )  # fmt: skip


def test_files_of_nobody_are_counted_by_their_age(store: Store) -> None:
    _a_file(store)
    assert (scan_store(at=timezone.now()).young, scan_store(at=timezone.now()).nameless) == (1, 0)
    later = scan_store(at=timezone.now() + timedelta(days=2))
    assert (later.young, later.nameless) == (0, 1)
    assert list(store.names()), "nothing was changed"


def test_a_row_whose_file_is_gone_is_named_and_the_command_fails(store: Store) -> None:
    proof = _a_proof()
    store.delete(proof.store_name)
    (lost,) = scan_store(at=timezone.now()).lost
    assert (lost.table, lost.key) == ("requests_app.Evidence", str(proof.pk))
    out = StringIO()
    with pytest.raises(CommandError, match="file is gone: 1; proofs beyond their day: 1"):
        call_command("check_files", stdout=out)
    assert f"requests_app.Evidence {proof.pk}: its file is not in the store." in out.getvalue()


def test_a_proof_that_is_kept_beyond_its_day_is_told(store: Store) -> None:
    _a_proof()
    Evidence.objects.update(delete_on=timezone.now().date())
    out = StringIO()
    with pytest.raises(CommandError, match="proofs beyond their day: 1"):
        call_command("check_files", "--json", stdout=out)
    said = json.loads(out.getvalue())
    assert (said["files"], said["lost"], said["proofs_beyond_their_day"]) == (1, [], 1)


def test_what_a_killed_writer_left_is_told_and_goes_after_a_day(settings: Settings, tmp_path: Path) -> None:
    settings.STORE_URL, settings.STORE_OPTIONS = f"file://{tmp_path}/store", {}
    left = tmp_path / "store" / "unfinished" / f"{new_name()}.1"
    left.parent.mkdir(parents=True)
    left.write_bytes(b"half")
    assert scan_store(at=timezone.now()).unfinished == 0
    assert remove_orphans(at=timezone.now()) == 0
    os.utime(left, (time.time(), time.time() - 90_000))
    assert scan_store(at=timezone.now()).unfinished == 1
    assert remove_orphans(at=timezone.now()) == 1
    assert not left.exists()


@pytest.mark.slow
def test_an_upload_that_broke_off_is_given_up(settings: Settings, s3: "S3Server") -> None:
    s3.bucket("broken")
    settings.STORE_URL, settings.STORE_OPTIONS = "s3://broken/files", s3.options
    for key in ("files/aa/bb/left", "of others/left"):
        s3.files.call_s3("create_multipart_upload", Bucket="broken", Key=key)
    # This server says of every upload that it was begun in 2010.
    assert scan_store(at=timezone.now()).unfinished == 1
    assert remove_orphans(at=timezone.now()) == 1
    (kept,) = s3.files.call_s3("list_multipart_uploads", Bucket="broken")["Uploads"]
    assert kept["Key"] == "of others/left"
