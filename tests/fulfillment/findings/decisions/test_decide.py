"""Decisions: who may make them, what the law and the collection allow, and how they are taken back."""

import pytest

from fulfillment.findings.decisions.decide import NothingToUndo, ReviewIsOver, decide, undo, undo_last
from fulfillment.findings.decisions.models import Action, ReviewDecision, Rule, Scope, Test
from fulfillment.findings.decisions.selectors import fallen_away, standing_at
from fulfillment.findings.decisions.wanted import Wanted
from fulfillment.findings.forget import forget_findings
from fulfillment.findings.models import Finding
from fulfillment.findings.selectors import findings_of
from requests_app.audit.actors import Actor
from requests_app.audit.events import preparing
from requests_app.audit.models import AuditEntry
from requests_app.errors import BadInput, NotPermitted
from requests_app.jurisdictions.load import jurisdiction
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.moves import Move
from requests_app.lifecycle.perform import perform
from tests.factories import SYSTEM, piet, rosa
from tests.fulfillment.findings.release.people import LATER, in_review, search
from tests.reviewing import finish_review

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def store_folder(settings, tmp_path) -> None:
    settings.STORE_URL, settings.STORE_OPTIONS = f"file://{tmp_path}/store", {}


def _finding(asked: SubjectRequest, name: str = "tickets") -> Finding:
    every = (each.finding for part in findings_of(asked) for each in part.findings)
    return next(each for each in every if each.collection == name)


def _reason(asked: SubjectRequest) -> str:
    return jurisdiction(asked.regime).refusals_for("access")[0].code


def _decide(asked: SubjectRequest, by: Actor | None = None, **wanted: object) -> list[ReviewDecision]:
    given = Wanted(**{"reason_code": _reason(asked), **wanted})  # type: ignore[arg-type]
    return decide(finding_id=_finding(asked).pk, wanted=[given], by=by or Actor.staff(rosa()), at=LATER)


RECORD = {"scope": Scope.ITEM, "action": Action.WITHHOLD, "line": 2}
RULE = {"scope": Scope.RULE, "action": Action.REDACT, "rule": Rule.WORDS, "value": "canary"}
COLLECTION = {"scope": Scope.COLLECTION, "action": Action.WITHHOLD}


@pytest.mark.parametrize(
    "wanted",
    [
        {**RECORD, "reason_code": ""},
        {**RECORD, "reason_code": "made_up"},
        {**RECORD, "line": 0},
        {**RECORD, "line": 4},
        {**RECORD, "action": Action.REDACT},
        {**RECORD, "place": "2"},
        {**RECORD, "action": Action.REDACT, "place": "2", "start": 4, "end": 4},
        {**RULE, "value": " a "},
        {**RULE, "field": "no_such_field"},
        {**RULE, "action": Action.INCLUDE},
        {**RULE, "action": Action.WITHHOLD},
        {"scope": Scope.RULE, "action": Action.REDACT, "rule": Rule.FIELD},
        {"scope": Scope.RULE, "action": Action.WITHHOLD, "rule": Rule.RECORDS, "field": "text"},
        {**RULE, "rule": Rule.RECORDS, "field": "text", "test": Test.IS},
    ],
)
def test_what_makes_no_sense_is_refused(wanted: dict[str, object]) -> None:
    asked = in_review()
    with pytest.raises(BadInput):
        _decide(asked, **wanted)
    assert not ReviewDecision.objects.exists()


def test_only_who_works_cases_decides_and_only_in_review() -> None:
    asked = in_review()
    with pytest.raises(NotPermitted):
        _decide(asked, Actor.staff(piet()), **RECORD)
    finish_review(asked, by=Actor.staff(rosa()), at=LATER)
    with pytest.raises(ReviewIsOver):
        _decide(asked, **RECORD)


def test_whoever_decided_one_record_does_not_release() -> None:
    assert {"finding.decided", "finding.undone"} <= preparing()


def test_the_newest_act_is_taken_back_first_and_as_a_whole() -> None:
    asked = in_review()
    _decide(asked, **RULE)
    reason = _reason(asked)
    both = [Wanted(Scope.ITEM, Action.WITHHOLD, reason_code=reason, line=line) for line in (1, 3)]
    decide(finding_id=_finding(asked).pk, wanted=both, by=Actor.staff(rosa()), at=LATER.replace(minute=9))
    assert len(undo_last(subject_request_id=asked.pk, by=Actor.staff(rosa()), at=LATER)) == 2
    assert [each.scope for each in standing_at(_finding(asked))] == [Scope.RULE]
    undo_last(subject_request_id=asked.pk, by=Actor.staff(rosa()), at=LATER)
    with pytest.raises(NothingToUndo):
        undo_last(subject_request_id=asked.pk, by=Actor.staff(rosa()), at=LATER)


def test_a_collection_goes_back_to_what_was_said_before() -> None:
    asked = in_review()
    first = _decide(asked, **COLLECTION, note="canary note")[0]
    second = decide(
        finding_id=_finding(asked).pk,
        wanted=[Wanted(Scope.COLLECTION, Action.INCLUDE)],
        by=Actor.staff(rosa()),
        at=LATER.replace(minute=9),
    )[0]
    assert not _finding(asked).is_withheld
    undo(decision_id=second.pk, by=Actor.staff(rosa()), at=LATER)
    assert (_finding(asked).is_withheld, _finding(asked).reason_note) == (True, "canary note")
    undo(decision_id=first.pk, by=Actor.staff(rosa()), at=LATER)
    assert not _finding(asked).is_withheld


def _searched_again(asked: SubjectRequest) -> SubjectRequest:
    lead = Actor.staff(rosa())
    perform(
        subject_request_id=asked.pk, move=Move.SEARCH_AGAIN, by=lead, at=LATER, reason="Something is missing."
    )
    search(asked)
    return SubjectRequest.objects.get(pk=asked.pk)


def test_a_second_search_voids_decisions_of_records_and_says_so_while_rules_and_collections_hold() -> None:
    asked = in_review()
    _decide(asked, **RECORD)
    _decide(asked, **RULE)
    _decide(asked, **COLLECTION)
    again = _searched_again(asked)
    finding = _finding(again)
    assert {each.scope for each in standing_at(finding)} == {Scope.RULE, Scope.COLLECTION}
    assert finding.is_withheld
    assert fallen_away(again, findings_of(again)) == [("Desk", "tickets", 1)]


def test_what_a_decision_quotes_is_sealed_and_goes_with_the_findings() -> None:
    asked = in_review()
    _decide(asked, **RULE, note="canary note")
    forget_findings(subject_request=asked, by=SYSTEM, at=LATER)
    decision = ReviewDecision.objects.get()
    assert (decision.value, decision.note, decision.rule) == ("", "", Rule.WORDS)
    assert "canary" not in str(list(AuditEntry.objects.values_list("facts", flat=True)))
