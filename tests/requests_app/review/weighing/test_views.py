"""The deciding pages: what they show, what they take, and what they say when something is missing."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from requests_app.accounts.models import StaffMember
from requests_app.audit.models import AuditEntry
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.particulars import Correction
from requests_app.lifecycle.states import RequestState as S
from requests_app.lifecycle.weighed import Weighed
from requests_app.roles import Role
from tests.desk import signed_in
from tests.factories import a_request_in, piet, rosa, staff
from tests.requests_app.decisions.asking import NAME, STREET, confirm, unconfirmed, weighing
from tests.walking import the_machine_alone

pytestmark = pytest.mark.django_db
OBJECTION = {"purposes": ["research", "security"], "reasons": "I am a journalist."}
WON = {
    "our_side": "It helps.",
    "their_side": "A source.",
    "conclusion": "Sources first.",
    "verdict": "for_person",
}
LOST = {**WON, "verdict": "for_us", "ground": "compelling_grounds", "conclusion": "Everyone is safer."}


@pytest.fixture
def worker() -> StaffMember:
    return rosa()


@pytest.fixture
def desk(worker: StaffMember) -> Client:
    return signed_in(worker)


def _page(asked: SubjectRequest) -> str:
    return f"/staff/requests/{asked.reference}/decide/"


def _fresh(asked: SubjectRequest) -> SubjectRequest:
    return SubjectRequest.objects.get(pk=asked.pk)


def _send(desk: Client, asked: SubjectRequest, **answers: object) -> object:
    return desk.post(_page(asked), {"version": asked.version, **answers})


def _balances(**of: dict[str, str]) -> dict[str, str]:
    return {f"{name}_{purpose}": value for purpose, said in of.items() for name, value in said.items()}


def test_the_case_leads_to_the_page_before_anything_is_decided(desk: Client) -> None:
    for right, particulars in (("correction", {"fields": [STREET]}), ("objection", OBJECTION)):
        asked = weighing(right, particulars)
        case = desk.get(f"/staff/requests/{asked.reference}/").content.decode()
        assert f'class="btn btn-lg" href="{_page(asked)}">Decide about it' in case
        assert "not decided yet" not in case
        assert desk.get(_page(asked)).status_code == 200


def test_a_decision_is_one_act_among_those_of_a_review(desk: Client) -> None:
    asked = weighing("automated_decision", {"decision": "Closed.", "view": "Wrong."})
    case = desk.get(f"/staff/requests/{asked.reference}/").content.decode()
    assert case.count(_page(asked)) == 1


def test_the_page_shows_what_the_person_wrote_and_that_is_recorded(desk: Client, worker: StaffMember) -> None:
    asked = weighing("correction", {"fields": [STREET, NAME]})
    page = desk.get(_page(asked)).content.decode()
    assert all(words in page for words in ("Old Road 1", "New Road 2", "A bill", "Åström"))
    entry = AuditEntry.objects.get(event="particulars.read")
    assert (entry.actor_key, entry.target_id) == (str(worker.pk), str(asked.pk))


def test_fields_are_decided_and_carried_out_with_one_button(desk: Client) -> None:
    asked = weighing("correction", {"fields": [STREET, NAME]})
    answer = _send(
        desk,
        asked,
        decision_1="accept",
        decision_2="reject",
        ground_2="not_inaccurate",
        note_2="Your passport has it so.",
    )
    assert answer["Location"] == f"/staff/requests/{asked.reference}/"
    after = _fresh(asked)
    assert after.state == S.EXECUTING
    assert [each.decision for each in Correction.of(after).fields] == ["accept", "reject"]


def test_some_decisions_can_be_kept_for_later(desk: Client) -> None:
    asked = weighing("correction", {"fields": [STREET, NAME]})
    answer = _send(desk, asked, decision_1="accept", later="1")
    assert answer["Location"] == _page(asked)
    after = _fresh(asked)
    assert after.state == S.WEIGHING
    assert [each.decision for each in Correction.of(after).fields] == ["accept", ""]
    again = desk.get(_page(asked)).content.decode()
    assert (
        'value="accept" id="id_decision_1_0" checked' in again.replace('type="radio" name="decision_1" ', "")
        or 'value="accept" required id="id_decision_1_0" checked' in again
    )


def test_every_field_that_lacks_something_is_named(desk: Client) -> None:
    asked = weighing("correction", {"fields": [STREET, NAME]})
    answer = _send(desk, asked, decision_2="reject")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Decide about “Street”." in page
    assert "Choose the ground on which “Surname” stays." in page
    assert "Say why “Surname” stays." in page
    assert 'href="#id_decision_1_0"' in page
    assert _fresh(asked).version == asked.version


def test_whoever_decides_on_an_old_page_is_told_and_changes_nothing(desk: Client) -> None:
    asked = weighing("correction", {"fields": [STREET]})
    _send(desk, asked, decision_1="accept", later="1")
    answer = _send(desk, asked, decision_1="reject", ground_1="not_inaccurate", note_1="No.")
    assert answer.status_code == 409
    assert "Somebody was faster" in answer.content.decode()
    assert Correction.of(_fresh(asked)).fields[0].decision == "accept"


def test_a_correction_in_plain_words_gets_its_fields_first(desk: Client) -> None:
    asked = a_request_in(S.WEIGHING)
    assert "Name the fields" in desk.get(_page(asked)).content.decode()
    assert _send(desk, asked).status_code == 422
    answer = _send(desk, asked, field_1="Street", wrong_1="Old", right_1="New")
    assert answer["Location"] == _page(asked)
    assert [each.right for each in Correction.of(_fresh(asked)).fields] == ["New"]
    assert "Decide field by field" in desk.get(_page(asked)).content.decode()


def test_each_purpose_is_weighed_and_the_whole_carried_out(desk: Client) -> None:
    asked = weighing("objection", OBJECTION)
    assert "I am a journalist." in desk.get(_page(asked)).content.decode()
    _send(desk, asked, **_balances(research=WON, security=LOST))
    assert _fresh(asked).state == S.EXECUTING
    assert {row.item: row.verdict for row in Weighed.objects.all()} == {
        "research": "for_person",
        "security": "for_us",
    }


def test_an_objection_that_loses_is_refused_from_the_same_page(desk: Client) -> None:
    asked = weighing("objection", OBJECTION)
    _send(desk, asked, **_balances(research=LOST, security=LOST))
    assert (_fresh(asked).state, _fresh(asked).reason_code) == (S.REFUSED, "compelling_grounds")


def test_a_purpose_half_weighed_is_named_and_one_not_begun_may_wait(desk: Client) -> None:
    asked = weighing("objection", OBJECTION)
    half = {"verdict": "for_us", "our_side": "x"}
    page = _send(desk, asked, later="1", **_balances(research=half)).content.decode()
    assert page.count("Write this down for “Research and development”.") == 4
    assert "Choose the ground on which “Research and development” goes on." in page
    assert "Security" in page
    assert "for “Security" not in page
    assert _send(desk, asked, later="1", **_balances(research=WON)).status_code == 302
    assert Weighed.objects.get().item == "research"


def test_an_objection_in_plain_words_gets_its_purposes_first(desk: Client) -> None:
    asked = weighing("objection", {"reasons": "Leave me alone."})
    assert _send(desk, asked).status_code == 422
    assert _send(desk, asked, purposes=["research"])["Location"] == _page(asked)


def test_a_review_changes_the_decision_or_lets_it_stand(desk: Client) -> None:
    said = {"decision": "Closed.", "view": "I was away."}
    asked = weighing("automated_decision", said)
    assert "I was away." in desk.get(_page(asked)).content.decode()
    assert "Write down what changes" in _send(desk, asked, **WON).content.decode()
    _send(desk, asked, **WON, change="Open it again.")
    assert _fresh(asked).state == S.EXECUTING
    other = weighing("automated_decision", said)
    _send(desk, other, **{**WON, "verdict": "for_us"})
    assert (_fresh(other).state, _fresh(other).outcome) == (S.COMPLETED, "not_changed")


def test_a_restriction_is_granted_on_its_ground(desk: Client) -> None:
    asked = confirm(unconfirmed("restriction", {"ground": "claims", "what": "My tickets"}))
    page = desk.get(_page(asked)).content.decode()
    assert 'value="claims" ' in page
    assert "the GDPR, Art. 18(1)(c)" in page
    assert "My tickets" in page
    assert _send(desk, asked, ground="").status_code == 422
    _send(desk, asked, ground="accuracy", what="My tickets")
    assert _fresh(asked).state == S.EXECUTING
    assert _fresh(asked).particulars["ground"] == "accuracy"


def test_only_the_grounds_of_the_law_of_the_case_are_shown(desk: Client) -> None:
    with the_machine_alone():
        asked = a_request_in(S.IN_REVIEW, right="restriction", place="ZA")
    page = desk.get(_page(asked)).content.decode()
    assert "s. 14(6)(b)" in page
    assert "Art. 18" not in page
    assert 'value="objection"' not in page


def test_a_lifting_is_announced_with_a_day_that_leaves_time(desk: Client) -> None:
    asked = a_request_in(S.IN_FORCE)
    today = timezone.now().date()
    page = desk.get(_page(asked)).content.decode()
    assert f'value="{today + timedelta(days=7)}"' in page or f'value="{today + timedelta(days=8)}"' in page
    too_soon = _send(desk, asked, on=str(today + timedelta(days=2)), reason="It was right.")
    assert too_soon.status_code == 400
    assert "or later, so that the person has time to object" in too_soon.content.decode()
    assert "Choose the day." in _send(desk, asked, reason="x").content.decode()
    _send(desk, asked, on=str(today + timedelta(days=30)), reason="It was right.")
    assert _fresh(asked).state == S.LIFTING_ANNOUNCED
    assert _fresh(asked).reason == "It was right."


def test_where_nothing_is_to_be_decided_the_page_leads_back(desk: Client) -> None:
    for asked in (a_request_in(S.IN_REVIEW), a_request_in(S.AWAITING_IDENTITY, right="correction")):
        assert desk.get(_page(asked))["Location"] == f"/staff/requests/{asked.reference}/"


def test_the_plain_confirm_page_of_a_decision_leads_to_the_deciding_page(desk: Client) -> None:
    asked = weighing("correction", {"fields": [STREET]})
    for name in ("grant", "let_stand", "announce_lifting"):
        answer = desk.get(f"/staff/requests/{asked.reference}/moves/{name}/")
        assert answer["Location"] == _page(asked)


def test_an_approver_reads_and_does_not_decide_and_an_auditor_does_not_read() -> None:
    asked = weighing("correction", {"fields": [STREET]})
    approver = signed_in(piet())
    page = approver.get(_page(asked)).content.decode()
    assert "Your role does not allow this" in page
    assert '<form method="post" class="stack max"' not in page
    assert _send(approver, asked, decision_1="accept").status_code == 403
    assert signed_in(staff("Auditor", Role.AUDITOR)).get(_page(asked)).status_code == 403


def test_what_was_weighed_stands_on_the_decisions_tab_for_those_who_see_findings(desk: Client) -> None:
    asked = weighing("objection", OBJECTION)
    _send(desk, asked, **_balances(research=WON, security=LOST))
    tab = f"/staff/requests/{asked.reference}/decisions/"
    page = desk.get(tab).content.decode()
    assert "Everyone is safer." in page
    assert "A source." in page
    assert "which outweigh your interests" in page
    assert "A purpose was weighed (security and the prevention of fraud)" in page
    assert "Everyone is safer." not in signed_in(staff("A", Role.AUDITOR)).get(tab).content.decode()
