"""Names in free text: how many are found and how many suggestions are right, in many languages."""

import pytest

from fulfillment.findings.suggestions.names import names_in
from fulfillment.findings.suggestions.people import People
from tests.fulfillment.findings.suggestions.corpus.scoring import score, sentences, suggested_in


def test_the_corpus_is_broad_and_a_third_of_it_is_kept_aside() -> None:
    worked_with, kept_aside = list(sentences("worked_with")), list(sentences("kept_aside"))
    assert (len(worked_with), len(kept_aside)) == (164, 82)
    assert len({each.language for each in worked_with}) >= 15
    assert sum(not each.names for each in kept_aside) >= 25


@pytest.mark.parametrize(
    ("part", "recall", "precision"), [("worked_with", 0.97, 0.97), ("kept_aside", 0.9, 0.95)]
)
def test_names_are_found_and_what_is_suggested_is_a_name(part: str, recall: float, precision: float) -> None:
    found = score(part)
    assert found.recall >= recall
    assert found.precision >= precision


def test_the_person_is_never_suggested() -> None:
    assert suggested_in("Ada was very helpful. Dear Ada, I met with Ada Åström today.") == set()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Maria was very helpful", "does"),
        ("met with Maria Schmidt today", "said"),
        ("laut Herrn Özdemir", "titled"),
        ("Liebe Maria,", "greeted"),
        ("It was signed, Maria Schmidt, in ink", "listed"),
    ],
)
def test_each_says_by_what_it_is_known(text: str, why: str) -> None:
    assert [each.why for each in names_in(text)] == [why]


def test_people_whom_other_records_name_are_found_by_name_given_name_and_number() -> None:
    people = People({"bo canary", "maria canary"}, {"a-471177"})
    text = "BO CANARY asked, then Maria came. See A-471177, not A-4711778."
    found = [text[each.start : each.end] for each in people.named_in(text)]
    assert found == ["BO CANARY", "Maria", "A-471177"]
    assert People.read(people.stored()).names == people.names
