"""The staff look at proofs, accept and reject, ask for more, and read the table."""

from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from requests_app.audit.actors import Actor
from requests_app.audit.models import AuditEntry
from requests_app.deadlines.events import EventType
from requests_app.identity.ask import ask_more_proof
from requests_app.identity.models import ProofState
from requests_app.identity.prove import accept_proof
from requests_app.lifecycle.models import AnswerScope, Asker, IdentityLevel, SubjectRequest
from requests_app.lifecycle.moves import Move
from requests_app.lifecycle.states import RequestState as S
from requests_app.roles import Role
from tests.desk import signed_in
from tests.factories import a_request_in, ada_asks, rosa, staff
from tests.proofs import asked_for_another, confirmed, given, marks, waiting
from tests.walking import the_machine_alone

pytestmark = pytest.mark.django_db
WITHOUT = [role for role in Role if role not in (Role.CASE_WORKER, Role.PRIVACY_LEAD)]


@pytest.fixture
def desk() -> Client:
    return signed_in(rosa())


def _case(asked: SubjectRequest, more: str = "") -> str:
    return f"/staff/requests/{asked.reference}/identity/{more}"


def _fresh(asked: SubjectRequest) -> SubjectRequest:
    return SubjectRequest.objects.get(pk=asked.pk)


def test_the_tab_says_what_the_table_demands_and_by_which_row(desk: Client) -> None:
    page = desk.get(_case(waiting())).content.decode()
    assert "Three points matched with a signed declaration" in page
    assert "11 CCR 7062" in page
    assert "Categories, not the data themselves" in page
    assert "The whole table" in page
    usual = desk.get(_case(ada_asks())).content.decode()
    assert "The company&#x27;s own row, usual data" in usual


def test_what_was_given_is_shown_only_after_asking_and_that_is_recorded(desk: Client) -> None:
    asked = waiting()
    proof = given(asked)
    url = _case(asked, f"{proof.pk}/")
    assert "INV-2024-00123" not in desk.get(_case(asked)).content.decode()
    assert "INV-2024-00123" not in desk.get(url).content.decode()
    assert not AuditEntry.objects.filter(event="evidence.seen").exists()
    assert desk.get(f"{url}look/").status_code == 405
    page = desk.post(f"{url}look/", follow=True).content.decode()
    assert "INV-2024-00123" in page
    assert AuditEntry.objects.filter(event="evidence.seen").count() == 1
    assert "INV-2024-00123" not in signed_in(rosa()).get(url).content.decode()


def test_a_look_wears_off(desk: Client) -> None:
    asked = waiting()
    proof = given(asked)
    desk.post(_case(asked, f"{proof.pk}/look/"))
    session = desk.session
    session["shown_evidence"] = {str(proof.pk): 1.0}
    session.save()
    assert "INV-2024-00123" not in desk.get(_case(asked, f"{proof.pk}/")).content.decode()


def test_three_matches_carry_the_case_on(desk: Client) -> None:
    asked = waiting()
    proof = given(asked)
    desk.post(_case(asked, f"{proof.pk}/look/"))
    answer = desk.post(_case(asked, f"{proof.pk}/"), {**marks(3), "accept": "yes"})
    assert answer["Location"] == _case(asked)
    assert (_fresh(asked).state, _fresh(asked).identity_level) == (S.IN_REVIEW, IdentityLevel.HIGH)


def test_too_few_matches_are_said_and_change_nothing(desk: Client) -> None:
    asked = waiting()
    proof = given(asked)
    desk.post(_case(asked, f"{proof.pk}/look/"))
    answer = desk.post(_case(asked, f"{proof.pk}/"), {**marks(1), "accept": "yes"})
    assert answer.status_code == 409
    assert "Too few points match" in answer.content.decode()
    assert _fresh(asked).identity_level == IdentityLevel.CHANNEL


def test_nobody_accepts_what_they_have_not_looked_at(desk: Client) -> None:
    asked = waiting()
    proof = given(asked)
    desk.post(_case(asked, f"{proof.pk}/"), {**marks(3), "accept": "yes"})
    proof.refresh_from_db()
    assert proof.state == ProofState.GIVEN


def test_a_rejection_needs_its_words(desk: Client) -> None:
    asked = waiting()
    proof = given(asked)
    desk.post(_case(asked, f"{proof.pk}/look/"))
    url = _case(asked, f"{proof.pk}/")
    assert desk.post(url, {"reject": "yes"}).status_code == 422
    assert desk.post(url, {"reject": "yes", "reason": "The invoice is not yours."}).status_code == 302
    proof.refresh_from_db()
    assert (proof.state, proof.reason) == (ProofState.REJECTED, "The invoice is not yours.")


def test_a_file_is_handed_out_sealed_off_and_only_after_a_look(desk: Client) -> None:
    asked = waiting()
    proof = given(asked, "document")
    url = _case(asked, f"{proof.pk}/file/")
    assert desk.get(url).status_code == 404
    desk.post(_case(asked, f"{proof.pk}/look/"))
    assert f'<img src="{url}"' in desk.get(_case(asked, f"{proof.pk}/")).content.decode()
    answer = desk.get(url)
    assert b"".join(answer).startswith(b"\xff\xd8\xff")  # type: ignore[arg-type]
    assert answer["Content-Type"] == "image/jpeg"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer["Cache-Control"]


def test_a_proof_of_another_case_is_not_found(desk: Client) -> None:
    asked, other = waiting(), waiting(email="bob@example.org")
    proof = given(other, "document")
    desk.post(_case(other, f"{proof.pk}/look/"))
    for more in (f"{proof.pk}/", f"{proof.pk}/file/", f"{uuid4()}/"):
        assert desk.get(_case(asked, more)).status_code == 404
    desk.post(_case(asked, f"{proof.pk}/"), {**marks(3), "accept": "yes"})
    assert _fresh(other).identity_level == IdentityLevel.CHANNEL


@pytest.mark.parametrize("role", WITHOUT)
def test_a_role_that_works_no_cases_is_refused_every_act(role: Role) -> None:
    asked = waiting()
    proof = given(asked)
    client = signed_in(staff("Sam", role))
    posts = [f"{proof.pk}/", f"{proof.pk}/look/", "sensitive/", "points/", "paper/", "more/", "lesser/"]
    for more in posts:
        assert client.post(_case(asked, more), {**marks(3), "accept": "yes"}).status_code == 403
    assert client.get(_case(asked, f"{proof.pk}/file/")).status_code == 403
    page = client.get(_case(asked)).content.decode()
    assert "What you can do" not in page
    assert "INV-2024" not in page
    assert _fresh(asked).identity_level == IdentityLevel.CHANNEL
    assert not AuditEntry.objects.filter(event="evidence.seen").exists()


@pytest.mark.parametrize("move", [Move.ADD_PROOF, Move.CONFIRM_IDENTITY, Move.ASK_MORE_PROOF, Move.LESSEN])
def test_no_level_is_raised_by_the_plain_page_of_moves(desk: Client, move: Move) -> None:
    asked = waiting()
    url = f"/staff/requests/{asked.reference}/moves/{move.value}/"
    sent = {"version": asked.version, "reason": "x", "level": "3", "scope": "categories"}
    for answer in (desk.get(url), desk.post(url, sent)):
        assert answer.status_code == 302
        assert answer["Location"].startswith(_case(asked))
    assert (_fresh(asked).state, _fresh(asked).identity_level) == (S.AWAITING_IDENTITY, IdentityLevel.CHANNEL)


def test_a_reasoned_doubt_asks_for_more_and_the_clock_of_the_law_waits(desk: Client) -> None:
    asked = a_request_in(S.IN_REVIEW)
    page = desk.get(_case(asked, "more/")).content.decode()
    assert "the date moves by the time the person takes" in page
    sent = {"level": "2", "reason": "Two people use this mailbox.", "version": asked.version}
    assert desk.post(_case(asked, "more/"), sent | {"reason": ""}).status_code == 422
    answer = desk.post(_case(asked, "more/"), sent)
    if answer.status_code != 302:  # the moment of the test is later than the request's term
        assert "due too soon" in answer.content.decode()
        return
    fresh = _fresh(asked)
    assert (fresh.state, fresh.doubt_level) == (S.AWAITING_IDENTITY, IdentityLevel.REASONABLE)
    assert [each.type for each in fresh.clock_events.all()] == [EventType.IDENTITY_REQUESTED]
    assert fresh.messages.filter(notice="proof_needed").exists()


def test_marking_the_data_as_sensitive_raises_what_is_demanded_and_back(desk: Client) -> None:
    asked = a_request_in(S.IN_REVIEW)
    page = desk.get(_case(asked)).content.decode()
    assert "The table then demands “Two points matched, or signed in”" in page
    desk.post(_case(asked, "sensitive/"), {"is_sensitive": "yes"})
    assert _fresh(asked).is_sensitive
    read = {"version": asked.version + 1, "maps": "shop:1"}
    blocked = desk.post(f"/staff/requests/{asked.reference}/sources/plan/", read)
    assert _fresh(asked).state == S.IN_REVIEW
    assert blocked.status_code == 409
    desk.post(_case(asked, "sensitive/"), {"is_sensitive": "no"})
    assert not _fresh(asked).is_sensitive
    events = set(AuditEntry.objects.values_list("event", flat=True))
    assert {"request.marked_sensitive", "request.marked_usual"} <= events


def test_marking_as_usual_lets_a_case_go_on_that_waited_only_for_that(desk: Client) -> None:
    asked = ada_asks()
    SubjectRequest.objects.filter(pk=asked.pk).update(is_sensitive=True)
    confirmed(asked)
    assert _fresh(asked).state == S.AWAITING_IDENTITY
    desk.post(_case(asked, "sensitive/"), {"is_sensitive": "no"})
    assert _fresh(asked).state == S.IN_REVIEW


def test_data_found_to_be_sensitive_stop_the_case_until_the_higher_proof_is_there(desk: Client) -> None:
    with the_machine_alone():
        asked = a_request_in(S.CHECKING)
    desk.post(_case(asked, "sensitive/"), {"is_sensitive": "yes"})
    asked = _fresh(asked)
    assert asked.is_sensitive
    page = desk.get(f"/staff/requests/{asked.reference}/").content.decode()
    assert "Next: ask for more proof" in page
    blocked = desk.post(f"/staff/requests/{asked.reference}/moves/finish_review/", {"version": asked.version})
    assert (blocked.status_code, _fresh(asked).state) == (409, S.CHECKING)
    ask_more_proof(
        subject_request_id=asked.pk,
        level=IdentityLevel.REASONABLE,
        reason="What we found is sensitive.",
        by=Actor.staff(rosa()),
        at=timezone.now(),
    )
    by, at = Actor.system("tests"), timezone.now()
    after = accept_proof(subject_request_id=asked.pk, level=IdentityLevel.REASONABLE, by=by, at=at)
    assert after.state == S.IN_REVIEW


def test_a_copy_that_waits_for_its_release_is_sent_back_first(desk: Client) -> None:
    with the_machine_alone():
        asked = a_request_in(S.AWAITING_RELEASE)
    desk.post(_case(asked, "sensitive/"), {"is_sensitive": "yes"})
    page = desk.get(f"/staff/requests/{asked.reference}/").content.decode()
    assert "Next: send it back, then ask for more proof" in page
    desk.post(_case(asked, "sensitive/"), {"is_sensitive": "no"})
    assert _fresh(asked).is_sensitive, "whoever releases lowers no demand"


@pytest.mark.parametrize("state", [S.READY, S.REFUSED, S.EXECUTING])
def test_after_the_answer_nobody_changes_how_sensitive_it_is(desk: Client, state: S) -> None:
    with the_machine_alone():
        asked = a_request_in(state)
    page = desk.post(_case(asked, "sensitive/"), {"is_sensitive": "yes"}, follow=True).content.decode()
    assert "not later" in page
    assert not _fresh(asked).is_sensitive


def test_staff_choose_what_is_asked_and_nothing_that_others_know(desk: Client) -> None:
    asked = waiting()
    chosen = ["card_end", "device", "signed_up"]
    desk.post(_case(asked, "points/"), {"points": chosen})
    assert asked.verifications.get().asked == {"points": chosen}
    for wrong in (["card_end", "device"], ["birthday", "home", "name"], [], ["card_end"] * 3):
        desk.post(_case(asked, "points/"), {"points": wrong})
    assert asked.verifications.filter(state=ProofState.ASKED).get().asked == {"points": chosen}


def test_two_points_bring_the_lesser_answer_when_staff_say_so(desk: Client) -> None:
    asked = waiting()
    assert "knows none, or its proof is not there" in desk.get(_case(asked, "lesser/")).content.decode()
    proof = given(asked)
    desk.post(_case(asked, f"{proof.pk}/look/"))
    desk.post(_case(asked, f"{proof.pk}/"), {**marks(2), "accept": "yes"})
    assert "Give the lesser answer" in desk.get(_case(asked)).content.decode()
    desk.post(_case(asked, "lesser/"))
    assert (_fresh(asked).state, _fresh(asked).answer_scope) == (S.IN_REVIEW, AnswerScope.CATEGORIES)


def test_a_paper_that_came_by_post_is_noted_and_the_person_still_confirms(desk: Client) -> None:
    asked = asked_for_another(Asker.AGENT)
    sent = {"key": "agent_mandate", "shown": "Signed permission, by post, 2 November"}
    desk.post(_case(asked, "paper/"), sent)
    fresh = _fresh(asked)
    assert fresh.standing_proven_at is not None
    assert (fresh.state, fresh.identity_level) == (S.AWAITING_IDENTITY, IdentityLevel.NONE)
    assert confirmed(asked).state == S.IN_REVIEW


def test_a_guardians_paper_by_post_does_not_stand_for_the_code(desk: Client) -> None:
    asked = asked_for_another(Asker.GUARDIAN)
    desk.post(_case(asked, "paper/"), {"key": "guardian_proof", "shown": "Birth certificate, at the counter"})
    assert _fresh(asked).identity_level == IdentityLevel.NONE
    assert _fresh(asked).standing_proven_at is not None


@pytest.mark.parametrize("key", ["document", "guardian_proof", "nonsense", ""])
def test_no_other_paper_is_noted_for_an_agent(desk: Client, key: str) -> None:
    asked = asked_for_another(Asker.AGENT)
    desk.post(_case(asked, "paper/"), {"key": key, "shown": "A paper"})
    assert _fresh(asked).standing_proven_at is None


def test_a_mandate_given_by_the_person_is_accepted_on_its_page(desk: Client) -> None:
    asked = confirmed(asked_for_another(Asker.AGENT))
    assert _fresh(asked).state == S.AWAITING_IDENTITY
    proof = given(asked, "agent_mandate")
    desk.post(_case(asked, f"{proof.pk}/look/"))
    desk.post(_case(asked, f"{proof.pk}/"), {"covers_it": "on", "accept": "yes"})
    assert _fresh(asked).state == S.IN_REVIEW


def test_a_case_with_a_proof_to_look_at_is_among_those_that_need_me(desk: Client) -> None:
    asked, quiet = waiting(), waiting(email="bob@example.org")
    given(asked)
    page = desk.get("/staff/queue/?view=mine").content.decode()
    assert asked.reference in page
    assert quiet.reference not in page
    overview = desk.get(f"/staff/requests/{asked.reference}/").content.decode()
    assert "look at the proof that was given" in overview


def test_the_table_of_proofs_is_a_page(desk: Client) -> None:
    page = desk.get("/staff/proofs/").content.decode()
    for words in ("11 CCR 7062(b)-(c)", "Company policy", "Sensitive data", "penalty", "Date of birth"):
        assert (words in page) == (words not in ("penalty", "Date of birth")), words
    assert "Your date of birth" in page
    assert "Nothing: others may know it" in page
