"""A case at the desk: its head, its tabs, its moves."""

import pytest
from django.test import Client

from requests_app.accounts.models import StaffMember
from requests_app.audit.models import AuditEntry
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.moves import FACTS, Move
from requests_app.lifecycle.states import RequestState as S
from requests_app.roles import Role
from tests.desk import signed_in
from tests.factories import a_request_in, ada_asks, piet, rosa, staff

pytestmark = pytest.mark.django_db
TABS = ("", "identity/", "messages/", "decisions/", "audit/")


@pytest.fixture
def worker() -> StaffMember:
    return rosa()


@pytest.fixture
def desk(worker: StaffMember) -> Client:
    return signed_in(worker)


def _case(subject_request: SubjectRequest, tab: str = "") -> str:
    return f"/staff/requests/{subject_request.reference}/{tab}"


@pytest.mark.parametrize("tab", TABS)
def test_every_tab_of_every_open_case_can_be_read(desk: Client, tab: str) -> None:
    for state in (S.AWAITING_IDENTITY, S.IN_REVIEW, S.REFUSED, S.WITHDRAWN, S.LAPSED):
        assert desk.get(_case(a_request_in(state), tab)).status_code == 200


@pytest.mark.parametrize("tab", TABS)
def test_no_tab_shows_who_it_is_about_before_somebody_asked(desk: Client, tab: str) -> None:
    asked = a_request_in(S.IN_REVIEW, name="Canary Person", email="canary@example.org")
    page = desk.get(_case(asked, tab)).content.decode()
    assert "Canary" not in page
    assert "canary@" not in page


@pytest.mark.parametrize("page", ["/staff/queue/", "/staff/queue/csv/", *TABS])
def test_no_page_of_the_desk_is_kept_by_a_browser_or_a_cache(desk: Client, page: str) -> None:
    asked = a_request_in(S.IN_REVIEW)
    answer = desk.get(page if page.startswith("/") else _case(asked, page))
    assert answer.status_code == 200
    assert {"no-store", "private"} <= set(answer["Cache-Control"].split(", "))


def test_showing_a_name_is_recorded_and_holds_for_this_case_alone(desk: Client, worker: StaffMember) -> None:
    asked, other = (
        a_request_in(S.IN_REVIEW, name="Canary Person"),
        a_request_in(S.IN_REVIEW, name="Canary Other"),
    )
    page = desk.post(_case(asked, "name/"), follow=True).content.decode()
    assert "Canary Person" in page
    assert "Canary" not in desk.get(_case(other)).content.decode()
    entry = AuditEntry.objects.get(event="person.revealed")
    assert (entry.actor_key, entry.target_id) == (str(worker.pk), str(asked.pk))


def test_a_name_is_hidden_again_by_itself(desk: Client) -> None:
    asked = a_request_in(S.IN_REVIEW, name="Canary Person")
    desk.post(_case(asked, "name/"))
    session = desk.session
    session["shown_names"] = {str(asked.pk): 1.0}
    session.save()
    assert "Canary" not in desk.get(_case(asked)).content.decode()


def test_a_look_at_a_case_changes_nothing(desk: Client) -> None:
    asked = a_request_in(S.IN_REVIEW)
    before = AuditEntry.objects.count()
    for tab in (*TABS, "moves/refuse/", "moves/approve/"):
        desk.get(_case(asked, tab))
    assert desk.get(_case(asked, "name/")).status_code == 405
    assert AuditEntry.objects.count() == before
    assert SubjectRequest.objects.get(pk=asked.pk).version == asked.version


@pytest.mark.parametrize("reference", ["OM-2222-2222", "nonsense", "OM-0000-0000", "%00"])
def test_an_unknown_reference_is_answered_with_a_sentence(desk: Client, reference: str) -> None:
    answer = desk.get(f"/staff/requests/{reference}/")
    assert answer.status_code == 404
    assert "no page at this address" in answer.content.decode()


def test_the_box_holds_one_main_act_for_whoever_may(desk: Client) -> None:
    asked = a_request_in(S.IN_REVIEW)
    mine = desk.get(_case(asked)).context["next"]
    assert mine.main is not None
    assert "Refuse the request" in [act.label for act in mine.others]
    others = signed_in(staff("Olu", Role.AUDITOR)).get(_case(asked)).context["next"]
    assert others.main is None
    assert {Move.APPROVE, Move.REFUSE} <= {each.move for each in others.cannot}
    assert all("It is for" in each.sentence for each in others.cannot)


@pytest.mark.parametrize("move", [Move.REFUSE, Move.WITHDRAW])
def test_the_confirm_page_says_what_a_move_leads_to(desk: Client, move: Move) -> None:
    page = desk.get(_case(a_request_in(S.IN_REVIEW), f"moves/{move.value}/")).content.decode()
    assert str(FACTS[move].consequence) in page


def test_a_refusal_needs_its_reason(desk: Client) -> None:
    asked = a_request_in(S.IN_REVIEW)
    answer = desk.post(_case(asked, "moves/refuse/"), {"version": asked.version, "reason": "  "})
    assert answer.status_code == 422
    assert "Say why, in a sentence." in answer.content.decode()
    assert SubjectRequest.objects.get(pk=asked.pk).state == S.IN_REVIEW


def test_a_refusal_with_its_reason_is_made(desk: Client, worker: StaffMember) -> None:
    asked = a_request_in(S.IN_REVIEW)
    desk.post(
        _case(asked, "moves/refuse/"),
        {"version": asked.version, "reason": "Not ours.", "code": "no_data_held"},
    )
    done = SubjectRequest.objects.get(pk=asked.pk)
    assert (done.state, done.reason) == (S.REFUSED, "Not ours.")
    assert AuditEntry.objects.get(event="request.refused").actor_key == str(worker.pk)


def test_whoever_is_second_reads_what_happened_meanwhile(desk: Client) -> None:
    asked = a_request_in(S.IN_REVIEW)
    seen = asked.version
    signed_in(rosa()).post(
        _case(asked, "moves/refuse/"), {"version": seen, "reason": "Not ours.", "code": "no_data_held"}
    )
    answer = desk.post(
        _case(asked, "moves/refuse/"), {"version": seen, "reason": "Mine.", "code": "no_data_held"}
    )
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "Somebody was faster" in text
    assert "Rosa Reviewer" in text
    assert SubjectRequest.objects.get(pk=asked.pk).reason == "Not ours."


def test_a_role_without_the_move_is_refused_in_words() -> None:
    asked = a_request_in(S.IN_REVIEW)
    form = {"version": asked.version, "reason": "Because.", "code": "no_data_held"}
    answer = signed_in(piet()).post(_case(asked, "moves/refuse/"), form)
    assert answer.status_code == 403
    assert "Your role does not allow this" in answer.content.decode()
    assert SubjectRequest.objects.get(pk=asked.pk).state == S.IN_REVIEW


@pytest.mark.parametrize("move", [move.value for move in Move if FACTS[move].permission is None])
def test_a_move_of_the_system_or_the_person_is_not_made_from_here(desk: Client, move: str) -> None:
    asked = a_request_in(S.AWAITING_IDENTITY)
    desk.post(_case(asked, f"moves/{move}/"), {"version": asked.version, "reason": "x"})
    assert SubjectRequest.objects.get(pk=asked.pk).state == S.AWAITING_IDENTITY


def test_a_move_that_does_not_exist_is_not_found(desk: Client) -> None:
    assert desk.get(_case(ada_asks(), "moves/explode/")).status_code == 404


def test_what_a_person_wrote_is_text_and_nothing_else(desk: Client) -> None:
    asked = a_request_in(S.IN_REVIEW, name="<script>alert(1)</script>")
    page = desk.post(_case(asked, "name/"), follow=True).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


def test_the_history_names_people_and_not_keys(desk: Client, worker: StaffMember) -> None:
    asked = ada_asks()
    desk.post("/staff/queue/assign/", {"reference": asked.reference, "assignee": "me"})
    page = desk.get(_case(asked)).content.decode()
    assert "given to Rosa Reviewer" in page
    assert str(worker.pk) not in page
    assert "web form" in page


def test_the_clock_says_in_words_what_it_draws(desk: Client) -> None:
    clock = desk.get(_case(a_request_in(S.IN_REVIEW))).context["case"].clock
    assert clock.facts[0].label == "Received"
    assert "Due" in clock.words
    assert 0 <= clock.ran <= clock.due <= 100


def test_messages_can_be_read_only_while_the_name_is_shown(desk: Client) -> None:
    asked = a_request_in(S.IN_REVIEW, name="Canary Person")
    assert "doc-body" not in desk.get(_case(asked, "messages/")).content.decode()
    desk.post(_case(asked, "name/"))
    assert "doc-body" in desk.get(_case(asked, "messages/")).content.decode()
