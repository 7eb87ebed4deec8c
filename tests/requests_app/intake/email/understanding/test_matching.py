"""Patterns as the files of words write them."""

import pytest

from requests_app.intake.email.understanding.matching import Finder
from requests_app.intake.email.understanding.tokens import fold, tokens_of


def finds(pattern: str, text: str) -> bool:
    return bool(list(Finder({"it": [pattern]}).find(tokens_of(text, most=100))))


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("delete my data", "Please DELETE my data."),
        ("delet*", "deletion of everything"),
        ("*daten", "alle Nutzerdaten weg"),
        ("my .. data", "my old and dusty data"),
        ("my|our data", "our data"),
        ("delete the? data", "delete data"),
        ("delete the? data", "delete the data"),
        ("don't sell", "Don’t sell it"),
        ("l'accès", "je demande l’accès"),
        ("verilerimi sil", "VERİLERİMİ SİL"),
        ("個人情報 .. 削除", "私の個人情報をすべて削除して"),
        ("بياناتي", "لبياناتي"),
    ],
)
def test_a_pattern_finds_its_words(pattern: str, text: str) -> None:
    assert finds(pattern, text)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("delete data", "delete my data"),
        ("data", "database"),
        ("my .. data", "my one two three four five data"),
        ("delete data", "please delete. Data follows"),
        ("個人情報 削除", "個人情報の削除"),
    ],
)
def test_a_pattern_leaves_other_words_alone(pattern: str, text: str) -> None:
    assert not finds(pattern, text)


def test_an_abbreviation_does_not_end_a_sentence() -> None:
    assert {token.sentence for token in tokens_of("under Art. 15 of the law", most=20)} == {0}
    assert [token.sentence for token in tokens_of("One. Two\n\nthree", most=20)] == [0, 1, 2]


def test_spellings_meet() -> None:
    assert fold("LÖSCHEN") == fold("löschen") == "loschen"
    assert fold("İSTİYORUM") == fold("istiyorum")
    assert fold("البيانات") == fold("والبيانات")
