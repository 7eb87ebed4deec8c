"""A zip with a passphrase: sealed while it is sent, opened by others' programs, kept and written down nowhere."""

import io
import shutil
import subprocess
import zipfile

import pytest
import pyzipper
from django.urls import reverse
from django.utils import timezone

from fulfillment.bundles.download import open_protected
from fulfillment.bundles.models import Bundle, BundleFetch
from fulfillment.bundles.passphrase import new_passphrase
from fulfillment.bundles.release import release_bundle
from fulfillment.bundles.verify import verify_bundle
from requests_app.audit.actors import Actor
from requests_app.audit.models import AuditEntry
from requests_app.encryption.files import open_sealed
from requests_app.encryption.signing import own_public_key
from requests_app.encryption.store import current_store
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.states import RequestState
from tests.factories import piet
from tests.fulfillment.bundles.test_views import body, open_session

SEVEN_ZIP = shutil.which("7z") or shutil.which("7zz") or ""
WORDS = "correct horse battery staple"


@pytest.fixture
def released(built_bundle):
    release_bundle(bundle_id=built_bundle.pk, by=Actor.staff(piet()), at=timezone.now())
    return Bundle.objects.get(pk=built_bundle.pk)


@pytest.fixture
def ada(client, released):
    open_session(client, released.subject_request.reference)
    return client


@pytest.fixture
def address(released):
    return reverse("bundles:fetch-protected", args=[released.pk, 1])


def plain(bundle: Bundle) -> bytes:
    with open_sealed(
        current_store(), name=bundle.store_name, wrapped_key=bytes(bundle.wrapped_key)
    ) as sealed:
        return sealed.read()


def opened(content: bytes, words: str) -> dict[str, bytes]:
    with pyzipper.AESZipFile(io.BytesIO(content)) as archive:
        archive.setpassword(words.encode())
        assert all(info.wz_aes_strength == 3 for info in archive.infolist()), "AES-256"
        return {name: archive.read(name) for name in archive.namelist()}


def test_it_holds_the_same_files_and_opens_with_the_passphrase_alone(ada, released, address):
    content = body(ada.post(address, {"passphrase": WORDS}))
    with zipfile.ZipFile(io.BytesIO(plain(released))) as archive:
        assert opened(content, WORDS) == {name: archive.read(name) for name in archive.namelist()}
    with pytest.raises(RuntimeError, match="Bad password"):
        opened(content, "another one entirely")
    with zipfile.ZipFile(io.BytesIO(content)) as archive, pytest.raises((RuntimeError, NotImplementedError)):
        archive.read("index.html")
    assert b"canary" not in content


def test_it_is_verified_with_its_passphrase(ada, address):
    content = body(ada.post(address, {"passphrase": WORDS}))
    key = own_public_key()
    assert verify_bundle(io.BytesIO(content), key=key, passphrase=WORDS.encode()).is_intact
    assert not verify_bundle(io.BytesIO(content), key=key, passphrase=b"wrong words here").is_intact
    assert not verify_bundle(io.BytesIO(content), key=key).is_intact


@pytest.mark.skipif(not SEVEN_ZIP, reason="7-Zip is not installed")
def test_seven_zip_opens_it(ada, address, tmp_path):
    path = tmp_path / "copy.zip"
    path.write_bytes(body(ada.post(address, {"passphrase": WORDS})))
    subprocess.run([SEVEN_ZIP, "t", f"-p{WORDS}", path], check=True, capture_output=True)
    assert subprocess.run([SEVEN_ZIP, "t", "-pwrong", path], check=False, capture_output=True).returncode != 0


def test_it_is_a_delivery_once_all_was_sent_and_none_when_it_breaks_off(ada, released, address):
    broken = open_protected(
        bundle=released,
        volume=released.parts[0],
        passphrase=WORDS,
        by=Actor.subject(released.subject_request.reference),
        at=timezone.now(),
    )
    next(iter(broken))
    broken.close()
    assert BundleFetch.objects.get().bytes_sent == 0
    assert SubjectRequest.objects.get().state == RequestState.READY
    body(ada.post(address, {"passphrase": WORDS}))
    assert SubjectRequest.objects.get().state == RequestState.COMPLETED


def test_the_page_offers_a_new_passphrase_each_time_and_says_what_opens_such_a_zip(ada, address):
    pages = [ada.get(address) for _ in range(2)]
    offered = {page.context["form"].initial["passphrase"] for page in pages}
    assert len(offered) == 2
    assert all("7-Zip" in page.content.decode() and "no-store" in page["Cache-Control"] for page in pages)
    assert address in ada.get(reverse("portal:download")).content.decode()


def test_what_is_offered_is_long_and_easily_copied():
    words = new_passphrase()
    assert len(words) == 29
    assert not set(words) & set("01ilo")


@pytest.mark.parametrize("words", ["", "short", "x" * 101, "pässwörter sind gut", "line\nbreak is not one"])
def test_a_weak_or_unreadable_passphrase_is_refused_with_a_sentence(ada, address, words):
    page = ada.post(address, {"passphrase": words})
    assert page.status_code == 422
    assert page.context["form"].errors


def test_without_a_fresh_code_there_is_no_page_and_no_file(client, released, address):
    open_session(client, released.subject_request.reference, code_minutes=-1)
    assert client.get(address).status_code == client.post(address, {"passphrase": WORDS}).status_code == 302
    assert not BundleFetch.objects.exists()


def test_the_passphrase_is_kept_and_written_down_nowhere(ada, address, caplog):
    caplog.set_level("DEBUG")
    body(ada.post(address, {"passphrase": WORDS}))
    rows = [*AuditEntry.objects.values(), *BundleFetch.objects.values(), *Bundle.objects.values()]
    assert WORDS not in str(rows) + caplog.text + str(dict(ada.session))
