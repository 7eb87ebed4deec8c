"""What letters ask for, measured over the whole collection and shown on single sentences."""

import time

import pytest

from requests_app.intake.email.language import language_of
from requests_app.intake.email.parsed import ParsedEmail
from requests_app.intake.email.read import understand_mail
from requests_app.intake.email.understanding.understand import LooksLikeRequest, Understanding, understand
from tests.requests_app.intake.email.letters import Letter, letters

ORDINARY = "ordinary"


def read(letter: Letter) -> Understanding:
    language = language_of(f"{letter.text}\n{letter.subject}")
    return understand(letter.subject, letter.text, language=language)


def english(text: str, subject: str = "") -> Understanding:
    return understand(subject, text, language="en")


@pytest.mark.parametrize(("kept_aside", "share"), [(False, 0.98), (True, 0.94)])
def test_the_right_asked_for_stands_first(kept_aside: bool, share: float) -> None:
    asked = [each for each in letters() if each.expected != ORDINARY and each.was_kept_aside == kept_aside]
    missed = [each for each in asked if read(each).rights[:1] != (each.expected,)]
    assert len(missed) <= (1 - share) * len(asked), [
        (each.language, each.expected, each.text) for each in missed
    ]


def test_no_request_is_set_aside() -> None:
    asked = [each for each in letters() if each.expected != ORDINARY]
    assert [each.text for each in asked if read(each).looks_like_request == LooksLikeRequest.NO] == []


def test_ordinary_mail_is_hardly_ever_taken_for_a_request() -> None:
    ordinary = [each for each in letters() if each.expected == ORDINARY]
    wrong = [each.text for each in ordinary if read(each).looks_like_request == LooksLikeRequest.YES]
    assert len(wrong) <= 0.03 * len(ordinary), wrong


def test_circumstances_are_seen() -> None:
    told = list(letters(circumstances=True))
    missed = [each.text for each in told if each.expected not in read(each).circumstances]
    assert len(missed) <= 0.05 * len(told), missed


def test_a_letter_takes_a_few_milliseconds() -> None:
    all_letters = list(letters())
    for each in all_letters:
        read(each)
    started = time.process_time()
    for each in all_letters:
        read(each)
    assert (time.process_time() - started) / len(all_letters) < 0.01


def test_a_finding_says_on_which_words_it_rests() -> None:
    found = english("Hello there. Please delete my account and all of my data.").findings[0]
    assert found.right == "deletion"
    assert found.confidence > 0.9
    assert any("delete my account" in words for words in found.words)
    assert "delete+account" in found.rules


@pytest.mark.parametrize(
    "text",
    [
        "I do not want you to delete my account, I only want to see the data you hold about me.",
        "This is not a request for erasure of my data. Send me a copy of my data please.",
    ],
)
def test_what_is_expressly_not_wanted_does_not_stand_first(text: str) -> None:
    assert english(text).rights[:1] == ("access",)


def test_a_list_of_facts_asks_for_no_further_right() -> None:
    text = (
        "I request access under Article 15 GDPR, including the existence of the right to rectification, erasure or "
        "restriction and the existence of automated decision-making."
    )
    assert english(text).rights == ("access",)


def test_several_rights_come_best_first() -> None:
    found = english(
        "I request a copy of my personal data. I also withdraw my consent to marketing.", "Access request"
    )
    assert found.rights[0] == "access"
    assert "withdraw_consent" in found.rights
    assert "several" in found.circumstances


def test_an_appeal_goes_before_the_right_it_is_about() -> None:
    assert english("I appeal your refusal to delete my data.").rights[:1] == ("appeal",)


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("I invoke Art. 18 GDPR.", "restriction"),
        ("This is a request under section 1798.121.", "limit_sensitive"),
        ("I refer to Articles 15 and 20 of the GDPR.", "access"),
    ],
)
def test_an_article_alone_points_to_its_right(text: str, right: str) -> None:
    assert right in english(text).rights


def test_a_letter_in_two_languages_is_read_in_both() -> None:
    found = understand("Data deletion request", "Bitte um Bestätigung. Danke und viele Grüße", language="de")
    assert found.rights[:1] == ("deletion",)


def test_a_language_without_words_still_shows_the_law() -> None:
    found = understand("", "Žádám o výmaz podle GDPR", language="cs")
    assert found.looks_like_request == LooksLikeRequest.UNSURE


def test_quoted_text_of_ours_asks_for_nothing() -> None:
    mail = ParsedEmail(
        subject="Re: your ticket",
        text="Thanks, that works now.\n\nOn Mon, Omne wrote:\n> Shall we delete your personal data?",
    )
    assert understand_mail(mail).looks_like_request == LooksLikeRequest.NO


def test_a_forwarded_letter_speaks_for_itself() -> None:
    text = "See below\n\n---------- Forwarded message ---------\nFrom: Ada\n\nPlease delete all my personal data."
    assert understand_mail(ParsedEmail(subject="Fwd: hello", text=text)).rights[:1] == ("deletion",)
