"""Nothing that was withheld or redacted reaches any part of a bundle, whatever the scope of the decision."""

import io
import json
import zipfile

import pytest
from pypdf import PdfReader

from fulfillment.bundles.build import build_bundle
from fulfillment.bundles.models import Bundle
from fulfillment.bundles.selectors import outcome_of
from fulfillment.findings.decisions.decide import decide, undo_last
from fulfillment.findings.decisions.models import Action, Rule, Scope, Test
from fulfillment.findings.decisions.wanted import Wanted
from fulfillment.findings.models import Finding
from fulfillment.findings.release.places import read_record, written_record
from fulfillment.findings.selectors import findings_of
from requests_app.audit.actors import Actor
from requests_app.audit.models import AuditEntry
from requests_app.encryption.files import open_sealed
from requests_app.encryption.store import current_store
from requests_app.jurisdictions.load import jurisdiction
from requests_app.lifecycle.models import Outcome, SubjectRequest
from tests.factories import rosa
from tests.fulfillment.findings.release.people import LATER, in_review
from tests.reviewing import finish_review

pytestmark = pytest.mark.django_db


def _finding(asked: SubjectRequest, name: str = "tickets") -> Finding:
    return next(
        each.finding for part in findings_of(asked) for each in part.findings if each.collection.name == name
    )


def _decided(asked: SubjectRequest, **wanted: object) -> None:
    reason = next(each.code for each in jurisdiction(asked.regime).refusals_for("access"))
    given = Wanted(**{"reason_code": reason, **wanted})  # type: ignore[arg-type]
    decide(finding_id=_finding(asked).pk, wanted=[given], by=Actor.staff(rosa()), at=LATER)


def _built(asked: SubjectRequest) -> Bundle:
    finish_review(asked, by=Actor.staff(rosa()), at=LATER)
    bundle = Bundle.objects.get(subject_request=asked)
    assert build_bundle(bundle_id=bundle.pk, at=LATER)
    bundle.refresh_from_db()
    return bundle


def _parts(bundle: Bundle) -> dict[str, str]:
    """Every part as text; of the PDF, the words on its pages."""
    sealed = open_sealed(current_store(), name=bundle.store_name, wrapped_key=bytes(bundle.wrapped_key))
    with zipfile.ZipFile(io.BytesIO(sealed.read())) as archive:
        return {name: _text(name, archive.read(name)) for name in archive.namelist()}


def _text(name: str, content: bytes) -> str:
    if name.endswith(".pdf"):
        pages = PdfReader(io.BytesIO(content)).pages
        return "".join(" ".join(page.extract_text() for page in pages).split())
    return content.decode("utf-8", "replace")


def _places_of(word: str, parts: dict[str, str]) -> list[str]:
    return [name for name, text in parts.items() if word in text]


def test_the_canaries_are_in_every_format_when_nothing_is_decided() -> None:
    found = _places_of("canary-secondary", _parts(_built(in_review())))
    assert {
        "report.pdf",
        "index.html",
        "data.json",
        "data/desk/tickets.jsonl",
        "data/desk/tickets.csv",
    } <= set(found)


CASES = {
    "a record": ({"scope": Scope.ITEM, "action": Action.WITHHOLD, "line": 2}, ["canary-second", "No2"]),
    "a value": (
        {"scope": Scope.ITEM, "action": Action.REDACT, "line": 1, "place": "2"},
        ["canary-first"],
    ),
    "words in a value": (
        {"scope": Scope.ITEM, "action": Action.REDACT, "line": 2, "place": "2", "start": 0, "end": 16},
        ["canary-secondary"],
    ),
    "a value inside another": (
        {"scope": Scope.ITEM, "action": Action.REDACT, "line": 2, "place": "3.0.1"},
        ["canary-inner"],
    ),
    "the name of a member": (
        {"scope": Scope.ITEM, "action": Action.REDACT, "line": 2, "place": "3.0.0.k"},
        ["canary-key"],
    ),
    "a number": (
        {"scope": Scope.ITEM, "action": Action.REDACT, "line": 2, "place": "4", "start": 0, "end": 3},
        ["7319"],
    ),
    "a field withheld by rule": (
        {"scope": Scope.RULE, "action": Action.WITHHOLD, "rule": Rule.FIELD, "field": "text"},
        ["canary-first", "canary-second", "canary-third"],
    ),
    "a field redacted by rule": (
        {"scope": Scope.RULE, "action": Action.REDACT, "rule": Rule.FIELD, "field": "talk.words"},
        ["canary-inner"],
    ),
    "words by rule": (
        {"scope": Scope.RULE, "action": Action.REDACT, "rule": Rule.WORDS, "value": "Canary-Inner"},
        ["canary-inner"],
    ),
    "records by rule": (
        {
            "scope": Scope.RULE,
            "action": Action.WITHHOLD,
            "rule": Rule.RECORDS,
            "field": "text",
            "test": Test.CONTAINS,
            "value": "CANARY-THIRD",
        },
        ["canary-third"],
    ),
    "the collection": ({"scope": Scope.COLLECTION, "action": Action.WITHHOLD}, ["canary-"]),
}


@pytest.mark.parametrize("case", CASES)
def test_what_was_left_out_is_in_no_part_of_the_bundle(case: str) -> None:
    wanted, canaries = CASES[case]
    asked = in_review()
    _decided(asked, **wanted)
    bundle = _built(asked)
    parts = _parts(bundle)
    assert {word: _places_of(word, parts) for word in canaries} == {word: [] for word in canaries}
    assert "Tickets" in parts["index.html"].split('id="left"')[1]
    assert outcome_of(bundle) == Outcome.PARTLY


def test_everything_else_is_still_there_and_counted() -> None:
    asked = in_review()
    _decided(asked, scope=Scope.ITEM, action=Action.WITHHOLD, line=2)
    bundle = _built(asked)
    parts = _parts(bundle)
    kept = [json.loads(line) for line in parts["data/desk/tickets.jsonl"].splitlines()]
    assert [each["number"] for each in kept] == ["No1", "No3"]
    assert (bundle.row_count, json.loads(parts["data.json"])["record_count"]) == (3, 3)
    assert "canary-third" in parts["report.pdf"]


def test_a_covered_stretch_says_so_and_the_words_around_it_stay() -> None:
    asked = in_review()
    _decided(asked, scope=Scope.ITEM, action=Action.REDACT, line=2, place="2", start=0, end=16)
    second = _parts(_built(asked))["data/desk/tickets.jsonl"].splitlines()[1]
    assert json.loads(second)["text"] == "[covered] said Rui"


def test_fractions_keep_their_digits_in_a_record_that_is_changed() -> None:
    line = b'{"price":1.10,"most":0.1000000000000000055511151231257827,"id":12345678901234567890}'
    assert written_record(read_record(line)) == line


def test_half_a_surrogate_pair_passes_through_a_change() -> None:
    line = b'{"text":"\\ud83d","price":1.5}'
    assert json.loads(written_record(read_record(line))) == json.loads(line)


def test_a_record_that_is_included_on_purpose_is_spared_by_rules() -> None:
    asked = in_review()
    _decided(asked, scope=Scope.RULE, action=Action.REDACT, rule=Rule.FIELD, field="text")
    _decided(asked, scope=Scope.ITEM, action=Action.INCLUDE, line=3)
    parts = _parts(_built(asked))
    assert "canary-third" in parts["data.json"]
    assert "canary-first" not in parts["data.json"]


def test_undone_decisions_leave_everything_in() -> None:
    asked = in_review()
    _decided(asked, scope=Scope.ITEM, action=Action.WITHHOLD, line=2)
    undo_last(subject_request_id=asked.pk, by=Actor.staff(rosa()), at=LATER)
    bundle = _built(asked)
    assert "canary-second" in _parts(bundle)["data.json"]
    assert outcome_of(bundle) == Outcome.GRANTED


def test_the_filtered_records_are_gone_with_the_build(store_folder) -> None:
    asked = in_review()
    _decided(asked, scope=Scope.ITEM, action=Action.WITHHOLD, line=2)
    before = sum(1 for path in store_folder.rglob("*") if path.is_file())
    _built(asked)
    assert sum(1 for path in store_folder.rglob("*") if path.is_file()) == before + 1


def test_the_log_holds_positions_and_no_word_of_the_records() -> None:
    asked = in_review()
    _decided(asked, **CASES["records by rule"][0])
    _decided(asked, **CASES["words in a value"][0])
    facts = " ".join(AuditEntry.objects.values_list("facts", flat=True))
    assert "canary" not in facts.lower()
    assert AuditEntry.objects.filter(event="finding.decided").count() == 2
