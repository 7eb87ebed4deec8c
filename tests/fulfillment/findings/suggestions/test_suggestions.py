"""Suggestions: found in the background, with evidence, never the person's own, answered by a person."""

import json
from typing import Any

import pytest
from django.test import Client

from fulfillment.findings.decisions.decide import ReviewIsOver, undo_last
from fulfillment.findings.decisions.models import Kind, LeftBecause, ReviewDecision
from fulfillment.findings.forget import forget_findings
from fulfillment.findings.models import Finding
from fulfillment.findings.release.finder import finder_for
from fulfillment.findings.release.marks import marks_in
from fulfillment.findings.release.plan import plan_of
from fulfillment.findings.release.released import as_released
from fulfillment.findings.selectors import MappedFinding, findings_of
from fulfillment.findings.store import blocks_of
from fulfillment.findings.suggestions.answer import cover, cover_kind, leave, leave_kind
from fulfillment.findings.suggestions.models import Answer, Suggestion, SuggestionScan
from fulfillment.findings.suggestions.scan import AT_ONCE, scan_finding, start_scans
from requests_app.audit.actors import Actor
from requests_app.audit.models import AuditEntry
from requests_app.errors import BadInput
from requests_app.jurisdictions.load import jurisdiction
from requests_app.leases.models import WorkState
from requests_app.lifecycle.models import SubjectRequest
from tests.desk import signed_in
from tests.factories import rosa
from tests.fulfillment.findings.release import people
from tests.fulfillment.findings.release.people import LATER, in_review
from tests.reviewing import finish_review

pytestmark = pytest.mark.django_db
EMPTY = {"score": None, "price": None}
TALK = [{"name": "Bo Canary", "mail": "bo@canary.example"}, {"words": "I am ada@example.org"}]
TICKETS: list[dict[str, Any]] = [
    {"number": "T1", "person_id": 1, "text": "Ada Åström here, ada@example.org, all fine", "talk": []},
    {"number": "T2", "person_id": 1, "text": "Rui Canary (rui@canary.example) knows", "talk": TALK},
    {"number": "T3", "person_id": 1, "text": "my husband Rui Canary, +351 963 555 027", "talk": []},
]
MANY = [
    {"number": f"T{n}", "person_id": 1, "text": f"ask x{n}@canary.example", "talk": []}
    for n in range(2 * AT_ONCE + 7)
]


@pytest.fixture(autouse=True)
def store_folder(settings, tmp_path) -> None:
    settings.STORE_URL, settings.STORE_OPTIONS = f"file://{tmp_path}/store", {}


def _mapped(asked: SubjectRequest) -> MappedFinding:
    every = (each for part in findings_of(asked) for each in part.findings)
    return next(each for each in every if each.finding.collection == "tickets")


def _finding(asked: SubjectRequest) -> Finding:
    return _mapped(asked).finding


def _scanned(tickets: list[dict[str, Any]] = TICKETS) -> SubjectRequest:
    asked = in_review([EMPTY | each for each in tickets])
    for scan in SuggestionScan.objects.all():
        assert not scan_finding(scan_id=scan.pk, at=LATER)
    return asked


def _words(asked: SubjectRequest, **which: object) -> list[str]:
    """What the suggestions mean, read where they say it stands."""
    page = signed_in(rosa()).get(_at(asked)).context["records"]
    keys = {each.pk for each in Suggestion.objects.filter(finding=_finding(asked), **which)}
    return sorted(each.words for record in page for each in record.suggestions if each.key in keys)


def _at(asked: SubjectRequest, act: str = "") -> str:
    return f"/staff/requests/{asked.reference}/items/{_finding(asked).pk}/{act}"


def _released(asked: SubjectRequest) -> str:
    mapped = _mapped(asked)
    decisions = list(ReviewDecision.objects.filter(undone_at=None, collection="tickets"))
    plan = plan_of(decisions, find=finder_for(asked, mapped, decisions))
    released = as_released(
        plan,
        lambda: blocks_of(mapped.finding),
        row_count=mapped.finding.row_count,
        mark=marks_in("en"),
    )
    return b"\n".join(released.open_blocks()).decode()


def _reason(asked: SubjectRequest) -> str:
    return jurisdiction(asked.regime).refusals_for("access")[0].code


def test_other_people_are_found_and_the_person_is_not() -> None:
    asked = _scanned()
    found = [
        "+351 963 555 027",
        "Bo Canary",
        "Rui Canary",
        "Rui Canary",
        "bo@canary.example",
        "rui@canary.example",
    ]
    assert _words(asked) == found


def test_a_suggestion_holds_numbers_kind_and_evidence_and_no_word() -> None:
    _scanned()
    rows = list(Suggestion.objects.filter(finding__collection="tickets").values())
    assert "anary" not in str(rows)
    assert {row["why"] for row in rows} == {"address", "number", "beside", "signed"}


def test_a_scan_begins_with_the_review() -> None:
    asked = in_review([EMPTY | each for each in TICKETS])
    assert SuggestionScan.objects.filter(work_state=WorkState.WAITING).count() == 2
    finish_review(asked, by=Actor.staff(rosa()), at=LATER)


def test_a_scan_goes_on_where_its_turn_ended_and_finds_each_place_once() -> None:
    asked = in_review([EMPTY | each for each in MANY])
    scan = SuggestionScan.objects.get(finding=_finding(asked))
    assert scan_finding(scan_id=scan.pk, at=LATER, turn=0)
    scan.refresh_from_db()
    assert (scan.rows_seen, scan.work_state) == (AT_ONCE, WorkState.WAITING)
    assert "looked through: 49 %" in signed_in(rosa()).get(_at(asked)).content.decode()
    while scan_finding(scan_id=scan.pk, at=LATER, turn=0):
        pass
    scan.refresh_from_db()
    assert (scan.rows_seen, scan.work_state) == (len(MANY), WorkState.DONE)
    lines = Suggestion.objects.filter(finding=_finding(asked)).values_list("line", flat=True)
    assert sorted(lines) == list(range(1, len(MANY) + 1))
    assert start_scans(asked) == list(
        SuggestionScan.objects.filter(work_state=WorkState.WAITING).values_list("pk", flat=True)
    )


def test_one_is_covered_and_another_is_left_whatever_a_rule_says() -> None:
    asked = _scanned()
    finding, by = _finding(asked), Actor.staff(rosa())
    mail = Suggestion.objects.get(finding=finding, line=2, kind=Kind.EMAIL, place="2")
    phone = Suggestion.objects.get(finding=finding, kind=Kind.PHONE)
    leave(finding_id=finding.pk, suggestion_ids=[phone.pk], by=by, at=LATER)
    cover(finding_id=finding.pk, suggestion_ids=[mail.pk], reason_code=_reason(asked), by=by, at=LATER)
    cover_kind(finding_id=finding.pk, kind=Kind.PHONE, reason_code=_reason(asked), by=by, at=LATER)
    text = _released(asked)
    assert "rui@canary.example" not in text
    assert "[another person's e-mail address]" in text
    assert "+351 963 555 027" in text


def test_all_of_a_kind_are_covered_by_a_rule_and_come_back_when_it_is_taken_back() -> None:
    asked = _scanned()
    finding, by = _finding(asked), Actor.staff(rosa())
    for kind in (Kind.EMAIL, Kind.NAME, Kind.PHONE):
        cover_kind(finding_id=finding.pk, kind=kind, reason_code=_reason(asked), by=by, at=LATER)
    text = _released(asked)
    assert "anary" not in text
    assert "963" not in text
    assert text.count("ada@example.org") == 2
    assert [json.loads(line)["number"] for line in text.split("\n")] == ["T1", "T2", "T3"]
    undo_last(subject_request_id=asked.pk, by=by, at=LATER)
    assert Suggestion.objects.filter(finding=finding, state=Answer.OPEN).exists()


def test_all_of_a_kind_are_left_which_is_recorded() -> None:
    asked = _scanned()
    by, because = Actor.staff(rosa()), LeftBecause.KNOWN
    left = leave_kind(finding_id=_finding(asked).pk, kind=Kind.NAME, because=because, by=by, at=LATER)
    assert left == 3
    assert AuditEntry.objects.filter(event="finding.suggestions_left").count() == 1
    assert "Rui Canary" not in _words(asked, state=Answer.OPEN)


def test_nothing_is_answered_twice_or_after_the_review() -> None:
    asked = _scanned()
    finding, by = _finding(asked), Actor.staff(rosa())
    one = Suggestion.objects.filter(finding=finding)[0]
    leave(finding_id=finding.pk, suggestion_ids=[one.pk], by=by, at=LATER)
    with pytest.raises(BadInput):
        leave(finding_id=finding.pk, suggestion_ids=[one.pk], by=by, at=LATER)
    finish_review(asked, by=by, at=LATER)
    with pytest.raises(ReviewIsOver):
        leave_kind(finding_id=finding.pk, kind=Kind.EMAIL, because="nobody", by=by, at=LATER)


def test_the_desk_answers_with_buttons() -> None:
    asked = _scanned()
    desk: Client = signed_in(rosa())
    one = Suggestion.objects.filter(finding=_finding(asked), kind=Kind.EMAIL)[0]
    page = desk.get(_at(asked)).content.decode()
    assert '<mark class="sug">rui@canary.example</mark>' in page
    desk.post(_at(asked, "suggestion/"), {"cover": str(one.pk), "reason_code": _reason(asked), "line": "2"})
    desk.post(_at(asked, "suggestion/"), {"cover_kind": "name", "reason_code": _reason(asked)})
    desk.post(_at(asked, "suggestion/"), {"leave_kind": "phone", "because": "nobody"})
    assert set(Suggestion.objects.filter(finding=_finding(asked)).values_list("kind", "state")) == {
        ("email", "accepted"),
        ("email", "open"),
        ("name", "accepted"),
        ("phone", "refused"),
    }
    for sent in ({}, {"cover": "x"}, {"leave_kind": "x"}, {"cover_kind": "email", "reason_code": "x"}):
        assert desk.post(_at(asked, "suggestion/"), sent).status_code == 302
    assert Suggestion.objects.filter(finding=_finding(asked), state=Answer.OPEN).count() == 1


def test_whom_one_record_names_in_a_field_is_found_in_the_texts_of_others_and_covered_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    score = "          - name: score\n          - name: price\n"
    agent = "          - name: agent\n            data_categories: [user.name]\n"
    assert score in people.MAP
    monkeypatch.setattr(people, "MAP", people.MAP.replace(score, f"{agent}{score}"))
    asked = _scanned(
        [
            {"number": "T1", "person_id": 1, "text": "hello", "talk": [], "agent": "Rui Canary"},
            {
                "number": "T2",
                "person_id": 1,
                "text": "then RUI CANARY and Rui left, my colleague Rui Sampaio too",
                "talk": [],
                "agent": None,
            },
        ]
    )
    found = Suggestion.objects.filter(finding=_finding(asked)).values_list("line", "why")
    assert sorted(found) == [(1, "signed"), (2, "known"), (2, "known"), (2, "said")]
    assert "anary" not in str(SuggestionScan.objects.values_list("people"))
    by = Actor.staff(rosa())
    cover_kind(finding_id=_finding(asked).pk, kind=Kind.NAME, reason_code=_reason(asked), by=by, at=LATER)
    text = _released(asked)
    assert "anary" not in text.lower()
    assert "Rui left" not in text
    # A given name that is known leaves no family name of somebody else standing.
    assert "Sampaio" not in text
    forget_findings(subject_request=asked, by=by, at=LATER)
    assert all(each.people == {} for each in SuggestionScan.objects.all())
