"""A statement says what it was about, that a person decided, what came of it and why, and where to go on from there."""

import pytest

from requests_app.letters.models import Letter
from requests_app.lifecycle.models import Link, Outcome, SubjectRequest
from requests_app.lifecycle.moves import Move
from requests_app.lifecycle.perform import perform
from requests_app.lifecycle.states import RequestState as S
from tests.factories import a_request_in
from tests.walking import make, what_it_takes, whose

pytestmark = pytest.mark.django_db


def statement(asked: SubjectRequest) -> Letter:
    return Letter.objects.get(subject_request=asked, kind__startswith="statement_")


def answered(asked: SubjectRequest, outcome: Outcome, reason: str) -> SubjectRequest:
    given = {**what_it_takes(Move.ANSWER, asked, at=asked.state_since), "outcome": outcome}
    return perform(
        subject_request_id=asked.pk,
        move=Move.ANSWER,
        by=whose(Move.ANSWER, asked),
        at=asked.state_since,
        reason=reason,
        given=given,
    )


def test_a_review_says_what_was_named_what_was_said_to_it_and_that_it_stands() -> None:
    said = {"decision": "My account was closed.", "view": "It was not me."}
    asked = a_request_in(S.WEIGHING, right="automated_decision", particulars=said)
    make(Move.LET_STAND, asked)
    letter = statement(asked)
    assert (letter.kind, letter.is_certificate) == ("statement_review_stands", True)
    for words in (*said.values(), "A person of our privacy team", "It stands.", "Stands", "Because."):
        assert words in letter.text
    assert "You can ask us to decide again" in letter.text
    assert "complain to the authority" in letter.text


def test_a_successful_appeal_names_the_first_request_and_the_one_that_follows() -> None:
    appeal = a_request_in(S.WEIGHING, right="appeal")
    make(Move.UPHOLD_APPEAL, appeal)
    letter, follow_up = statement(appeal), SubjectRequest.objects.get(link=Link.FOLLOW_UP)
    assert letter.kind == "statement_appeal_upheld"
    for words in (
        appeal.linked_to.reference,
        follow_up.reference,
        "took no part in the first decision",
        f"{follow_up.response_due_on.day} ",
        "What was decided then:",
    ):
        assert words in letter.text


def test_an_appeal_decided_as_before_gives_the_reason_and_the_authority_and_no_second_appeal() -> None:
    appeal = a_request_in(S.WEIGHING, right="appeal")
    make(Move.REFUSE, appeal)
    letter = statement(appeal)
    assert letter.kind == "statement_appeal_stands"
    assert "The reason:" in letter.text
    assert "complain to the authority" in letter.text
    assert "ask us to decide again" not in letter.text


@pytest.mark.parametrize("outcome", [Outcome.GRANTED, Outcome.PARTLY, Outcome.NOT_CHANGED])
def test_whatever_came_of_a_complaint_can_be_contested(outcome: Outcome) -> None:
    asked = a_request_in(S.IN_REVIEW, right="complaint")
    answered(asked, outcome, "We have told our shops.\n\n- and **why**")
    letter = statement(asked)
    assert letter.kind == "statement_complaint"
    assert "We have told our shops." in letter.text
    assert "complain to the authority" in letter.text
    # The words of a case worker are no markup.
    assert "**why**" in letter.text


def test_whom_somebody_named_stands_in_their_statement() -> None:
    named = {"nominee_name": "Nora Next", "nominee_email": "nora@example.org"}
    asked = a_request_in(S.IN_REVIEW, right="nominate", particulars=named)
    answered(asked, Outcome.GRANTED, "Noted.")
    assert "Nora Next, nora@example.org" in statement(asked).text


def test_what_was_refused_or_carried_out_needs_no_statement() -> None:
    for asked in (a_request_in(S.REFUSED, right="complaint"), a_request_in(S.REFUSED)):
        assert not Letter.objects.filter(subject_request=asked, kind__startswith="statement_").exists()
