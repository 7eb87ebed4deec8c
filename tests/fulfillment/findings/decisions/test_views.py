"""Deciding at the desk: a record, words in a value, a rule; masked values; taking back; all without script."""

import pytest
from django.test import Client

from fulfillment.findings.decisions.models import Action, ReviewDecision, Rule, Scope
from fulfillment.findings.models import Finding
from fulfillment.findings.selectors import findings_of
from requests_app.audit.models import AuditEntry
from requests_app.jurisdictions.load import jurisdiction
from requests_app.lifecycle.models import SubjectRequest
from tests.desk import signed_in
from tests.factories import piet, rosa
from tests.fulfillment.findings.release import people
from tests.fulfillment.findings.release.people import in_review

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def store_folder(settings, tmp_path) -> None:
    settings.STORE_URL, settings.STORE_OPTIONS = f"file://{tmp_path}/store", {}


@pytest.fixture
def asked() -> SubjectRequest:
    return in_review()


@pytest.fixture
def desk() -> Client:
    return signed_in(rosa())


def _finding(asked: SubjectRequest) -> Finding:
    every = (each.finding for part in findings_of(asked) for each in part.findings)
    return next(each for each in every if each.collection == "tickets")


def _at(asked: SubjectRequest, act: str = "") -> str:
    return f"/staff/requests/{asked.reference}/items/{_finding(asked).pk}/{act}"


def _reason(asked: SubjectRequest) -> str:
    return jurisdiction(asked.regime).refusals_for("access")[0].code


def _page(desk: Client, asked: SubjectRequest, **query: object) -> str:
    return desk.get(_at(asked), query).content.decode()


def test_a_record_is_withheld_and_taken_back(desk: Client, asked: SubjectRequest) -> None:
    assert "What becomes of it, in record 2?" in _page(desk, asked, record=2)
    sent = {"action": "withhold", "line": 2, "reason_code": _reason(asked)}
    answer = desk.post(_at(asked, "record/"), sent)
    assert answer["Location"].endswith("?page=1#record-2")
    assert "Withhold: record 2" in _page(desk, asked)
    decision = ReviewDecision.objects.get()
    desk.post(f"/staff/requests/{asked.reference}/items/undo/{decision.pk}/")
    assert "Withhold: record 2" not in _page(desk, asked)


def test_words_in_a_value_are_covered_wherever_they_stand_in_it(desk: Client, asked: SubjectRequest) -> None:
    sent = {"action": "redact", "line": 2, "place": "2", "words": "SAID  rui", "reason_code": _reason(asked)}
    desk.post(_at(asked, "record/"), sent)
    decision = ReviewDecision.objects.get()
    assert (decision.action, decision.start, decision.end) == (Action.REDACT, 17, 25)
    assert '<span class="redacted wraps">said Rui</span>' in _page(desk, asked)


@pytest.mark.parametrize(
    "sent",
    [
        {"action": "withhold", "line": 2},
        {"action": "redact", "line": 2, "place": "2", "words": "nowhere"},
        {"action": "redact", "line": 2, "place": "99"},
        {"action": "redact", "line": 2, "place": "kk..k"},
        {"action": "withhold", "line": 99},
        {"line": 2},
    ],
)
def test_a_form_that_makes_no_sense_is_shown_again(
    desk: Client, asked: SubjectRequest, sent: dict[str, object]
) -> None:
    reason = {} if sent == {"action": "withhold", "line": 2} else {"reason_code": _reason(asked)}
    assert desk.post(_at(asked, "record/"), {**sent, **reason}).status_code in (400, 422)
    assert not ReviewDecision.objects.exists()


def test_a_rule_is_added_and_every_record_shows_it(desk: Client, asked: SubjectRequest) -> None:
    sent = {"rule": "words", "action": "redact", "value": "canary", "reason_code": _reason(asked)}
    desk.post(_at(asked, "rule/"), sent)
    decision = ReviewDecision.objects.get()
    assert (decision.scope, decision.rule) == (Scope.RULE, Rule.WORDS)
    assert _page(desk, asked).count('<span class="redacted wraps">canary</span>') >= 4


def test_the_last_decision_is_taken_back_with_one_press(desk: Client, asked: SubjectRequest) -> None:
    for line in (1, 3):
        desk.post(_at(asked, "record/"), {"action": "withhold", "line": line, "reason_code": _reason(asked)})
    desk.post(f"/staff/requests/{asked.reference}/items/undo/", {"finding": str(_finding(asked).pk)})
    assert ReviewDecision.objects.get(undone_at=None).line == 1
    desk.post(f"/staff/requests/{asked.reference}/items/undo/", {"finding": "no key"})
    assert not ReviewDecision.objects.filter(undone_at=None).exists()


def test_an_approver_sees_and_cannot_decide_or_take_back(asked: SubjectRequest) -> None:
    approver = signed_in(piet())
    assert 'data-key="w"' not in _page(approver, asked)
    sent = {"action": "withhold", "line": 2, "reason_code": _reason(asked)}
    assert approver.post(_at(asked, "record/"), sent).status_code == 403
    assert approver.post(f"/staff/requests/{asked.reference}/items/undo/").status_code == 403


def test_a_sensitive_value_is_masked_until_it_is_shown_which_is_recorded(monkeypatch, desk: Client) -> None:
    bank = "            data_categories: [user.financial.bank_account]\n"
    field = "      - name: tickets\n        fields:\n          - name: number\n"
    masked = people.MAP.replace(field, field + bank)
    monkeypatch.setattr(people, "MAP", masked)
    asked = in_review()
    assert "No2" not in _page(desk, asked)
    desk.post(_at(asked, "reveal/"), {"line": 2})
    shown = _page(desk, asked)
    assert ("No2" in shown, "No1" in shown) == (True, False)
    entry = AuditEntry.objects.get(event="finding.revealed")
    assert ('"record":2' in entry.facts, "No2" in entry.facts) == (True, False)


def test_nothing_is_decided_beside_a_withheld_collection(desk: Client, asked: SubjectRequest) -> None:
    desk.post(_at(asked), {"decision": "withhold", "reason_code": _reason(asked)})
    assert 'data-key="w"' not in _page(desk, asked)
