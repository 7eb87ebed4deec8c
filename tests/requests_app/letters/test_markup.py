"""Words of staff are paragraphs, lists, strong words and facts; nothing in them is ever run."""

import re
from html import unescape
from time import process_time

import pytest
from django.template.loader import render_to_string

from requests_app.correspondence.notices import Notice
from requests_app.letters.blocks import Bullets, Paragraph, Run, paragraph
from requests_app.letters.checking import UnfitWords, Words, is_fit, oddities, require_fit
from requests_app.letters.compose import said_as
from requests_app.letters.kinds import kind_of
from requests_app.letters.markup import filled, filled_line
from requests_app.letters.text import text_of

# What an attack on a template engine looks like, and what must come out: itself.
ATTACKS = [
    "{{7*7}}",
    "{{ 7*7 }}",
    "{% load static %}",
    "{% include 'emails/body.txt' %}",
    "{% debug %}",
    "{# hidden #}",
    "__class__",
    "{{ reference.__class__ }}",
    "{{ reference|safe }}",
    "{{ __class__ }}",
    "{{ reference.__class__.__mro__ }}",
    "{{''.__class__.__mro__[1].__subclasses__()}}",
    "{0.__class__}",
    "{reference}",
    "{reference.__class__.__init__.__globals__}",
    "%(reference)s",
    "%s%s%n",
    "${7*7}",
    "<%= 7*7 %>",
    "#{7*7}",
    "\\N{SNOWMAN}",
]
VALUES = {"reference": "OM-1", "empty": "", "block": (paragraph("one"), paragraph("two"))}


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_is_printed_as_it_was_typed(attack):
    assert text_of(filled(f"Before {attack} after", VALUES)) == f"Before {attack} after"
    assert filled_line(attack, VALUES) == attack


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_inside_a_fact_is_printed_as_it_stands(attack):
    assert text_of(filled("{{ reference }}", {"reference": attack})) == attack


def test_a_fact_that_names_another_fact_is_not_filled_again():
    assert text_of(filled("{{ a }}", {"a": "{{ b }} **x**", "b": "no"})) == "{{ b }} **x**"


def test_paragraphs_lists_and_strong_words():
    assert filled("One **two {{ reference }}**\nthree\n\n- four\n- five", VALUES) == (
        Paragraph((Run("One "), Run("two ", True), Run("OM-1", True), Run("\nthree"))),
        Bullets(((Run("four"),), (Run("five"),))),
    )


def test_a_paragraph_or_item_whose_fact_has_nothing_to_say_is_left_out():
    assert text_of(filled("A {{ empty }}\n\n- {{ empty }}\n- b\n\nC", VALUES)) == "- b\n\nC"


def test_a_block_stands_where_its_name_stands_alone():
    assert text_of(filled("A\n\n{{ block }}\n\nB", VALUES)) == "A\n\none\n\ntwo\n\nB"


@pytest.mark.parametrize("attack", [each for each in ATTACKS if "{{" in each or "{%" in each or "{#" in each])
def test_what_looks_like_a_command_is_pointed_out(attack):
    assert oddities(Words("s", f"x {attack} y"))


REFUSED = kind_of(Notice.REFUSED)
FIT = "{{ reference }}\n\n{{ reason }}\n\n{{ ways }}"


def refusal_of(body, subject="s"):
    with pytest.raises(UnfitWords) as refused:
        require_fit(REFUSED, Words(subject, body))
    return refused.value


def test_an_unknown_fact_is_refused_by_its_name():
    assert "“salary”" in refusal_of(FIT + "\n\n{{ salary }}").sentence
    assert refusal_of(FIT, subject="{{ salary }}").field == "subject"


@pytest.mark.parametrize("missing", ["{{ reason }}", "{{ ways }}", "{{ reference }}"])
def test_what_the_law_asks_for_cannot_be_taken_out(missing):
    refused = refusal_of(FIT.replace(missing, ""))
    assert missing in refused.sentence
    assert refused.field == "body"


def test_it_may_be_said_in_pieces():
    body = "{{ reference }}\n\n{{ ground }} {{ article }}\n\n{{ appeal_until }} {{ authority }}"
    assert is_fit(REFUSED, Words("s", body))
    assert not is_fit(REFUSED, Words("s", body.replace("{{ authority }}", "")))


def test_a_day_that_the_law_asks_for_cannot_be_taken_out():
    kind = kind_of(Notice.RECEIVED)
    assert is_fit(kind, Words("s", "{{ reference }} {{ reply_by }}"))
    assert not is_fit(kind, Words("s", "{{ reference }}"))


def test_what_brings_paragraphs_stands_alone():
    assert "blank lines" in refusal_of(FIT.replace("{{ ways }}", "See {{ ways }}")).sentence
    assert "more than a line" in refusal_of(FIT, subject="{{ ways }}").sentence


@pytest.mark.parametrize(
    ("subject", "body"), [("", FIT), ("s", " "), ("s" * 151, FIT), ("s", FIT + "x" * 20_000)]
)
def test_words_that_are_none_or_too_many_are_refused(subject, body):
    refusal_of(body, subject=subject)


def test_the_sample_shows_how_words_look():
    said = said_as(REFUSED, REFUSED.sample(), Words("{{ reference }}", FIT))
    assert said.subject == "OM-7K2M-9QXA"
    assert "§ 7(3)" in text_of(said.blocks)


@pytest.mark.parametrize(
    "sign",
    ["\u202e", "\u202a", "\u2066", "\u2069", "\x07", "\x1b", "\x85", "\ud800", "\uffff", "\x00"],
    ids=ascii,
)
def test_a_sign_that_is_not_what_it_looks_like_is_refused(sign):
    assert "cannot be printed" in refusal_of(FIT + sign).sentence
    assert refusal_of(FIT, subject=f"s{sign}").field == "subject"


def test_the_marks_that_scripts_need_are_taken():
    assert is_fit(REFUSED, Words("س\u200f", FIT + "\n\nمی\u200cخواهم क\u200d\u200e"))


@pytest.mark.parametrize("opening", ["{{", "{%", "{#", "**x ", "{{ "])
def test_openings_without_an_end_cost_no_more_than_other_words(opening):
    """They once took half a minute: each was searched for its end through all that follows."""
    words = Words("s", (opening * 20_000)[:20_000])
    begun = process_time()
    oddities(words)
    filled(words.body, VALUES)
    assert process_time() - begun < 5


@pytest.mark.parametrize(
    "typed",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<a href='javascript:alert(1)'>here</a>",
        "[here](javascript:alert(1))",
        "javascript:alert(1)",
        "https://evil.example/?next=//x",
        "data:text/html;base64,PHN2Zz4=",
        "file:///etc/passwd",
        "</article><form action=https://evil.example>",
        "&lt;b&gt;",
    ],
)
def test_markup_and_addresses_of_others_are_words(typed):
    html = render_to_string("documents/blocks.html", {"blocks": filled(f"a {typed} b\n\n{typed}", VALUES)})
    assert set(re.findall(r"<(\w+)", html)) <= {"p", "span", "br"}
    assert "href" not in re.sub(r"&lt;.*?&gt;", "", html)
    assert unescape(re.sub(r"<[^>]+>", "", html)).split() == f"a {typed} b {typed}".split()
