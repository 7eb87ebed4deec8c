"""What goes with a decision: original files, copies to move, whoever decided, and how each sort is taken back."""

import json
from datetime import timedelta
from typing import Any

import pytest

from fulfillment.bundles.build import build_bundle
from fulfillment.bundles.models import Bundle
from fulfillment.bundles.release import release_bundle
from fulfillment.connectors.base import Document
from fulfillment.findings.decisions.decide import decide, undo
from fulfillment.findings.decisions.models import Action, Kind, LeftBecause, Rule, Scope, Test
from fulfillment.findings.decisions.wanted import Wanted
from fulfillment.findings.files import sealed_file
from fulfillment.findings.models import Finding
from fulfillment.findings.selectors import findings_of
from fulfillment.findings.suggestions.answer import leave_everything
from fulfillment.findings.suggestions.by_hand import looked_through_by_hand
from fulfillment.findings.suggestions.models import SuggestionScan
from fulfillment.findings.withhold import include_finding, withhold_finding
from requests_app.accounts.models import StaffMember
from requests_app.audit.actors import Actor
from requests_app.jurisdictions.load import jurisdiction
from requests_app.leases.models import WorkState
from requests_app.lifecycle.errors import MoveNotAllowed
from requests_app.lifecycle.models import SubjectRequest
from requests_app.roles import Role
from tests.desk import signed_in
from tests.factories import piet, rosa, staff
from tests.fulfillment.changes.shop import checked_deletion
from tests.fulfillment.changes.shop import connect as connect_shop
from tests.fulfillment.findings.release import people
from tests.fulfillment.findings.release.people import LATER, in_review
from tests.fulfillment.findings.release.test_released import _parts
from tests.reviewing import finish_review, look_for_others

pytestmark = pytest.mark.django_db
SCANS = {"No1": "first.txt", "No2": "second.txt", "No3": "third.txt"}


def _finding(asked: SubjectRequest, name: str = "tickets") -> Finding:
    every = (each.finding for part in findings_of(asked) for each in part.findings)
    return next(each for each in every if each.collection == name)


def _reason(asked: SubjectRequest) -> str:
    return jurisdiction(asked.regime).refusals_for(asked.right)[0].code


def _decide(asked: SubjectRequest, by: Actor, **wanted: Any) -> Any:
    given = Wanted(**{"reason_code": _reason(asked), **wanted})
    return decide(finding_id=_finding(asked).pk, wanted=[given], by=by, at=LATER)[0].pk


def _built(asked: SubjectRequest, by: Actor) -> Bundle:
    finish_review(asked, by=by, at=LATER)
    bundle = Bundle.objects.get(subject_request=asked)
    assert build_bundle(bundle_id=bundle.pk, at=LATER)
    bundle.refresh_from_db()
    return bundle


@pytest.fixture
def worker() -> Actor:
    return Actor.staff(rosa())


@pytest.fixture
def with_files(monkeypatch: pytest.MonkeyPatch) -> SubjectRequest:
    """Each ticket names the file it was scanned from."""
    kept = "            label: Tickets\n"
    monkeypatch.setattr(people, "MAP", people.MAP.replace(kept, f"{kept}            documents: true\n"))
    asked = in_review([{**each, "score": SCANS[each["number"]]} for each in people.TICKETS])
    for number, name in SCANS.items():
        document = Document("tickets", name, "text/plain", f"scan of {number}".encode())
        sealed_file(_finding(asked).task, document).save()
    return asked


@pytest.mark.parametrize(
    ("wanted", "gone"),
    [
        ({"scope": Scope.ITEM, "action": Action.WITHHOLD, "line": 2}, {"second.txt"}),
        ({"scope": Scope.ITEM, "action": Action.REDACT, "line": 1, "place": "2"}, {"first.txt"}),
        (
            {
                "scope": Scope.RULE,
                "action": Action.WITHHOLD,
                "rule": Rule.RECORDS,
                "field": "text",
                "test": Test.CONTAINS,
                "value": "third",
            },
            {"third.txt"},
        ),
        ({"scope": Scope.COLLECTION, "action": Action.WITHHOLD}, set(SCANS.values())),
    ],
)
def test_the_original_of_a_record_that_stays_or_was_changed_stays_as_well(
    with_files: SubjectRequest, worker: Actor, wanted: dict[str, Any], gone: set[str]
) -> None:
    _decide(with_files, worker, **wanted)
    parts = _parts(_built(with_files, worker))
    copied = {name.rpartition("/")[2] for name in parts if name.startswith("files/")}
    assert copied == set(SCANS.values()) - gone


def test_a_copy_to_move_leaves_out_what_was_decided_record_by_record(worker: Actor) -> None:
    asked = in_review(right="portability")
    _decide(asked, worker, scope=Scope.ITEM, action=Action.WITHHOLD, line=2)
    _decide(asked, worker, scope=Scope.ITEM, action=Action.REDACT, line=3, place="2")
    parts = _parts(_built(asked, worker))
    lines = [json.loads(line) for line in parts["data/desk/tickets.jsonl"].splitlines()]
    assert [each["number"] for each in lines] == ["No1", "No3"]
    everything = "".join(parts.values())
    assert "canary-second" not in everything
    assert "canary-third" not in everything
    assert "canary-first" in everything


KINDS: dict[str, dict[str, Any]] = {
    "a record": {"scope": Scope.ITEM, "action": Action.WITHHOLD, "line": 2},
    "a value": {"scope": Scope.ITEM, "action": Action.REDACT, "line": 2, "place": "2"},
    "words": {"scope": Scope.ITEM, "action": Action.REDACT, "line": 2, "place": "2", "start": 0, "end": 9},
    "a field": {"scope": Scope.RULE, "action": Action.WITHHOLD, "rule": Rule.FIELD, "field": "text"},
    "words by rule": {"scope": Scope.RULE, "action": Action.REDACT, "rule": Rule.WORDS, "value": "canary"},
    "others by rule": {
        "scope": Scope.RULE,
        "action": Action.REDACT,
        "rule": Rule.OTHERS,
        "kind": Kind.NAME,
    },
    "a collection": {"scope": Scope.COLLECTION, "action": Action.WITHHOLD},
    "others in a collection": {"scope": Scope.COLLECTION, "action": Action.REDACT},
}


def test_each_sort_of_decision_is_taken_back_and_leaves_no_trace_in_the_copy(worker: Actor) -> None:
    asked = in_review()
    untouched = _finding(asked)
    for wanted in KINDS.values():
        undo(decision_id=_decide(asked, worker, **wanted), by=worker, at=LATER)
        found = _finding(asked)
        assert (found.decision, found.reason_code) == (untouched.decision, untouched.reason_code)
    bundle = _built(asked, worker)
    assert _parts(bundle)["data/desk/tickets.jsonl"].count("canary") == 5
    assert not any(entry["left"] for entry in bundle.shape)


def test_a_collection_that_the_map_keeps_is_kept_again_when_a_word_on_it_is_taken_back(worker: Actor) -> None:
    connect_shop()
    asked = checked_deletion()
    (kept,) = {
        each.finding.pk for part in findings_of(asked) for each in part.findings if each.finding.is_withheld
    }
    before = Finding.objects.get(pk=kept)
    include_finding(finding_id=kept, by=worker, at=LATER)
    assert not Finding.objects.get(pk=kept).is_withheld
    newest = asked.review_decisions.get()
    undo(decision_id=newest.pk, by=worker, at=LATER)
    after = Finding.objects.get(pk=kept)
    assert (after.reason_code, after.reason_note) == (before.reason_code, before.reason_note) != ("", "")
    other = jurisdiction(asked.regime).refusals_for("deletion")[-1].code
    withhold_finding(finding_id=kept, reason_code=other, note="Another reason.", by=worker, at=LATER)
    undo(decision_id=asked.review_decisions.get(undone_at=None).pk, by=worker, at=LATER)
    assert Finding.objects.get(pk=kept).reason_note == before.reason_note


def _lead() -> tuple[StaffMember, Actor]:
    member = staff("Lea Lead", Role.PRIVACY_LEAD)
    return member, Actor.staff(member)


ACTS: dict[str, Any] = {
    "a decision": lambda asked, by: _decide(asked, by, **KINDS["a record"]),
    "one taken back": lambda asked, by: undo(
        decision_id=_decide(asked, Actor.staff(rosa()), **KINDS["words by rule"]), by=by, at=LATER
    ),
    "suggestions left": lambda asked, by: leave_everything(
        subject_request_id=asked.pk, because=LeftBecause.NOBODY, by=by, at=LATER
    ),
    "records read by hand": lambda asked, by: _by_hand(asked, by),
}


def _by_hand(asked: SubjectRequest, by: Actor) -> None:
    SuggestionScan.objects.filter(finding=_finding(asked)).update(work_state=WorkState.DEAD)
    looked_through_by_hand(finding_id=_finding(asked).pk, by=by, at=LATER)


@pytest.mark.parametrize("act", ACTS)
def test_whoever_had_a_hand_in_the_review_does_not_release_the_copy(worker: Actor, act: str) -> None:
    _member, lead = _lead()
    tickets = [{**each, "text": "ask bo@canary.example"} for each in people.TICKETS]
    asked = in_review(tickets)
    look_for_others(asked, at=LATER)
    ACTS[act](asked, lead)
    bundle = _built(asked, worker)
    with pytest.raises(MoveNotAllowed, match="You prepared this request"):
        release_bundle(bundle_id=bundle.pk, by=lead, at=LATER + timedelta(hours=1))
    release_bundle(bundle_id=bundle.pk, by=Actor.staff(piet()), at=LATER + timedelta(hours=1))


def test_the_approver_sees_counts_what_stays_recipient_and_channel(worker: Actor) -> None:
    asked = in_review()
    _decide(asked, worker, **KINDS["a record"])
    _decide(asked, worker, **KINDS["a field"])
    withhold_finding(finding_id=_finding(asked, "people").pk, reason_code=_reason(asked), by=worker, at=LATER)
    _built(asked, worker)
    page = signed_in(piet()).get(f"/staff/requests/{asked.reference}/release/")
    text = page.content.decode()
    assert [(each.going, each.staying) for each in page.context["sources"]] == [(2, 2)]
    for words in ("1 record withheld", "Your account", "Portal, with a fresh code by mail", "A•• Å•••••"):
        assert words in text
    assert page.context["difference"] is None
