"""A young person hears of what a guardian asks for them, in time and on their own channel, and can object unseen."""

import re

import pytest

from requests_app.decisions.young_person import is_told, tell_young_person
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.moves import Move
from requests_app.lifecycle.states import RequestState
from tests.factories import NOON, ada_asks
from tests.guardians import KIM, PAT, pat_asks
from tests.walking import make, prove

pytestmark = pytest.mark.django_db


def told(asked: SubjectRequest) -> list[str]:
    return [each.to_address for each in asked.messages.filter(notice="guardian_asked")]


@pytest.fixture
def proven() -> SubjectRequest:
    """Kim is sixteen, and Pat has shown that they look after Kim."""
    return prove(pat_asks("16_17"), at=NOON)


@pytest.mark.parametrize(
    ("place", "age", "expected"),
    [
        # the policy's sixteen, where the law names no age
        ("PT", "16_17", True),
        ("PT", "13_15", False),
        # thirteen in California, fourteen in Korea, which the answer may have reached, eighteen in India
        ("US-CA", "13_15", True),
        ("US-CA", "under_13", False),
        ("KR", "13_15", True),
        ("IN", "16_17", False),
        # nobody said
        ("PT", "", True),
    ],
)
def test_the_age_of_the_law_or_of_the_policy_says_who_is_told(place: str, age: str, expected: bool) -> None:
    asked = prove(pat_asks(age, place=place), at=NOON)
    assert is_told(asked) is expected
    assert told(asked) == ([KIM] if expected else [])


def test_nobody_is_written_to_and_nothing_searched_before_the_guardian_has_shown_who_they_are() -> None:
    asked = pat_asks("16_17")
    assert {each.to_address for each in asked.messages.all()} == {PAT}
    assert tell_young_person(subject_request=asked, addresses=[KIM], at=NOON) == []
    asked = prove(asked, at=NOON)
    assert asked.state == RequestState.IN_REVIEW
    assert told(asked) == [KIM]
    assert not asked.runs.exists()  # type: ignore[attr-defined]


def test_an_address_that_is_the_guardians_own_tells_nobody() -> None:
    assert told(prove(pat_asks("16_17", email=PAT.upper()), at=NOON)) == []


def test_everybody_is_told_once(proven: SubjectRequest) -> None:
    again = make(Move.TAKE_ANSWER, make(Move.ASK_PERSON, proven))
    assert again.state == RequestState.IN_REVIEW
    assert told(again) == [KIM]


def test_who_asks_for_themselves_is_nobodys_young_person() -> None:
    assert not is_told(ada_asks())


def test_the_mail_has_a_silent_subject_and_names_nobody(proven: SubjectRequest) -> None:
    mail = proven.messages.get(notice="guardian_asked")
    assert mail.subject == "A message from the privacy team of Omnesoft"
    assert not re.search("Pat|Kim", mail.text)
    assert "Get a copy of my information" in mail.text
