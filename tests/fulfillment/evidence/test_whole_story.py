"""The evidence of an access, a deletion and a move elsewhere holds all that there was, without the contents."""

import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from page import validate_pdf_bytes
from pypdf import PdfReader

from fulfillment.bundles.models import Bundle
from fulfillment.evidence.export import export_evidence
from fulfillment.evidence.of_review import review
from fulfillment.evidence.pack import JSON_NAME, SIGNATURE_NAME
from fulfillment.evidence.verify import verify_evidence
from fulfillment.findings.decisions.models import Action, ReviewDecision, Rule, Scope
from fulfillment.sources.models import DataSource
from requests_app.audit.actors import Actor
from requests_app.audit.models import AuditEntry
from requests_app.correspondence.models import Message
from requests_app.encryption.signing import own_public_key, sign
from requests_app.letters.fetch import take_out
from requests_app.letters.models import LetterForm
from requests_app.letters.selectors import letters_of
from requests_app.letters.write import seal_of
from requests_app.lifecycle.known_rights import RIGHTS
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.states import RequestState
from requests_app.lifecycle.weighed import Weighed
from tests.databases import source_database
from tests.factories import NOON, SYSTEM, a_request_in, rosa
from tests.fulfillment.changes.by_connector.shop import connect, erasing, work
from tests.fulfillment.changes.shop import search
from tests.fulfillment.connectors.sql_changes.shop import TABLES, Shop
from tests.fulfillment.transmissions.authority import Authority
from tests.fulfillment.transmissions.cast import NAME, approved, checked_move, released_move, sent
from tests.fulfillment.transmissions.receiver import Receiver
from tests.reviewing import finish_review
from tests.servers import TestServers
from tests.sources import connect_shop
from tests.weighing import decide_for_the_person

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def store_folder(settings: Any, tmp_path: Path) -> None:
    settings.STORE_URL, settings.STORE_OPTIONS = f"file://{tmp_path}/store", {}


@pytest.fixture
def no_letters(monkeypatch: pytest.MonkeyPatch) -> None:
    """The seconds that setting a letter takes are spared."""
    for each in ("fulfillment.bundles.formats.pdf.pdf_of", "fulfillment.evidence.pack.pdf_of"):
        monkeypatch.setattr(each, lambda html, *, beat: b"%PDF-1.7 test")


@pytest.fixture
def receiver(settings: Any, tmp_path: Path) -> Iterator[Receiver]:
    authority = Authority(tmp_path)
    settings.OUTBOUND_CA_FILE = str(authority.file)
    with Receiver(authority.certify("localhost")) as found:
        settings.PORTABILITY_ALLOWED_HOSTS = [found.place]
        yield found


@pytest.fixture
def shop(running_servers: TestServers) -> Iterator[Shop]:
    with source_database(TABLES.format(json="jsonb")) as url:
        yield Shop(url)


def _files(asked: SubjectRequest) -> dict[str, bytes]:
    content = export_evidence(subject_request=asked, by=SYSTEM, at=NOON)
    assert verify_evidence(io.BytesIO(content), keys=[own_public_key()]).is_intact
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    Draft202012Validator(json.loads(files["schema.json"])).validate(json.loads(files[JSON_NAME]))
    return files


def _said(asked: SubjectRequest) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(_files(asked)[JSON_NAME])
    return found


def test_a_copy_that_went_elsewhere_is_told_with_the_receipt_of_the_other_service(
    no_letters: None, receiver: Receiver
) -> None:
    sending = sent(approved(released_move(), receiver.url))
    asked = SubjectRequest.objects.get()
    said = _said(asked)
    (sent_there,) = said["transmissions"]
    assert (sent_there["recipient"], sent_there["address"]) == (NAME, receiver.url)
    assert (sent_there["state"], sent_there["decided_by"]) == (
        "received",
        str(sending.transmission.decided_by_id),
    )
    assert sent_there["sending"]["idempotency_key"] == str(sending.pk)
    assert sent_there["sending"]["sha256"] == sending.sha256
    assert json.loads(sent_there["sending"]["receipt"])["sha256"] == sending.sha256
    assert said["bundles"][0]["volumes"][0]["sha256"] == Bundle.objects.get().sha256
    assert {each["purpose"] for each in said["codes"]} >= {"transmission"}


def test_a_deletion_tells_what_was_looked_at_what_went_and_each_letter_by_its_hash(
    no_letters: None, shop: Shop
) -> None:
    connect(shop)
    asked = work(erasing())
    letter = letters_of(asked).last()
    assert letter is not None
    by = Actor.subject(asked.reference)
    take_out(subject_request=asked, letter_id=letter.pk, form=LetterForm.TEXT, by=by, at=NOON)
    files = _files(asked)
    said = json.loads(files[JSON_NAME])
    assert [each["source"] for each in said["looks_beforehand"]] == ["shop"]
    assert said["looks_beforehand"][0]["records"] > 0
    (change,) = [each for each in said["changes"] if each["source"]]
    assert change["state"] == "done"
    assert json.loads(change["receipt"])
    written = {each["number"]: each for each in said["letters"]}
    assert written.keys() == {each.number for each in letters_of(asked)}
    assert written[letter.number]["text_sha256"] == letter.sha256
    seals = [json.loads(each.facts) for each in AuditEntry.objects.filter(event="letter.written")]
    found = seal_of(letter.sha256, written[letter.number]["text_salt"])
    assert found in {each["seal"] for each in seals if each["number"] == letter.number}
    assert [each["form"] for each in written[letter.number]["taken_out"]] == ["text"]
    assert [each["kind"] for each in said["identities"]] != []
    for value in (b"visits_secret", letter.text[-60:].encode()):
        assert value not in files[JSON_NAME]


def test_an_act_of_the_review_about_many_places_is_one_line_without_what_stood_there() -> None:
    asked = checked_move()
    source, by, rows = DataSource.objects.get(), rosa(), 120
    ReviewDecision.objects.bulk_create(
        ReviewDecision(
            subject_request=asked,
            source=source,
            collection="people",
            batch=asked.pk,
            scope=Scope.ITEM,
            action=Action.REDACT,
            line=line,
            reason_code="gdpr_15_4",
            note="A neighbour.",
            decided_at=NOON,
            decided_by=by,
        )
        for line in range(rows)
    )
    _a_rule(asked, source)
    one, rule = sorted(review(asked), key=lambda each: each.scope)
    assert (one.places, one.reason, one.by) == (rows, "A neighbour.", str(by.pk))
    assert (rule.rule, rule.places) == ("words", 1)
    assert "somebody-else" not in rule.model_dump_json()


def _a_rule(asked: SubjectRequest, source: DataSource) -> None:
    decision = ReviewDecision(
        subject_request=asked,
        source=source,
        collection="people",
        scope=Scope.RULE,
        action=Action.REDACT,
        rule=Rule.WORDS,
        reason_code="gdpr_15_4",
        decided_at=NOON,
        decided_by=rosa(),
    )
    decision.value = "somebody-else"
    decision.save()


def test_a_pack_of_the_first_version_is_still_checked(no_letters: None) -> None:
    files = _files(a_request_in(RequestState.IN_REVIEW))
    said = json.loads(files[JSON_NAME])
    for name in ("transmissions", "review", "said_since"):
        del said[name]
    said["version"], said["letters"] = 1, said.pop("messages")
    files[JSON_NAME] = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    files[SIGNATURE_NAME] = sign(files[JSON_NAME])
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    assert verify_evidence(target, keys=[own_public_key()]).is_intact


def _an_access() -> SubjectRequest:
    connect_shop()
    asked = a_request_in(RequestState.FULFILLING)
    search(asked)
    finish_review(asked, by=Actor.staff(rosa()), at=NOON)
    return asked


@pytest.mark.slow
@pytest.mark.parametrize("story", ["access", "deletion", "portability"])
def test_an_independent_validator_finds_the_pdf_of_each_to_be_pdf_ua(
    story: str, shop: Shop, receiver: Receiver, tmp_path: Path
) -> None:
    if story == "access":
        asked = _an_access()
    elif story == "deletion":
        connect(shop)
        asked = work(erasing())
    else:
        sent(approved(released_move(), receiver.url))
        asked = SubjectRequest.objects.get()
    pdf = _files(asked)["evidence.pdf"]
    (tmp_path / f"{story}.pdf").write_bytes(pdf)
    report = validate_pdf_bytes(pdf, profile="ua1")
    assert [(each.rule_id, each.message) for each in report.failures] == []
    assert report.is_compliant
    text = " ".join("".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())
    assert {"access": "Searches", "deletion": "Before the deletion", "portability": "Sent to other services"}[
        story
    ] in text


def test_every_right_has_its_law_its_clock_its_letters_and_what_was_decided(no_letters: None) -> None:
    """Each as far as it comes without a source: what the pack says of it is what its own pages say."""
    for code in sorted(RIGHTS):
        is_weighed = code in ("correction", "objection", "automated_decision")
        state = RequestState.WEIGHING if is_weighed else RequestState.IN_REVIEW
        asked = a_request_in(state, right=code, email=f"{code}@example.org")
        if is_weighed:
            asked = decide_for_the_person(asked)
        said = _said(asked)
        assert (said["right"], said["state"]) == (code, asked.state), code
        assert said["clocks"][0]["due"] == asked.response_due_on.isoformat(), code
        assert all(each["steps"] for each in said["clocks"]), code
        assert len(said["messages"]) == Message.objects.filter(subject_request=asked).count(), code
        assert len(said["letters"]) == letters_of(asked).count(), code
        decided = {each["what"] for each in said["decisions"]}
        assert decided >= {each.item for each in Weighed.objects.filter(subject_request=asked)}, code
        assert said["chain"]["entries"][0]["sentence"].startswith("The request was received"), code
