"""The review does not end over other people: every record looked through, every suggestion answered or gone."""

from typing import Any

import pytest
from django.test import Client

from fulfillment.findings.decisions.decide import decide, undo_last
from fulfillment.findings.decisions.models import (
    Action,
    Kind,
    LeftBecause,
    ReviewDecision,
    Rule,
    Scope,
    Test,
)
from fulfillment.findings.decisions.wanted import Wanted
from fulfillment.findings.models import Finding
from fulfillment.findings.selectors import findings_of
from fulfillment.findings.suggestions.answer import cover_everything, cover_kind, leave_everything, leave_kind
from fulfillment.findings.suggestions.by_hand import look_again, looked_through_by_hand
from fulfillment.findings.suggestions.duty import owed_to_others
from fulfillment.findings.suggestions.models import Answer, Suggestion, SuggestionScan
from fulfillment.findings.withhold import include_finding, withhold_finding
from fulfillment.identities.add import NewIdentity, propose
from fulfillment.identities.decide import accept_identity, refuse_identity
from fulfillment.identities.states import Doubt, Found
from requests_app.audit.actors import Actor
from requests_app.audit.models import AuditEntry
from requests_app.errors import BadInput
from requests_app.jurisdictions.load import jurisdiction
from requests_app.leases.models import WorkState
from requests_app.lifecycle.errors import MoveNotAllowed
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.moves import Move
from requests_app.lifecycle.perform import perform
from requests_app.lifecycle.states import RequestState
from tests.desk import signed_in
from tests.factories import SYSTEM, rosa
from tests.fulfillment.findings.release.people import LATER, in_review, search
from tests.reviewing import look_for_others

pytestmark = pytest.mark.django_db
EMPTY = {"talk": [], "score": None, "price": None}
TICKETS: list[dict[str, Any]] = [
    {"number": "T1", "person_id": 1, "text": "Ada Åström here, ada@example.org", **EMPTY},
    {"number": "T2", "person_id": 1, "text": "ask rui@canary.example or bo@canary.example", **EMPTY},
    {"number": "T3", "person_id": 1, "text": "I spoke with Rui Canary today", **EMPTY},
]


@pytest.fixture(autouse=True)
def store_folder(settings, tmp_path) -> None:
    settings.STORE_URL, settings.STORE_OPTIONS = f"file://{tmp_path}/store", {}


@pytest.fixture
def worker() -> Actor:
    return Actor.staff(rosa())


@pytest.fixture
def asked() -> SubjectRequest:
    found = in_review(TICKETS)
    look_for_others(found, at=LATER)
    return found


def _finding(asked: SubjectRequest) -> Finding:
    every = (each.finding for part in findings_of(asked) for each in part.findings)
    return next(each for each in every if each.collection == "tickets")


def _reason(asked: SubjectRequest) -> str:
    return jurisdiction(asked.regime).refusals_for("access")[0].code


def _decide(asked: SubjectRequest, worker: Actor, **wanted: object) -> list[ReviewDecision]:
    given = Wanted(**{"reason_code": _reason(asked), **wanted})  # type: ignore[arg-type]
    return decide(finding_id=_finding(asked).pk, wanted=[given], by=worker, at=LATER)


def _finish(asked: SubjectRequest, by: Actor) -> str:
    """The state the review is left for, or the sentence of the refusal."""
    try:
        return perform(subject_request_id=asked.pk, move=Move.FINISH_REVIEW, by=by, at=LATER).state
    except MoveNotAllowed as refused:
        return refused.sentence


def _open(asked: SubjectRequest) -> list[str]:
    waiting = Suggestion.objects.filter(finding=_finding(asked), state=Answer.OPEN)
    return sorted(waiting.values_list("kind", flat=True))


def test_the_review_does_not_end_while_records_are_looked_through(worker: Actor) -> None:
    asked = in_review(TICKETS)
    assert _finish(asked, worker).startswith(
        "Other people are still being looked for: Desk, Your account (0 %)"
    )
    look_for_others(asked, at=LATER)
    assert "still being looked for" not in _finish(asked, worker)


def test_the_review_does_not_end_over_open_suggestions_and_says_where_they_are(
    asked: SubjectRequest, worker: Actor
) -> None:
    assert _open(asked) == ["email", "email", "name"]
    said = _finish(asked, worker)
    assert said.startswith("3 suggestions wait for an answer: Desk, Tickets (3).")


def test_everything_is_left_at_once_for_a_reason_which_makes_rows_and_facts_and_is_one_act(
    asked: SubjectRequest, worker: Actor
) -> None:
    with pytest.raises(BadInput, match="Say why"):
        leave_everything(subject_request_id=asked.pk, because="", by=worker, at=LATER)
    because = LeftBecause.KNOWN
    assert leave_everything(subject_request_id=asked.pk, because=because, by=worker, at=LATER) == 3
    rows = ReviewDecision.objects.values_list("action", "rule", "kind", "reason_code")
    assert set(rows) == {
        (Action.INCLUDE, Rule.OTHERS, Kind.EMAIL, because),
        (Action.INCLUDE, Rule.OTHERS, Kind.NAME, because),
    }
    assert len(set(ReviewDecision.objects.values_list("batch", flat=True))) == 1
    facts = AuditEntry.objects.filter(event="finding.suggestions_left").values_list("facts", flat=True)
    assert all('"reason":"known_to_them"' in each and "canary" not in each for each in facts)
    assert sorted('"count":"2"' in each for each in facts) == [False, True]
    undo_last(subject_request_id=asked.pk, by=worker, at=LATER)
    assert _open(asked) == ["email", "email", "name"]
    leave_everything(subject_request_id=asked.pk, because=because, by=worker, at=LATER)
    assert _finish(asked, worker) == RequestState.PREPARING


def test_everything_is_covered_at_once(asked: SubjectRequest, worker: Actor) -> None:
    cover_everything(subject_request_id=asked.pk, reason_code=_reason(asked), by=worker, at=LATER)
    assert _open(asked) == []
    assert set(ReviewDecision.objects.values_list("action", "kind")) == {
        (Action.REDACT, Kind.EMAIL),
        (Action.REDACT, Kind.NAME),
    }
    with pytest.raises(BadInput, match="No suggestion waits"):
        cover_everything(subject_request_id=asked.pk, reason_code=_reason(asked), by=worker, at=LATER)
    assert _finish(asked, worker) == RequestState.PREPARING


def test_a_collection_that_stays_out_owes_nothing_until_it_goes_out_again(
    asked: SubjectRequest, worker: Actor
) -> None:
    key = _finding(asked).pk
    withhold_finding(finding_id=key, reason_code=_reason(asked), by=worker, at=LATER)
    assert owed_to_others(asked) == []
    include_finding(finding_id=key, by=worker, at=LATER)
    assert [each.open for each in owed_to_others(asked)] == [3]


@pytest.mark.parametrize(
    ("wanted", "left"),
    [
        ({"scope": Scope.ITEM, "action": Action.WITHHOLD, "line": 2}, ["name"]),
        ({"scope": Scope.ITEM, "action": Action.REDACT, "line": 2, "place": "2"}, ["name"]),
        (
            {"scope": Scope.ITEM, "action": Action.REDACT, "line": 2, "place": "2", "start": 0, "end": 25},
            ["email", "name"],
        ),
        ({"scope": Scope.ITEM, "action": Action.INCLUDE, "line": 2, "reason_code": ""}, ["name"]),
        ({"scope": Scope.RULE, "action": Action.WITHHOLD, "rule": Rule.FIELD, "field": "text"}, []),
        (
            {"scope": Scope.RULE, "action": Action.REDACT, "rule": Rule.WORDS, "value": "rui canary"},
            ["email", "email"],
        ),
        (
            {
                "scope": Scope.RULE,
                "action": Action.WITHHOLD,
                "rule": Rule.RECORDS,
                "field": "text",
                "test": Test.CONTAINS,
                "value": "spoke",
            },
            ["email", "email"],
        ),
        ({"scope": Scope.RULE, "action": Action.REDACT, "rule": Rule.OTHERS, "kind": Kind.EMAIL}, ["name"]),
        (
            {"scope": Scope.RULE, "action": Action.REDACT, "rule": Rule.OTHERS, "field": "talk"},
            ["email"] * 2 + ["name"],
        ),
        ({"scope": Scope.RULE, "action": Action.REDACT, "rule": Rule.OTHERS, "field": "text"}, []),
        ({"scope": Scope.COLLECTION, "action": Action.REDACT}, []),
    ],
)
def test_what_a_decision_leaves_out_waits_no_longer_and_waits_again_when_it_is_taken_back(
    asked: SubjectRequest, worker: Actor, wanted: dict[str, Any], left: list[str]
) -> None:
    _decide(asked, worker, **wanted)
    assert _open(asked) == left
    undo_last(subject_request_id=asked.pk, by=worker, at=LATER)
    assert _open(asked) == ["email", "email", "name"]


def test_what_two_decisions_leave_out_waits_again_only_without_both(
    asked: SubjectRequest, worker: Actor
) -> None:
    _decide(asked, worker, scope=Scope.RULE, action=Action.REDACT, rule=Rule.OTHERS, kind=Kind.EMAIL)
    _decide(asked, worker, scope=Scope.RULE, action=Action.WITHHOLD, rule=Rule.FIELD, field="text")
    first = ReviewDecision.objects.get(rule=Rule.OTHERS)
    from_first = Suggestion.objects.filter(decision=first)
    assert from_first.count() == 2
    ReviewDecision.objects.filter(pk=first.pk).update(decided_at=LATER.replace(year=2027))
    undo_last(subject_request_id=asked.pk, by=worker, at=LATER)
    assert _open(asked) == []


def test_an_identity_that_is_accepted_later_takes_its_suggestions_away_and_a_refused_one_brings_them_back(
    asked: SubjectRequest, worker: Actor
) -> None:
    new = NewIdentity("work_email", "rui@canary.example", Found.STAFF, doubt=Doubt.UNPROVEN)
    (row,) = propose(subject_request=asked, new=[new], by=SYSTEM, at=LATER)
    accept_identity(identity_id=row.pk, evidence="Seen on the invoice.", by=worker, at=LATER)
    assert "still being looked for" in _finish(asked, worker)
    look_for_others(asked, at=LATER)
    assert _open(asked) == ["email", "name"]
    refuse_identity(identity_id=row.pk, evidence="It was another Rui.", by=worker, at=LATER)
    look_for_others(asked, at=LATER)
    assert _open(asked) == ["email", "email", "name"]


def test_what_a_person_answered_stays_answered_when_it_is_looked_through_again(
    asked: SubjectRequest, worker: Actor
) -> None:
    leave_kind(finding_id=_finding(asked).pk, kind=Kind.EMAIL, because="nobody", by=worker, at=LATER)
    look_again(finding_id=_finding(asked).pk, by=worker)
    look_for_others(asked, at=LATER)
    assert _open(asked) == ["name"]
    assert Suggestion.objects.filter(finding=_finding(asked)).count() == 3


def test_after_another_search_a_rule_still_covers_and_what_was_left_is_asked_anew(
    asked: SubjectRequest, worker: Actor
) -> None:
    key = _finding(asked).pk
    cover_kind(finding_id=key, kind=Kind.NAME, reason_code=_reason(asked), by=worker, at=LATER)
    leave_kind(finding_id=key, kind=Kind.EMAIL, because="nobody", by=worker, at=LATER)
    perform(
        subject_request_id=asked.pk,
        move=Move.SEARCH_AGAIN,
        by=worker,
        at=LATER,
        reason="Something is missing.",
    )
    search(asked)
    asked.refresh_from_db()
    look_for_others(asked, at=LATER)
    assert _open(asked) == ["email", "email"]


def _broken(asked: SubjectRequest) -> Finding:
    finding = _finding(asked)
    scans = SuggestionScan.objects.filter(finding=finding)
    scans.update(work_state=WorkState.DEAD, last_error="It was cut off.")
    Suggestion.objects.all().delete()
    return finding


def test_where_the_looking_broke_off_somebody_has_it_done_again(asked: SubjectRequest) -> None:
    finding, desk = _broken(asked), signed_in(rosa())
    at = f"/staff/requests/{asked.reference}/items/{finding.pk}/"
    assert "Look through them again" in desk.get(at).content.decode()
    desk.post(f"{at}scan/", {"again": ""})
    look_for_others(asked, at=LATER)
    assert _open(asked) == ["email", "email", "name"]


def test_or_says_that_they_read_the_records_themselves_which_is_recorded(
    asked: SubjectRequest, worker: Actor
) -> None:
    finding, desk = _broken(asked), signed_in(rosa())
    said = _finish(asked, worker)
    assert "Desk, Tickets, could not be looked through for other people: It was cut off." in said
    at = f"/staff/requests/{asked.reference}/items/{finding.pk}/scan/"
    desk.post(at, {"by_hand": ""})
    entry = AuditEntry.objects.get(event="finding.read_by_hand")
    assert '"collection":"tickets"' in entry.facts
    with pytest.raises(BadInput):
        looked_through_by_hand(finding_id=finding.pk, by=worker, at=LATER)
    assert _finish(asked, worker) == RequestState.PREPARING


def test_the_page_of_the_review_says_what_is_owed_and_answers_all_of_it_without_script(
    asked: SubjectRequest,
) -> None:
    desk: Client = signed_in(rosa())
    at = f"/staff/requests/{asked.reference}/items/"
    page = desk.get(at).content.decode()
    assert "3 suggestions wait" in page
    assert "Cover everything that waits" in page
    desk.post(f"{at}suggestions/", {"leave": "", "because": ""})
    assert _open(asked)
    desk.post(f"{at}suggestions/", {"leave": "", "because": "weighed"})
    assert "suggestions wait" not in desk.get(at).content.decode()
    finding_page = desk.get(f"{at}{_finding(asked).pk}/").content.decode()
    assert "Left as suggested" in finding_page
    assert "nobody’s rights speak against" in finding_page
