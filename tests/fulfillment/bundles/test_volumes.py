"""A copy larger than the set size: several zips, each whole, one manifest for all, answered when all were fetched."""

import hashlib
import io
import json
import shutil
import subprocess
import zipfile

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from fulfillment.bundles.base import FORMATS
from fulfillment.bundles.build import build_bundle
from fulfillment.bundles.models import Bundle
from fulfillment.bundles.pack import Packing
from fulfillment.bundles.release import release_bundle
from fulfillment.bundles.verify import verify_bundle
from fulfillment.bundles.volumes import covers
from requests_app.audit.actors import Actor
from requests_app.encryption.signing import own_public_key
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.states import RequestState
from tests.factories import piet
from tests.fulfillment.bundles.conftest import LATER
from tests.fulfillment.bundles.samples import small_answer
from tests.fulfillment.bundles.test_views import body, open_session

SEVEN_ZIP = shutil.which("7z") or shutil.which("7zz") or ""


def zips(volume_size: int) -> list[bytes]:
    formats = [FORMATS.get(key) for key in ("html", "json", "csv")]
    packing = Packing(small_answer(), formats, beat=lambda: None, volume_size=volume_size)
    whole = b"".join(packing.stream())
    rows = packing.volumes or [{"first": 0, "size": len(whole)}]
    return [whole[row["first"] : row["first"] + row["size"]] for row in rows]


SPLIT, ONE = zips(3000), zips(0)


def names_in(content: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        return archive.namelist()


def verdict(*contents: bytes):
    return verify_bundle(*map(io.BytesIO, contents), key=own_public_key())


def test_each_zip_opens_alone_and_no_file_is_lost_or_in_two_of_them():
    assert (len(ONE), len(SPLIT) > 2) == (1, True)
    files = [name for content in SPLIT for name in names_in(content)]
    listings = {f"listing-{number}.json" for number in range(1, len(SPLIT) + 1)}
    assert sorted(files) == sorted([*names_in(ONE[0]), *listings])


def test_a_zip_goes_on_until_the_size_is_reached_and_not_beyond_the_file_after_it():
    for content in SPLIT[:-1]:
        assert len(content) >= 3000
        last = [each for each in names_in(content) if not each.startswith("listing")][-1]
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            assert archive.getinfo(last).header_offset < 3000


def test_each_zip_lists_its_own_files_and_the_last_one_signs_them_all():
    for number, content in enumerate(SPLIT, start=1):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            listing = json.loads(archive.read(f"listing-{number}.json"))
            others = set(archive.namelist()) - {f"listing-{number}.json", "manifest.json", "manifest.sig"}
            assert {each["name"] for each in listing["files"]} == others
            assert all(
                hashlib.sha256(archive.read(each["name"])).hexdigest() == each["sha256"]
                for each in listing["files"]
            )
            assert ("manifest.json" in archive.namelist()) == (number == len(SPLIT))
    manifest = json.loads(zip_file(SPLIT[-1], "manifest.json"))
    assert manifest["volumes"] == len(SPLIT)
    assert {each["volume"] for each in manifest["parts"]} == set(range(1, len(SPLIT) + 1))


def zip_file(content: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(name)


def test_one_zip_says_nothing_of_volumes():
    manifest = json.loads(zip_file(ONE[0], "manifest.json"))
    assert "volumes" not in manifest
    assert "volume" not in manifest["parts"][0]


def test_all_of_them_together_are_intact_in_any_order():
    assert verdict(*reversed(SPLIT)).is_intact


def test_a_missing_part_is_named_and_without_the_last_nothing_can_be_said():
    assert verdict(*SPLIT[1:]).problems == ("Part 1 is missing: give all parts together.",)
    assert "last part is missing" in verdict(*SPLIT[:-1]).sentence
    assert "twice" in verdict(SPLIT[0], *SPLIT).sentence


def test_a_changed_file_of_any_part_is_noticed():
    place = next(place for place, content in enumerate(SPLIT) if "index.html" in names_in(content))
    changed = io.BytesIO()
    with zipfile.ZipFile(changed, "w") as target:
        for name in names_in(SPLIT[place]):
            target.writestr(name, zip_file(SPLIT[place], name) + (b" " if name == "index.html" else b""))
    parts = [*SPLIT[:place], changed.getvalue(), *SPLIT[place + 1 :]]
    assert verdict(*parts).problems == ("The file index.html was changed.",)


def test_the_command_takes_all_parts(tmp_path, capsys):
    paths = [tmp_path / f"{number}.zip" for number in range(len(SPLIT))]
    for path, content in zip(paths, SPLIT, strict=True):
        path.write_bytes(content)
    call_command("verify_bundle", *map(str, paths))
    assert "complete and unchanged" in capsys.readouterr().out


@pytest.mark.skipif(not SEVEN_ZIP, reason="7-Zip is not installed")
def test_seven_zip_opens_every_part(tmp_path):
    for number, content in enumerate((*ONE, *SPLIT)):
        path = tmp_path / f"{number}.zip"
        path.write_bytes(content)
        subprocess.run([SEVEN_ZIP, "t", path], check=True, capture_output=True)


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=8), st.integers(1, 40))
def test_pieces_cover_exactly_what_their_bytes_are(pieces, size):
    sent = {byte for first, length in pieces for byte in range(first, first + length)}
    assert covers(pieces, size) == (set(range(size)) <= sent)


@pytest.fixture
def in_parts(settings, waiting_bundle, without_letter):
    """A released copy in several zips."""
    settings.BUNDLE_PART_SIZE = 0.004
    assert build_bundle(bundle_id=waiting_bundle.pk, at=LATER)
    release_bundle(bundle_id=waiting_bundle.pk, by=Actor.staff(piet()), at=timezone.now())
    return Bundle.objects.get(pk=waiting_bundle.pk)


def test_the_person_fetches_part_by_part_and_has_the_answer_with_the_last(client, in_parts):
    open_session(client, in_parts.subject_request.reference)
    count = len(in_parts.parts)
    assert count > 1
    page = client.get(reverse("portal:download")).content.decode()
    assert f"Part {count} of {count}" in page
    fetched = []
    for number in (1, 1, *range(2, count + 1)):
        assert SubjectRequest.objects.get().state == RequestState.READY
        response = client.get(reverse("bundles:fetch-part", args=[in_parts.pk, number]))
        assert f"-part-{number}-of-{count}.zip" in response["Content-Disposition"]
        fetched.append(body(response))
        assert hashlib.sha256(fetched[-1]).hexdigest() == in_parts.parts[number - 1].sha256
    assert verdict(*fetched[1:]).is_intact
    assert SubjectRequest.objects.get().state == RequestState.COMPLETED
    assert "fetched 2 times" in client.get(reverse("portal:download")).content.decode()


def test_a_part_goes_on_where_it_stopped_and_there_is_none_beyond_the_last(client, in_parts):
    open_session(client, in_parts.subject_request.reference)
    url = reverse("bundles:fetch-part", args=[in_parts.pk, 2])
    start = client.get(url, headers={"Range": "bytes=0-99"})
    rest = client.get(url, headers={"Range": "bytes=100-", "If-Range": start["ETag"]})
    assert rest["Content-Range"] == f"bytes 100-{in_parts.parts[1].size - 1}/{in_parts.parts[1].size}"
    assert hashlib.sha256(body(start) + body(rest)).hexdigest() == in_parts.parts[1].sha256
    beyond = reverse("bundles:fetch-part", args=[in_parts.pk, len(in_parts.parts) + 1])
    assert client.get(beyond).status_code == 410
