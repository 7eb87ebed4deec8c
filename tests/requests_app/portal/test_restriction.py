"""The person's pages of a restriction, and what became of each part of a weighed request."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.test import Client

from requests_app.audit.actors import Actor
from requests_app.audit.models import AuditEntry
from requests_app.decisions.balancing import Balance, finish_objection, weigh_purposes
from requests_app.decisions.correction import FieldDecision, decide_fields, grant_correction
from requests_app.decisions.errors import NothingToAnswer
from requests_app.decisions.models import PersonNote
from requests_app.decisions.note import write_note
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.moves import Move
from requests_app.lifecycle.perform import perform
from requests_app.lifecycle.states import RequestState as S
from requests_app.lifecycle.weighed import Verdict
from requests_app.portal.story import date_of, turn_of
from tests.desk import signed_in
from tests.factories import a_request_in, rosa
from tests.requests_app.decisions.asking import LATER, NAME, STREET, weighing

pytestmark = pytest.mark.django_db
Opened = Callable[[SubjectRequest], Client]
LIFTED_ON = datetime(2027, 1, 14, 23, tzinfo=UTC)


@pytest.fixture
def announced() -> SubjectRequest:
    asked = a_request_in(S.IN_FORCE)
    return perform(
        subject_request_id=asked.pk,
        move=Move.ANNOUNCE_LIFTING,
        by=Actor.staff(rosa()),
        at=LATER,
        reason="The data were found right.",
        given={"waits_until": LIFTED_ON},
    )


def test_a_restriction_says_since_when_it_holds(opened: Opened) -> None:
    asked = a_request_in(S.IN_FORCE)
    shown = date_of(asked, today=LATER.date())
    assert (shown.label, shown.date) == ("In force since", asked.state_since.date())
    assert turn_of(asked).lead == "Your restriction is in force."
    page = opened(asked).get("/requests/yours/").content.decode()
    assert "In force since" in page
    assert "This request is closed" not in page


def test_a_lifting_says_why_and_when_and_lets_the_person_answer(
    opened: Opened, announced: SubjectRequest
) -> None:
    shown = date_of(announced, today=LATER.date())
    # Midnight in Brussels, where the law of the case counts.
    assert (shown.label, str(shown.date)) == ("May end from", "2027-01-15")
    person = opened(announced)
    page = person.get("/requests/yours/").content.decode()
    assert "The data were found right." in page
    assert "15 January 2027" in page
    assert "/requests/yours/note/" in page
    answer = person.post("/requests/yours/note/", {"words": "They are still wrong."})
    assert answer["Location"] == "/requests/yours/"
    assert "They are still wrong." in person.get("/requests/yours/").content.decode()
    assert AuditEntry.objects.filter(event="person.wrote", target_id=str(announced.pk)).exists()


def test_what_the_person_wrote_stands_on_the_case_and_is_read_with_the_name(
    announced: SubjectRequest,
) -> None:
    by = Actor.subject(announced.reference)
    write_note(subject_request_id=announced.pk, words="Still wrong.", by=by, at=LATER)
    desk = signed_in(rosa())
    case = f"/staff/requests/{announced.reference}/"
    hidden = desk.get(case).content.decode()
    assert "What the person wrote to us" in hidden
    assert "Still wrong." not in hidden
    assert "Still wrong." in desk.post(f"{case}name/", follow=True).content.decode()


def test_an_empty_note_is_asked_for_again(opened: Opened, announced: SubjectRequest) -> None:
    answer = opened(announced).post("/requests/yours/note/", {"words": " "})
    assert answer.status_code == 422
    assert "Write to us what speaks against it." in answer.content.decode()
    assert not PersonNote.objects.exists()


def test_once_nothing_can_be_changed_the_page_is_gone(opened: Opened) -> None:
    asked = a_request_in(S.LIFTING)
    assert opened(asked).get("/requests/yours/note/")["Location"] == "/requests/yours/"
    with pytest.raises(NothingToAnswer):
        write_note(subject_request_id=asked.pk, words="x", by=Actor.subject(asked.reference), at=LATER)


def test_the_decision_about_each_field_is_told_with_its_reason_and_never_before_it_is_made(
    opened: Opened,
) -> None:
    asked, by = weighing("correction", {"fields": [STREET, NAME]}), Actor.staff(rosa())
    rejected = FieldDecision(2, "reject", "not_inaccurate", "Your passport has it so.")
    decisions = [FieldDecision(1, "accept"), rejected]
    decide_fields(subject_request_id=asked.pk, decisions=decisions, by=by, at=LATER)
    person = opened(asked)
    assert "Your passport has it so." not in person.get("/requests/yours/").content.decode()
    grant_correction(subject_request_id=asked.pk, by=by, at=LATER)
    page = person.get("/requests/yours/").content.decode()
    assert all(words in page for words in ("Street", "Will be corrected", "Surname", "Left as it is"))
    assert "Your passport has it so." in page
    assert "the information is right as it is" in page


def test_of_a_balancing_the_person_reads_the_conclusion_and_not_our_side(opened: Opened) -> None:
    asked, by = weighing("objection", {"purposes": ["research"], "reasons": "x"}), Actor.staff(rosa())
    balance = Balance(
        "research", "OUR-SIDE", "THEIR-SIDE", "It helps all.", Verdict.FOR_US, "compelling_grounds"
    )
    weigh_purposes(subject_request_id=asked.pk, balances=[balance], by=by, at=LATER)
    finish_objection(subject_request_id=asked.pk, by=by, at=LATER)
    page = opened(asked).get("/requests/yours/").content.decode()
    assert "It helps all." in page
    assert "Goes on" in page
    assert "OUR-SIDE" not in page
    assert "THEIR-SIDE" not in page
