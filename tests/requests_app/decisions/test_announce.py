"""The mails of the ends of a request: what each says, and what none says in its subject line."""

from datetime import date, timedelta

import pytest

from requests_app.audit.actors import Actor
from requests_app.correspondence.notices import Notice
from requests_app.decisions.ways import appeal_until, knows_appeals
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.moves import Move
from requests_app.lifecycle.perform import perform
from requests_app.lifecycle.states import RequestState
from tests.factories import NOON, a_request_in, rosa

S = RequestState
SATURDAY = 5
pytestmark = pytest.mark.django_db
WORDS = {
    S.READY: "is ready for you",
    S.IN_FORCE: "do not use it, until we tell you otherwise",
    S.LIFTING_ANNOUNCED: "Nothing changes before Tuesday 3 November 2026",
    S.REFUSED: "We hold no personal data about you",
    S.WITHDRAWN: "You took your request",
    S.LAPSED: "not confirmed in time",
    S.FORWARDED: "another organisation",
    S.DUPLICATE: "You asked us for the same twice",
}


def _last_mail(subject_request: SubjectRequest):
    return subject_request.messages.order_by("written_at", "id").last()


@pytest.mark.parametrize("state", [S.REFUSED, S.WITHDRAWN, S.LAPSED, S.FORWARDED, S.DUPLICATE])
def test_an_end_is_told_in_text_and_html(state: RequestState) -> None:
    subject_request = a_request_in(state)
    mail = _last_mail(subject_request)
    assert WORDS[state] in mail.text
    assert WORDS[state] in mail.html.replace("&#x27;", "'")
    assert mail.subject.count(subject_request.reference) == 1
    assert not any(word in mail.subject for word in ("Ada", "copy", "delete", "refus"))


def test_a_refusal_names_ground_citation_own_words_appeal_authority_and_court() -> None:
    mail = _last_mail(a_request_in(S.REFUSED))
    assert mail.notice == Notice.REFUSED
    for said in (
        "We hold no personal data about you. (EU General Data Protection Regulation 2016/679 (EEA), Art. 15(1))",
        "Not about this person.",
        "You can ask us to decide again until 2 January 2027",
        "the supervisory authority of the place where you live",
        "You can also go to court. (Art. 79)",
    ):
        assert said in mail.text, mail.text


def test_a_law_without_an_authority_names_none() -> None:
    mail = _last_mail(a_request_in(S.WITHDRAWN, place=None))
    assert "none" not in mail.text


def test_the_persons_time_for_an_appeal_is_not_cut_by_a_weekend() -> None:
    subject_request = a_request_in(S.REFUSED)
    assert appeal_until(subject_request) == date(2027, 1, 2)
    assert date(2027, 1, 2).weekday() == SATURDAY


def test_under_a_law_with_appeals_the_attorney_general_is_named() -> None:
    subject_request = a_request_in(S.IN_REVIEW, place="US-VA")
    refused = perform(
        subject_request_id=subject_request.pk,
        move=Move.REFUSE,
        by=Actor.staff(rosa()),
        at=NOON + timedelta(hours=3),
        reason="Asked for the tenth time.",
        given={"code": "excessive_or_repetitive"},
    )
    assert "State Attorney General" in _last_mail(refused).text
    assert knows_appeals(refused)
