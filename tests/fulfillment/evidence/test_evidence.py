"""The evidence of a request is one signed file that anybody can check, and holds nothing that it must not."""

import io
import json
import subprocess
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from jsonschema import Draft202012Validator
from pypdf import PdfReader

from fulfillment.bundles.build import build_bundle
from fulfillment.bundles.models import Bundle, BundleFetch
from fulfillment.evidence import of_chain
from fulfillment.evidence.export import export_evidence
from fulfillment.evidence.pack import SCHEMA, schema_text
from fulfillment.evidence.verify import verify_evidence
from requests_app.audit.actors import Actor
from requests_app.audit.anchors.deposit import leave_anchor
from requests_app.audit.anchors.make import anchor_today
from requests_app.audit.models import AuditEntry
from requests_app.audit.verify import hash_of_fields
from requests_app.encryption.signing import own_public_key, read_public_keys
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.states import RequestState
from tests.desk import signed_in
from tests.factories import NOON, SYSTEM, a_request_in, ada_asks, piet, rosa
from tests.fulfillment.changes.shop import search
from tests.reviewing import finish_review
from tests.sources import connect_shop
from tests.tsa import OPENSSL

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def store_folder(settings: Any, tmp_path: Path) -> None:
    settings.STORE_URL, settings.STORE_OPTIONS = f"file://{tmp_path}/store", {}


@pytest.fixture
def no_letters(monkeypatch: pytest.MonkeyPatch) -> None:
    """The seconds that setting a letter takes are spared."""
    for each in ("fulfillment.bundles.formats.pdf.pdf_of", "fulfillment.evidence.pack.pdf_of"):
        monkeypatch.setattr(each, lambda html, *, beat: b"%PDF-1.7 test")


def _anchored(days: int) -> None:
    anchor = anchor_today(at=NOON + timedelta(days=days))
    assert anchor is not None
    for deposit in anchor.deposits.all():
        leave_anchor(deposit_id=deposit.pk, at=NOON)


@pytest.fixture
def asked(no_letters: None) -> SubjectRequest:
    """A copy was released and fetched; another case before, one after, and an anchor between each."""
    ada_asks(email="earlier@example.org")
    _anchored(0)
    connect_shop()
    asked = a_request_in(RequestState.FULFILLING)
    search(asked)
    _anchored(1)
    finish_review(asked, by=Actor.staff(rosa()), at=NOON)
    bundle = Bundle.objects.get()
    assert build_bundle(bundle_id=bundle.pk, at=NOON)
    BundleFetch.objects.create(bundle=bundle, started_at=NOON, bytes_asked=10, bytes_sent=10)
    ada_asks(email="later@example.org")
    _anchored(2)
    return SubjectRequest.objects.get(pk=asked.pk)


def _packed(asked: SubjectRequest) -> dict[str, bytes]:
    content = export_evidence(subject_request=asked, by=SYSTEM, at=NOON + timedelta(days=3))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _zipped(files: dict[str, bytes]) -> io.BytesIO:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return target


def test_it_tells_the_whole_story_and_fits_its_published_schema(asked: SubjectRequest) -> None:
    files = _packed(asked)
    said = json.loads(files["evidence.json"])
    Draft202012Validator(json.loads(files["schema.json"])).validate(said)
    assert said["arrived"]["name"] == "Ada Åström"
    assert said["arrived"]["channel"] == "web"
    assert said["clocks"][0]["measure"] == "response"
    assert any("12(3)" in step["cite"] for step in said["clocks"][0]["steps"])
    assert [each["method"] for each in said["proofs"]] or said["codes"]
    assert said["letters"]
    assert {each["source"] for each in said["runs"][0]["sources"]} == {"shop"}
    assert said["bundles"][0]["sha256"] == Bundle.objects.get().sha256
    assert said["bundles"][0]["fetches"][0]["bytes_sent"] == 10
    told = [each["sentence"] for each in said["chain"]["entries"]]
    assert told[0] == "The request was received (web form): copy, GDPR."
    assert told[-1] == "The evidence of this request was exported."
    assert not any("[" in each for each in told)
    assert len(told) == AuditEntry.objects.filter(target_id=str(asked.pk)).count()
    assert said["chain"]["flaw"] == ""


def test_the_schema_that_is_published_is_that_of_the_code() -> None:
    assert SCHEMA.read_text() == schema_text()


def test_what_the_sources_found_and_what_proved_the_person_is_not_in_it(asked: SubjectRequest) -> None:
    entries = AuditEntry.objects.exclude(target_id=str(asked.pk)).values_list("target_id", flat=True)
    everything = b"".join(_packed(asked).values())
    assert b"code_digest" not in everything
    assert not [key for key in entries if len(key) > 12 and key.encode() in everything]
    for record in (b"Helsinki", b"earlier@example.org", b"later@example.org"):
        assert record not in everything


def test_each_entry_is_proved_under_the_anchor_that_covers_it(asked: SubjectRequest) -> None:
    files = _packed(asked)
    verdict = verify_evidence(_zipped(files), keys=[own_public_key()])
    assert (verdict.sentence, verdict.is_intact, verdict.is_trusted) == (verdict.sentence, True, True)
    said = json.loads(files["evidence.json"])
    anchors = [name for name in files if name.startswith("anchors/") and "-daily-" in name]
    assert len(anchors) == 3
    with_anchor = [each for each in said["chain"]["entries"] if len(each["proofs"]) == 2]
    assert len(with_anchor) == len(said["chain"]["entries"]) - 1


def test_openssl_alone_checks_the_signature(asked: SubjectRequest, tmp_path: Path) -> None:
    for name, content in _packed(asked).items():
        if "/" not in name:
            (tmp_path / name).write_bytes(content)
    command = [
        OPENSSL,
        "pkeyutl",
        "-verify",
        "-pubin",
        "-inkey",
        "public-key.pem",
        "-rawin",
        "-in",
        "evidence.json",
    ]
    done = subprocess.run(
        [*command, "-sigfile", "evidence.sig"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert "Verified Successfully" in done.stdout


def _with(files: dict[str, bytes], name: str, content: bytes) -> dict[str, bytes]:
    return {**files, name: content}


def test_whatever_is_changed_is_found(asked: SubjectRequest) -> None:
    files = _packed(asked)
    anchor = next(name for name in files if name.startswith("anchors/"))
    changed = {
        "The signature": _with(files, "evidence.json", files["evidence.json"].replace(b"Ada ", b"Eva ", 1)),
        "evidence.pdf was changed": _with(files, "evidence.pdf", b"%PDF-"),
        "extra.txt is not listed": _with(files, "extra.txt", b"x"),
        f"{anchor} is missing": {name: each for name, each in files.items() if name != anchor},
        "it holds no evidence.sig": {name: each for name, each in files.items() if name != "evidence.sig"},
    }
    for problem, pack in changed.items():
        verdict = verify_evidence(_zipped(pack))
        assert not verdict.is_intact
        assert any(problem in each for each in verdict.problems), problem


def test_an_entry_that_was_made_up_is_not_proved(
    asked: SubjectRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where whoever made it holds our key: no path leads it to the anchor."""
    plain = of_chain._entries

    def made_up(entries: list[AuditEntry], proofs: Any) -> Any:
        for entry in entries:
            entry.facts = entry.facts.replace("{", "{ ", 1)
        said = plain(entries, proofs)
        return [each.model_copy(update={"hash": hash_of_fields(each.hashed)}) for each in said]

    monkeypatch.setattr(of_chain, "_entries", made_up)
    verdict = verify_evidence(_zipped(_packed(asked)))
    assert not verdict.is_intact
    assert "is not proved to lie under" in verdict.problems[0]


def test_another_key_is_not_believed(asked: SubjectRequest, settings: Any) -> None:
    files, ours = _packed(asked), own_public_key()
    settings.SIGNING_KEY = bytes([9] * 32)
    assert "another key" in verify_evidence(_zipped(files), keys=[own_public_key()]).sentence
    settings.SIGNING_OLD_PUBLIC_KEYS = [ours.text]
    both = read_public_keys((own_public_key().pem + ours.pem).encode())
    assert verify_evidence(_zipped(files), keys=both).is_intact


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_what_another_program_would_read_in_its_place_is_found(asked: SubjectRequest) -> None:
    files = _packed(asked)
    twice = _zipped(files)
    with zipfile.ZipFile(twice, "a") as archive:
        archive.writestr("evidence.pdf", files["evidence.pdf"])
    assert "evidence.pdf is in it twice" in verify_evidence(twice).sentence
    plain = _zipped(files).getvalue()
    for content in (b"MZ" + plain, plain + b"more"):
        assert "belongs to none of its files" in verify_evidence(io.BytesIO(content)).sentence
    broken = bytearray(plain)
    broken[plain.index(b"%PDF") + 3] ^= 1
    assert "evidence.pdf does not open" in verify_evidence(io.BytesIO(bytes(broken))).sentence


def test_a_pack_that_swells_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fulfillment.evidence.verify._LARGEST", 1000)
    assert "too large" in verify_evidence(_zipped({"evidence.json": bytes(5000)})).sentence
    deep = _zipped({"evidence.json": b"[" * 900, "evidence.sig": b""})
    assert "cannot be read" in verify_evidence(deep).sentence


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x03\x04 cut"])
def test_what_is_no_pack_is_said_to_be_none(content: bytes) -> None:
    verdict = verify_evidence(io.BytesIO(content))
    assert (verdict.is_intact, verdict.sentence) == (
        False,
        "This is no evidence pack: it does not open as a zip file.",
    )


def test_the_pdf_is_tagged_and_says_what_the_json_says(settings: Any) -> None:
    asked = a_request_in(RequestState.IN_REVIEW)
    pdf = PdfReader(io.BytesIO(_packed(asked)["evidence.pdf"]))
    assert pdf.root_object["/MarkInfo"]["/Marked"]  # type: ignore[index]
    text = "".join(page.extract_text() for page in pdf.pages)
    assert asked.reference in text
    assert "Ada Åström" in text
    assert b"pdfuaid:part" in pdf.root_object["/Metadata"].get_data()  # type: ignore[index]


def test_the_command_writes_it_and_another_checks_it(
    asked: SubjectRequest, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "pack.zip"
    call_command("export_evidence", asked.reference, "--out", str(path), "--json")
    assert json.loads(capsys.readouterr().out)["size"] == path.stat().st_size
    assert path.stat().st_mode & 0o077 == 0
    call_command("verify_evidence", str(path))
    assert "entries are proved" in capsys.readouterr().out
    with pytest.raises(CommandError, match="there already"):
        call_command("export_evidence", asked.reference, "--out", str(path))
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(CommandError, match="does not open"):
        call_command("verify_evidence", str(path))
    with pytest.raises(CommandError, match="no request"):
        call_command("export_evidence", "nonsense")


def test_staff_export_it_from_the_audit_page_and_that_is_recorded(asked: SubjectRequest) -> None:
    client = signed_in(piet())
    page = client.get(f"/staff/requests/{asked.reference}/audit/").content.decode()
    assert "Export the evidence" in page
    response = client.post(f"/staff/requests/{asked.reference}/evidence/")
    assert response["Content-Disposition"] == f'attachment; filename="{asked.reference}-evidence.zip"'
    assert "no-store" in response["Cache-Control"]
    assert verify_evidence(io.BytesIO(response.content)).is_intact
    assert AuditEntry.objects.filter(event="evidence.exported", target_id=str(asked.pk)).count() == 1


def test_who_works_the_case_does_not_export_it(asked: SubjectRequest) -> None:
    client: Client = signed_in(rosa())
    assert (
        "Export the evidence" not in client.get(f"/staff/requests/{asked.reference}/audit/").content.decode()
    )
    assert client.post(f"/staff/requests/{asked.reference}/evidence/").status_code == 403
    assert client.get(f"/staff/requests/{asked.reference}/evidence/").status_code in (403, 405)
