"""The page that checks a copy, in a real browser: ours, and the one that is saved for later; nothing is sent."""

import base64
import hashlib
import io
import json
import zipfile
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Page

from fulfillment.bundles.verify import verify_bundle
from requests_app.encryption.manifests import PartRecord, canonical, describe_parts, signature_file
from requests_app.encryption.signing import PublicKey, own_public_key, read_public_key
from tests.browser import Visitor, faults, in_every_look
from tests.fulfillment.bundles.test_verify import contents, zipped
from tests.fulfillment.bundles.test_volumes import ONE, SPLIT

LENGTHS = (0, 1, 55, 56, 57, 63, 64, 65, 119, 120, 128, 1_000, 70_000, 3_000_001)
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def files(*zips: bytes) -> list[dict[str, object]]:
    return [
        {"name": f"{number}.zip", "mimeType": "application/zip", "buffer": content}
        for number, content in enumerate(zips)
    ]


def said(page: Page, *zips: bytes) -> tuple[str, str, list[str]]:
    """The kind of verdict, its sentence, and what does not fit."""
    page.set_input_files("#verify-files", files(*zips))
    return verdict(page)


def verdict(page: Page) -> tuple[str, str, list[str]]:
    told = page.locator("#verify-told:not([data-verdict=busy])[data-verdict]")
    told.wait_for(timeout=20_000)
    problems = page.locator("#verify-problems li").all_text_contents()
    return told.get_attribute("data-verdict") or "", told.text_content() or "", problems


@pytest.fixture
def ours(visitor: Visitor) -> Page:
    page = visitor()
    page.goto("/verify/")
    return page


@pytest.fixture
def saved(chromium: Browser, tmp_path: Path) -> Page:
    """The page as somebody saved it, opened from disk; whatever it asks for is an error."""
    path = tmp_path / "verify.html"
    path.write_bytes(Client().get(reverse("bundles:verify-offline")).content)
    page = chromium.new_page()
    page.on("request", lambda asked: pytest.fail(asked.url) if not asked.url.startswith("file:") else None)
    page.goto(path.as_uri())
    return page


def test_a_copy_of_ours_is_complete_unchanged_and_ours(ours: Page) -> None:
    asked: set[str] = set()
    ours.on("request", lambda request: asked.add(f"{request.method} {urlsplit(request.url).path}"))
    ours.context.set_offline(True)
    kind, sentence, problems = said(ours, *ONE)
    assert (kind, problems) == ("good", [])
    # The browser fetches the icon of the tab whenever it has time for it; the page itself asks for nothing.
    assert asked <= {"GET /static/requests_app/brand/favicon.svg"}
    assert f"signed by us (key {own_public_key().key_id})" in sentence
    assert "OM-4F7K-92QD" in sentence


def test_all_parts_together_are_checked_and_one_too_few_is_said(ours: Page) -> None:
    assert said(ours, *SPLIT)[0] == "good"
    kind, _sentence, problems = said(ours, *SPLIT[1:])
    assert kind == "bad"
    assert any("choose all of them" in each for each in problems)
    assert "last part" in said(ours, *SPLIT[:-1])[1]


def test_without_the_internet_the_saved_page_says_the_same(saved: Page) -> None:
    kind, sentence, _none = said(saved, *ONE)
    assert (kind, "signed by us" in sentence) == ("good", True)
    assert said(saved, b"no zip")[0] == "bad"


def test_the_page_inside_a_copy_checks_its_folder_and_does_not_vouch_for_itself(
    chromium: Browser, tmp_path: Path
) -> None:
    with zipfile.ZipFile(io.BytesIO(ONE[0])) as archive:
        archive.extractall(tmp_path / "copy")
    page = chromium.new_page()
    page.goto((tmp_path / "copy" / "verify.html").as_uri())
    page.set_input_files("#verify-folder", tmp_path / "copy")
    kind, sentence, problems = verdict(page)
    assert (kind, problems) == ("good", [])
    assert "compare it with the one that we publish" in sentence
    (tmp_path / "copy" / "data.json").write_bytes(b"{}")
    page.set_input_files("#verify-folder", tmp_path / "copy")
    page.get_by_text("data.json was changed").wait_for()


def test_what_was_changed_added_or_lost_is_named(saved: Page) -> None:
    changed = contents(ONE[0])
    changed["index.html"] += b" "
    del changed["schema.json"]
    kind, _sentence, problems = said(saved, zipped(changed | {"extra.txt": b"x"}))
    assert kind == "bad"
    assert sorted(problems) == [
        "extra.txt is not in the list.",
        "index.html was changed.",
        "schema.json is missing. If the copy came in parts, choose all of them together.",
    ]


def test_what_lies_beside_the_files_is_found_as_the_command_finds_it(saved: Page) -> None:
    hidden = zipped({"evil.html": b"<h1>evil</h1>"})
    at = ONE[0].index(b"PK\x01\x02")
    between = ONE[0][:at] + hidden[: hidden.index(b"PK\x01\x02")] + ONE[0][at:]
    end = between.rindex(b"PK\x05\x06") + 16
    begins = (at + hidden.index(b"PK\x01\x02")).to_bytes(4, "little")
    for odd in (ONE[0] + b"more", between[:end] + begins + between[end + 4 :]):
        assert not verify_bundle(io.BytesIO(odd), key=own_public_key()).is_intact
        kind, _sentence, problems = said(saved, odd)
        assert (kind, problems) == ("bad", ["0.zip holds something that belongs to none of its files."])
    assert said(saved, zipped(contents(ONE[0])))[0] == "good"


def test_a_list_that_was_changed_or_that_a_stranger_signed_is_no_list_of_ours(saved: Page) -> None:
    changed, stranger = contents(ONE[0]), Ed25519PrivateKey.generate()
    manifest = changed["manifest.json"].replace(b"Omne LLC", b"Mallory ")
    assert "does not fit" in said(saved, zipped(changed | {"manifest.json": manifest}))[1]
    signature = json.loads(changed["manifest.sig"])
    signature["public_key"] = base64.b64encode(stranger.public_key().public_bytes_raw()).decode()
    signature["signature"] = base64.b64encode(stranger.sign(changed["manifest.json"])).decode()
    forged = zipped(changed | {"manifest.sig": json.dumps(signature).encode()})
    assert "another key" in said(saved, forged)[1]


def test_a_wrong_signature_of_the_right_key_is_noticed_by_the_browser(saved: Page) -> None:
    changed = contents(ONE[0])
    signature = json.loads(changed["manifest.sig"])
    signature["signature"] = base64.b64encode(bytes(64)).decode()
    broken = zipped(changed | {"manifest.sig": json.dumps(signature).encode()})
    assert not verify_bundle(io.BytesIO(broken), key=own_public_key()).is_intact
    assert "does not fit" in said(saved, broken)[1]


def test_a_browser_that_knows_no_such_signature_says_so_and_trusts_nothing(saved: Page) -> None:
    saved.evaluate("() => { crypto.subtle.importKey = () => Promise.reject(new Error('unknown')); }")
    kind, sentence, _none = said(saved, *ONE)
    assert (kind, "cannot check the signature" in sentence) == ("half", True)


def test_files_of_every_length_are_hashed_as_everybody_hashes_them(saved: Page) -> None:
    parts = {f"{size}.bin": bytes(range(256)) * (size // 256) + b"x" * (size % 256) for size in LENGTHS}
    listed = [
        PartRecord(name, "application/octet-stream", len(content), hashlib.sha256(content).hexdigest())
        for name, content in parts.items()
    ]
    manifest = canonical(describe_parts({"reference": "OM-4F7K-92QD", "made_at": "2026-11-27"}, listed))
    signed = {"manifest.json": manifest, "manifest.sig": signature_file(manifest)}
    assert said(saved, zipped(parts | signed))[0] == "good"


@in_every_look
def test_the_page_has_no_faults(visitor: Visitor, width: int, theme: str) -> None:
    page = visitor(width=width, theme=theme)
    page.goto("/verify/")
    assert faults(page) == []


def test_without_script_it_says_what_else_there_is(visitor: Visitor) -> None:
    page = visitor(script=False)
    page.goto("/verify/")
    assert page.get_by_text("verify_bundle").is_visible()


def test_the_keys_are_for_every_program(settings: object) -> None:
    old = PublicKey(Ed25519PrivateKey.generate().public_key().public_bytes_raw())
    settings.SIGNING_OLD_PUBLIC_KEYS = [old.text]  # type: ignore[attr-defined]
    keys = Client().get("/.well-known/omne-dsar/signing-keys.json").json()["keys"]
    assert [each["kid"] for each in keys] == [own_public_key().key_id, old.key_id]
    x = keys[0]["x"].replace("-", "+").replace("_", "/") + "="
    assert read_public_key(x.encode()) == own_public_key()
    assert old.text in Client().get("/verify/").content.decode()
