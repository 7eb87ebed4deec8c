"""Whatever somebody made of a bundle, the verdict is a sentence, costs little, and is never a yes."""

import io
import json
import random
import struct
import zipfile
from typing import Any

import pytest
import pyzipper
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from fulfillment.bundles import verify
from fulfillment.bundles.verify import Verdict, verify_bundle
from requests_app.encryption import manifests
from requests_app.encryption.signing import PublicKey, own_public_key
from tests.fulfillment.bundles.test_verify import GENUINE, contents, zipped

LIST = GENUINE.index(b"PK\x01\x02")
FILES = contents(GENUINE)


def verdict(content: bytes, **given: Any) -> Verdict:
    return verify_bundle(io.BytesIO(content), **{"key": own_public_key()} | given)


def forged(claims: bytes) -> Verdict:
    """The verdict on a bundle that a stranger signed, by the stranger's own key."""
    stranger = Ed25519PrivateKey.generate()
    key = PublicKey(stranger.public_key().public_bytes_raw())
    signature = manifests.signature_text(claims, stranger.sign(claims), key)
    made = contents(GENUINE) | {manifests.NAME: claims, manifests.SIGNATURE_NAME: signature}
    return verdict(zipped(made), key=None)


def test_a_byte_that_tipped_over_on_the_way_is_found_wherever_it_lies() -> None:
    """A wrong byte in packed data is not always a wrong check sum: some break what unpacks it."""
    for at in random.Random(7).sample(range(LIST), 300):  # noqa: S311
        tipped = bytearray(GENUINE)
        tipped[at] ^= 0x55
        found = verdict(bytes(tipped))
        # Some bits of a zip are read by nobody, and some packed bytes mean the same.
        assert not found.is_intact or contents(bytes(tipped)) == FILES, at
        assert found.sentence


def test_bytes_before_behind_and_between_are_found() -> None:
    with io.BytesIO(GENUINE) as target, zipfile.ZipFile(target, "a") as archive:
        archive.comment = b"call this number"
        archive.close()
        commented = target.getvalue()
    for content in (b"MZ" + GENUINE, GENUINE + b"<script>", commented):
        assert verdict(content).problems == (
            "There is something in the zip that belongs to none of its files.",
        )


def test_a_link_in_place_of_a_file_is_found_although_its_content_fits() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in contents(GENUINE).items():
            entry = zipfile.ZipInfo(name)
            entry.external_attr = 0o120777 << 16 if name == "data.json" else 0
            archive.writestr(entry, content)
    assert verdict(target.getvalue()).problems == ("data.json is not a plain file.",)


@pytest.mark.parametrize(
    "name", ["../../etc/cron.d/x", "/etc/passwd", "C:\\x", "a\x1b[2J", "\u202egnp.exe", "x" * 60_000]
)
def test_a_file_of_any_name_beside_ours_is_named_and_the_terminal_is_left_alone(name: str) -> None:
    found = verdict(zipped(contents(GENUINE) | {name: b"x"}))
    assert not found.is_intact
    assert found.sentence.isprintable()


def test_a_bomb_is_read_as_far_as_was_promised(monkeypatch: pytest.MonkeyPatch) -> None:
    taken, plain = [0], zipfile.ZipExtFile.read

    def counted(self: zipfile.ZipExtFile, n: int | None = -1) -> bytes:
        found = plain(self, n)
        taken[0] += len(found)
        return found

    monkeypatch.setattr(zipfile.ZipExtFile, "read", counted)
    promised = sum(part["size"] for part in PARTS)
    assert not verdict(zipped(contents(GENUINE) | {"data.json": bytes(20_000_000)})).is_intact
    assert taken[0] < promised + 3_000_000
    monkeypatch.setattr(verify, "_LARGEST_MANIFEST", 1_000_000)
    assert "too large" in verdict(zipped(contents(GENUINE) | {manifests.NAME: bytes(20_000_000)})).sentence


def test_a_size_that_lies_is_found() -> None:
    content = bytearray(GENUINE)
    content[LIST + 24 : LIST + 28] = struct.pack("<I", 3)
    assert not verdict(bytes(content)).is_intact


CLAIMS = json.loads(contents(GENUINE)[manifests.NAME])
PARTS = CLAIMS["parts"]


def written(**changes: Any) -> bytes:
    return json.dumps(CLAIMS | changes).encode()


@pytest.mark.parametrize(
    "claims",
    [
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b'{"a":' + b"9" * 10_000 + b"}",
        b"\xff\xfe",
        written(parts=[*PARTS, {"name": "listing-1.json", "volume": [1]}]),
        written(parts=[PARTS[0] | {"size": []}, *PARTS[1:]]),
        written(parts=[PARTS[0] | {"size": True}, *PARTS[1:]]),
        written(parts=[*PARTS, PARTS[0]]),
        written(parts=[None]),
        written(reference={"a": 1}),
        written(made_at=1),
        written(version=2),
        written(format="other"),
        written(parts=[PARTS[0] | {"size": 7}, *PARTS[1:]]).replace(b'"size": 7', b'"size": 1e999'),
    ],
)
def test_a_strangers_list_that_is_made_to_break_the_check_gets_a_sentence(claims: bytes) -> None:
    found = forged(claims)
    assert not found.is_intact
    assert "manifest" in found.sentence


@pytest.mark.parametrize(
    "mark", [b"", b"[]", b"3", b"[" * 100_000, b"\xff", b'{"signature":3,"public_key":[]}']
)
def test_a_strange_signature_gets_a_sentence(mark: bytes) -> None:
    found = verdict(zipped(contents(GENUINE) | {manifests.SIGNATURE_NAME: mark}))
    assert found.sentence == "The signature of this bundle cannot be read."


def sealed(words: bytes) -> bytes:
    target = io.BytesIO()
    with pyzipper.AESZipFile(target, "w", pyzipper.ZIP_DEFLATED, encryption=pyzipper.WZ_AES) as archive:
        archive.setpassword(words)
        for name, content in contents(GENUINE).items():
            archive.writestr(name, content)
    return target.getvalue()


def test_a_zip_with_a_passphrase_says_what_it_needs() -> None:
    content = sealed(b"correct horse battery")
    assert "fetched with a passphrase" in verdict(content).sentence
    assert "does not open the zip" in verdict(content, passphrase=b"wrong horse").sentence
    assert verdict(content, passphrase=b"correct horse battery").is_intact
    assert verdict(GENUINE, passphrase=b"needless").is_intact
