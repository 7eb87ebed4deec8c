"""What letters ask for, measured over the whole collection and shown on single sentences."""

import time

import pytest

from requests_app.intake.email.parsed import ParsedEmail
from requests_app.intake.email.read import understand_mail
from requests_app.intake.email.understanding.load import languages
from requests_app.intake.email.understanding.understand import LooksLikeRequest, Understanding, understand
from requests_app.intake.email.understanding.vocabulary import AskedRight, Circumstance
from tests.requests_app.intake.email.letters import ORDINARY, Letter, letters
from tests.requests_app.intake.email.scores import read

LETTERS_OF_A_LANGUAGE = 60
MEGABYTE = 1_000_000


def requests() -> list[Letter]:
    return [each for each in letters() if each.expected != ORDINARY]


def english(text: str, subject: str = "") -> Understanding:
    return understand(subject, text, language="en")


@pytest.mark.parametrize(
    ("kept_aside", "style", "share"),
    [
        (False, "formal", 0.98),
        (False, "informal", 0.98),
        (False, "", 0.98),
        (True, "formal", 0.95),
        (True, "informal", 0.95),
        (True, "", 0.95),
    ],
)
def test_the_right_asked_for_stands_first(kept_aside: bool, style: str, share: float) -> None:
    asked = [each for each in requests() if each.was_kept_aside == kept_aside and each.style == style]
    missed = [each for each in asked if read(each).rights[:1] != (each.expected,)]
    assert asked
    assert len(missed) <= (1 - share) * len(asked), [
        (each.language, each.expected, each.text) for each in missed
    ]


@pytest.mark.parametrize("right", AskedRight)
def test_every_right_is_asked_for_in_some_letter_and_found(right: AskedRight) -> None:
    asked = [each for each in requests() if each.expected == right]
    found = [each for each in asked if read(each).rights[:1] == (right,)]
    assert asked
    assert len(found) >= 0.9 * len(asked)


@pytest.mark.parametrize("language", languages())
def test_every_language_is_understood(language: str) -> None:
    asked = [each for each in requests() if each.language == language]
    found = [each for each in asked if read(each).rights[:1] == (each.expected,)]
    assert len(asked) > LETTERS_OF_A_LANGUAGE
    assert len(found) >= 0.95 * len(asked)


def test_no_request_is_set_aside() -> None:
    assert [each.text for each in requests() if read(each).looks_like_request == LooksLikeRequest.NO] == []


def test_ordinary_mail_is_hardly_ever_taken_for_a_request() -> None:
    ordinary = [each for each in letters() if each.expected == ORDINARY]
    wrong = [each.text for each in ordinary if read(each).looks_like_request == LooksLikeRequest.YES]
    assert len(wrong) <= 0.03 * len(ordinary), wrong


def test_ordinary_mail_does_not_fill_the_queue() -> None:
    ordinary = [each for each in letters() if each.expected == ORDINARY]
    aside = [each for each in ordinary if read(each).looks_like_request == LooksLikeRequest.NO]
    assert len(aside) >= 0.45 * len(ordinary)


def test_circumstances_are_seen() -> None:
    told = list(letters(circumstances=True))
    missed = [each.text for each in told if each.expected not in read(each).circumstances]
    assert len(missed) <= 0.03 * len(told), missed


def test_circumstances_are_not_made_up() -> None:
    asked = requests()
    wrong = [each.text for each in asked if set(read(each).circumstances) - {Circumstance.SEVERAL}]
    assert len(wrong) <= 0.02 * len(asked), wrong


def test_a_letter_takes_a_few_milliseconds() -> None:
    all_letters = list(letters())
    for each in all_letters:
        read(each)
    started = time.process_time()
    for each in all_letters:
        read(each)
    assert (time.process_time() - started) / len(all_letters) < 0.005


@pytest.mark.parametrize(
    "piece",
    [
        "please delete my data ",
        "a",
        "\n",
        "- ",
        "個人情報",
        "> > >\n",
        "From: x\n",
        "x wrote ",
        "a\n   (a",
        "don't ",
    ],
)
def test_a_megabyte_of_anything_is_read_in_moments(piece: str) -> None:
    mail = ParsedEmail(subject="hello", text=piece * (MEGABYTE // len(piece)))
    started = time.process_time()
    understand_mail(mail)
    assert time.process_time() - started < 3


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("plese delte my acount", "deletion"),
        ("Pleasse reomve all my infromation from your systems", "deletion"),
        ("bitte mein konto loeschen", "deletion"),
        ("I want acces to my presonal data", "access"),
    ],
)
def test_a_slip_of_the_finger_does_not_hide_a_request(text: str, right: str) -> None:
    language = "de" if "bitte" in text else "en"
    assert understand("", text, language=language).rights[:1] == (right,)


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("Com base no art. 18, VII, da LGPD, faço este requerimento.", "third_party_list"),
        ("Com base no art. 18, IX, da LGPD, faço este requerimento.", "withdraw_consent"),
        ("KVKK m. 11/1-e kapsamında başvuruyorum.", "deletion"),
        ("個人情報保護法第33条第5項に基づき請求します。", "third_party_list"),
        ("I write under section 14 of the DPDP Act.", "nominate"),
    ],
)
def test_a_part_of_an_article_grants_its_own_right(text: str, right: str) -> None:
    language = {"C": "pt", "K": "tr", "個": "ja"}.get(text[0], "en")
    assert right in understand("", text, language=language).rights[:1]


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("Do you hold any data about me? Yes or no will do.", "confirmation"),
        ("Please confirm whether you process my data and if so send me a copy.", "access"),
        ("Which companies have you given my phone number to?", "third_party_list"),
        ("I want to complain: you gave my address to a stranger.", "complaint"),
        ("If I refuse to pay I will complain to the ICO. Send me a copy of my data.", "access"),
        ("I wish to register a grievance about my data.", "grievance"),
        ("If I die, my sister shall handle my data, I nominate her.", "nominate"),
        ("Don't use my data until this is settled, but do not delete it.", "restriction"),
    ],
)
def test_rare_rights_are_told_from_their_neighbours(text: str, right: str) -> None:
    assert english(text).rights[:1] == (right,)


@pytest.mark.parametrize(
    "text",
    [
        "You said you would not delete my data. I disagree, please have someone else look at it again.",
        "Ihr habt meine Löschung abgelehnt. Das akzeptiere ich nicht, bitte prüfen Sie das nochmal.",
    ],
)
def test_whoever_disagrees_with_an_answer_appeals(text: str) -> None:
    assert understand("", text, language="de" if "Ihr" in text else "en").rights[:1] == ("appeal",)


def test_somebody_named_in_a_complaint_is_not_the_one_asked_about() -> None:
    found = english("I want to complain. You gave my address to my ex.")
    assert found.rights[:1] == ("complaint",)
    assert found.circumstances == ()


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
