"""A bundle that was touched does not verify, and the verdict names what is wrong."""

import base64
import io
import json
import zipfile

import pytest
import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.management import CommandError, call_command
from hypothesis import given, settings
from hypothesis import strategies as st

from fulfillment.bundles.base import FORMATS
from fulfillment.bundles.pack import Packing
from fulfillment.bundles.verify import verify_bundle
from requests_app.encryption.signing import NotAPublicKey, PublicKey, own_public_key, read_public_key
from tests.fulfillment.bundles.samples import small_answer


def packed():
    formats = [FORMATS.get(key) for key in ("json", "csv")]
    return b"".join(Packing(small_answer(), formats, beat=lambda: None).stream())


GENUINE = packed()


def contents(bundle):
    with zipfile.ZipFile(io.BytesIO(bundle)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(files):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return target.getvalue()


def verdict(bundle, key="own"):
    return verify_bundle(io.BytesIO(bundle), key=own_public_key() if key == "own" else key)


def test_a_genuine_bundle_is_intact_and_trusted():
    found = verdict(GENUINE)
    assert found.is_intact
    assert found.is_trusted
    assert found.reference == "OM-4F7K-92QD"
    assert found.part_count == len(contents(GENUINE)) - 2


def test_packing_twice_gives_the_same_manifest():
    assert contents(packed())["manifest.json"] == contents(GENUINE)["manifest.json"]


def test_the_manifest_is_canonical_and_says_nothing_of_the_person():
    manifest = contents(GENUINE)["manifest.json"]
    assert rfc8785.dumps(json.loads(manifest)) == manifest
    assert b"Marta" not in manifest
    assert b"marta" not in manifest


def test_with_the_embedded_key_it_is_intact_but_not_trusted():
    found = verdict(GENUINE, key=None)
    assert found.is_intact
    assert not found.is_trusted
    assert "compare it" in found.sentence


@settings(max_examples=40)
@given(data=st.data())
def test_changing_one_byte_of_any_file_is_noticed(data):
    files = contents(GENUINE)
    name = data.draw(st.sampled_from(sorted(files)))
    changed = bytearray(files[name])
    changed[data.draw(st.integers(0, len(changed) - 1))] ^= data.draw(st.integers(1, 255))
    assert not verdict(zipped(files | {name: bytes(changed)})).is_intact


@settings(max_examples=40)
@given(cut=st.integers(0, len(GENUINE) - 1))
def test_a_cut_zip_is_refused_with_a_sentence(cut):
    found = verdict(GENUINE[:cut])
    assert not found.is_intact
    assert found.sentence


def test_a_missing_and_an_added_file_are_named():
    files = contents(GENUINE)
    del files["data.json"]
    found = verdict(zipped(files | {"extra.txt": b"x"}))
    assert found.problems == ("The file data.json is missing.", "The file extra.txt is not listed.")


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_file_that_is_there_twice_is_named():
    target = io.BytesIO(GENUINE)
    with zipfile.ZipFile(target, "a") as archive:
        archive.writestr("data.json", "{}")
    assert "twice" in verdict(target.getvalue()).sentence


def test_a_bundle_signed_again_by_a_stranger_is_refused():
    files, stranger = contents(GENUINE), Ed25519PrivateKey.generate()
    manifest = files["manifest.json"].replace(b"Omne LLC", b"Mallory ")
    signature = json.loads(files["manifest.sig"])
    signature["public_key"] = base64.b64encode(stranger.public_key().public_bytes_raw()).decode()
    signature["signature"] = base64.b64encode(stranger.sign(manifest)).decode()
    forged = zipped(files | {"manifest.json": manifest, "manifest.sig": json.dumps(signature).encode()})
    assert "another key" in verdict(forged).sentence
    assert not verdict(forged, key=None).is_trusted


@pytest.mark.parametrize(
    "manifest",
    [
        b"[]",
        b"{}",
        b"not json",
        b'{"parts": 3}',
        b"\xff",
        b'{"format":"omne-dsar/manifest","version":1,"parts":[{"name":1}]}',
    ],
)
def test_a_strange_manifest_is_refused_with_a_sentence(manifest):
    assert not verdict(zipped(contents(GENUINE) | {"manifest.json": manifest})).is_intact


def test_public_keys_are_read_as_pem_and_as_base64():
    key = own_public_key()
    assert read_public_key(key.pem.encode()) == read_public_key(key.text.encode()) == key
    with pytest.raises(NotAPublicKey):
        read_public_key(b"nonsense")


def run(*arguments):
    out = io.StringIO()
    call_command("verify_bundle", *arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "bundle.zip"
    path.write_bytes(GENUINE)
    return path


def test_the_command_says_so_in_one_sentence(file):
    assert run(str(file)).startswith("This bundle is complete and unchanged")


def test_the_command_takes_a_key_file_and_speaks_json(file, tmp_path):
    key = tmp_path / "key.pem"
    key.write_text(own_public_key().pem)
    assert json.loads(run(str(file), "--key", str(key), "--json"))["is_trusted"]
    other = PublicKey(Ed25519PrivateKey.generate().public_key().public_bytes_raw())
    key.write_text(other.pem)
    with pytest.raises(CommandError, match="another key"):
        run(str(file), "--key", str(key))


@pytest.mark.parametrize("content", [b"", b"PK", b"hello"])
def test_the_command_refuses_what_is_no_bundle(tmp_path, content):
    path = tmp_path / "other.zip"
    path.write_bytes(content)
    with pytest.raises(CommandError, match="not a bundle"):
        run(str(path))


def test_the_command_says_which_file_cannot_be_read(file, tmp_path):
    key = tmp_path / "key.pem"
    key.write_text("-----BEGIN PUBLIC KEY-----\nnonsense\n-----END PUBLIC KEY-----\n")
    for arguments, sentence in (
        ([str(tmp_path / "absent.zip")], "absent.zip cannot be read: No such file"),
        ([str(file), str(tmp_path)], "cannot be read: Is a directory"),
        ([str(file), "--key", str(tmp_path)], "public key cannot be read"),
        ([str(file), "--key", str(key)], "no Ed25519 public key"),
        ([], "required: files"),
        ([str(file), "--key", str(key), "--embedded-key"], "not allowed with"),
    ):
        with pytest.raises(CommandError, match=sentence):
            run(*arguments)


def test_other_programs_open_the_zip(file):
    with zipfile.ZipFile(file) as archive:
        assert archive.testzip() is None
        assert all(name.isascii() and len(name) < 120 for name in archive.namelist())
        assert {info.compress_type for info in archive.infolist()} == {zipfile.ZIP_DEFLATED}
