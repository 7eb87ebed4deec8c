"""A file is in the store complete or not at all, and only under a name the store made."""

import errno
import os
from pathlib import Path

import pytest

from requests_app.encryption import store as stores
from requests_app.encryption.errors import StoreAway, StoredFileMissing, StoreFull, StoreNameRefused
from requests_app.encryption.store import Store, new_name
from tests.bucket import Bucket


@pytest.fixture
def bucket():
    with Bucket() as bucket:
        yield bucket


@pytest.fixture(params=["disk", "bucket", "s3"])
def store(request, tmp_path):
    if request.param == "disk":
        return Store(f"file://{tmp_path}/store")
    if request.param == "s3":
        s3 = request.getfixturevalue("s3")
        name = f"store-{new_name()}"
        s3.bucket(name)
        return Store(f"s3://{name}/files", **s3.options)
    bucket = request.getfixturevalue("bucket")
    return Store(f"s3://{bucket.NAME}/files", **bucket.options)


@pytest.fixture
def local(tmp_path):
    return Store(f"file://{tmp_path}/store")


def files_under(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_written_file_is_read_back(store):
    name = new_name()
    with store.create(name) as sink:
        sink.write(b"first ")
        sink.write(b"second")
        assert not store.exists(name)
    with store.open(name) as source:
        assert source.read() == b"first second"
    assert store.size(name) == 12
    assert list(store.names()) == [name]


def test_a_failed_write_leaves_nothing(store, tmp_path):
    name = new_name()
    with pytest.raises(TypeError), store.create(name) as sink:
        sink.write("half a file that is not bytes")
    assert not store.exists(name)
    assert files_under(tmp_path) == []


def test_a_deleted_file_is_missing_and_deleting_again_is_harmless(store):
    name = new_name()
    with store.create(name) as sink:
        sink.write(b"x")
    store.delete(name)
    store.delete(name)
    for ask in (store.open, store.size):
        with pytest.raises(StoredFileMissing):
            ask(name)


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "/etc/passwd", "a" * 31, "A" * 32, "a" * 32 + "\n", "..", "", "a" * 31 + "/"]
)
def test_a_name_the_store_did_not_make_is_refused(store, name):
    for ask in (store.open, store.size, store.exists, store.delete):
        with pytest.raises(StoreNameRefused):
            ask(name)
    with pytest.raises(StoreNameRefused), store.create(name):
        pass


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_is_said_in_a_sentence_and_leaves_nothing(local, tmp_path, number):
    name = new_name()
    with pytest.raises(StoreFull, match="full"), local.create(name):
        raise OSError(number, os.strerror(number))
    assert files_under(tmp_path) == []


def test_another_disk_error_stays_what_it_is(local, tmp_path):
    with pytest.raises(PermissionError), local.create(new_name()):
        raise PermissionError
    assert files_under(tmp_path) == []


def test_an_object_of_which_half_was_kept_is_refused_and_removed(bucket):
    store = Store(f"s3://{bucket.NAME}/files", **bucket.options)
    bucket.cuts = True
    with pytest.raises(StoreAway, match="only a part"), store.create(new_name()) as sink:
        sink.write(b"the whole")
    assert (bucket.cut, bucket.objects) == (1, {})


# The libraries' own patience, which here only costs time.
ONCE = {"retries": {"total_max_attempts": 1}}


def test_an_object_store_that_is_away_is_said_in_a_sentence(bucket, monkeypatch):
    monkeypatch.setattr("s3fs.core.S3FileSystem.retries", 1)
    store, name = Store(f"s3://{bucket.NAME}/files", **bucket.options, config_kwargs=ONCE), new_name()
    with store.create(name) as sink:
        sink.write(b"x")
    bucket.is_away = True
    for ask in (store.open, store.delete):
        with pytest.raises(StoreAway, match="at the moment"):
            ask(name)
    with pytest.raises(StoreAway), store.create(new_name()) as sink:
        sink.write(b"x")
    assert list(bucket.objects) == [f"files/{name[:2]}/{name[2:4]}/{name}"]


def test_a_disk_that_takes_half_a_write_gets_the_other_half(local, monkeypatch):
    class Stingy:
        def __init__(self, raw):
            self.raw = raw

        def write(self, content):
            return self.raw.write(content[:3])

    whole = stores._Whole
    monkeypatch.setattr(stores, "_Whole", lambda raw: whole(Stingy(raw)))
    name = new_name()
    with local.create(name) as sink:
        assert sink.write(b"0123456789") == 10
    with local.open(name) as source:
        assert source.read() == b"0123456789"


def test_what_a_killed_writer_left_is_removed_when_it_is_old(local, tmp_path):
    left = tmp_path / "store" / "unfinished" / "x.1"
    left.parent.mkdir(parents=True)
    left.write_bytes(b"half")
    assert local.delete_unfinished(older_than_seconds=3600) == 0
    os.utime(left, (0, 0))
    assert local.delete_unfinished(older_than_seconds=3600) == 1
    assert files_under(tmp_path) == []


def test_files_are_for_the_owner_only(local, tmp_path):
    with local.create(new_name()) as sink:
        sink.write(b"x")
    (path,) = files_under(tmp_path)
    assert path.stat().st_mode & 0o077 == 0
