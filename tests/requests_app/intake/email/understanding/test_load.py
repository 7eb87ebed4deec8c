"""The files of words: complete, and refused by file and key where they are not."""

from pathlib import Path

import pytest

from requests_app.intake.email.understanding.load import (
    WordsInvalid,
    finder,
    languages,
    laws,
    read_file,
    rules,
    words,
)
from requests_app.intake.email.understanding.vocabulary import Idea, Rules, Words
from requests_app.lifecycle.known_rights import RIGHTS


def test_twelve_languages_are_understood() -> None:
    assert languages() == ("ar", "de", "en", "es", "fr", "it", "ja", "nl", "pl", "pt", "sv", "tr")


@pytest.mark.parametrize("language", languages())
def test_a_language_words_every_idea(language: str) -> None:
    assert [idea.value for idea in Idea if idea not in words(language).ideas] == []
    assert finder(language) is finder(language)


def test_rules_and_laws_are_valid() -> None:
    assert {right.value for right in rules().rights} == RIGHTS.keys()
    assert laws().laws[0].key == "gdpr"


@pytest.mark.parametrize(
    ("content", "words_of_refusal"),
    [
        ("language: xx\nideas: {colour: red}", "ideas.colour"),
        ("language: english\nideas: {ask: please}", "language"),
        ("language: xx\nideas: {ask: ''}", "ideas.ask"),
        ("- a list", "holds no mapping"),
        ("a: [", "cannot be read"),
    ],
)
def test_a_broken_file_is_named_with_its_key(tmp_path: Path, content: str, words_of_refusal: str) -> None:
    path = tmp_path / "xx.yaml"
    path.write_text(content)
    with pytest.raises(WordsInvalid, match=rf"xx\.yaml: .*{words_of_refusal}"):
        read_file(path, Words)


def test_a_right_without_rules_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "rules.yaml"
    path.write_text("rights: {access: {rules: [{all: [show], weight: 0.5}]}}")
    with pytest.raises(WordsInvalid, match="no rules for correction"):
        read_file(path, Rules)
