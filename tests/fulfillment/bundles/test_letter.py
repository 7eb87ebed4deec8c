"""The letter says every fact the law asks for about what was found, and sets in every script."""

import io
import re

import pytest
from page import validate_pdf_bytes
from pypdf import PdfReader

from fulfillment.bundles import letter
from fulfillment.bundles.contents import SourceContent
from fulfillment.bundles.formats.pdf import letter_html
from requests_app.typesetting.typeset import pdf_of
from tests.fulfillment.bundles.samples import (
    SCRIPTS,
    answer,
    collection,
    hostile_answer,
    large_answer,
    small_answer,
)

# Extracted text of these comes in the order of drawing, so only their letters are looked for.
JOINED = {"Arabic", "Hebrew", "Devanagari"}


def no_beat():
    pass


@pytest.fixture(scope="module")
def small_letter():
    return PdfReader(io.BytesIO(pdf_of(letter_html(small_answer()), beat=no_beat)))


def text_of(pdf):
    text = " ".join(page.extract_text() for page in pdf.pages)
    # pypdf leaves the upper bytes of some fonts in.
    return " ".join(text.replace("\0", "").split())


@pytest.mark.parametrize(
    "fact",
    [
        "Yes, we hold information about you",
        "Provide and improve the services",
        "To carry out our contract with you",
        "3 years after the ticket",
        "Customer service providers",
        "standard contractual clauses",
        "Where it comes from",
        "Automated decisions",
        "They are about somebody else. (Art. 15(4))",
        "Password",
        "Searched by",
        "Correct it.",
        "complain to the authority",
        "the authority of the place where you live",
        "7 December 2026",
        "Version 1 of our privacy policy",
        "manifest.json",
    ],
)
def test_the_letter_says(small_letter, fact):
    assert fact in text_of(small_letter)


def test_the_letter_holds_nothing_withheld_or_secret(small_letter):
    assert "canary" not in text_of(small_letter)


def test_the_letter_is_tagged_titled_and_in_a_language(small_letter):
    root = small_letter.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] == True  # noqa: E712 - pypdf's own boolean
    assert root["/Lang"] == "en"
    assert "/StructTreeRoot" in root
    assert root["/ViewerPreferences"]["/DisplayDocTitle"] == True  # noqa: E712
    assert "OM-4F7K-92QD" in small_letter.metadata.title
    assert small_letter.outline


@pytest.mark.parametrize("contents", [small_answer, hostile_answer, answer, lambda: large_answer(500)])
def test_an_independent_validator_finds_every_letter_to_be_pdf_ua(contents):
    report = validate_pdf_bytes(pdf_of(letter_html(contents()), beat=no_beat), profile="ua1")
    assert [(each.rule_id, each.message) for each in report.failures] == []
    assert report.is_compliant
    assert report.rules.total > 100


def test_the_contents_lead_to_every_part_of_the_letter(small_letter):
    html = letter_html(small_answer())
    parts = re.findall(r'<h2 id="([a-z-]+)">', html)
    assert re.findall(r'<a href="#([a-z-]+)">', html) == parts
    (first, *rest) = small_letter.outline
    assert "In this letter" in text_of(small_letter)
    assert first.title == letter.title_of(small_answer())
    assert len([each for each in rest[0] if not isinstance(each, list)]) == len(parts)


def test_every_font_is_embedded(small_letter):
    for page in small_letter.pages:
        for font in page["/Resources"]["/Font"].values():
            descriptor = font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
            assert {"/FontFile2", "/FontFile3"} & set(descriptor)


@pytest.mark.parametrize(
    "script", [name for name in SCRIPTS if name not in ("Arabic", "Hebrew", "Devanagari")]
)
def test_a_script_is_set_as_text(small_letter, script):
    assert SCRIPTS[script].split(",")[0].split("，")[0].split("、")[0] in text_of(small_letter)


@pytest.mark.parametrize("script", sorted(JOINED))
def test_no_letter_of_a_joined_script_is_missing(small_letter, script):
    found = set(text_of(small_letter))
    assert {sign for sign in SCRIPTS[script] if sign.isalpha()} - found <= set("أإآى")


def test_hostile_data_stays_text():
    html = letter_html(hostile_answer())
    assert "<script" not in html
    assert "<img" not in html
    text = text_of(PdfReader(io.BytesIO(pdf_of(html, beat=no_beat))))
    assert "{{ 7*7 }}" in text
    assert "root:" not in text


def test_tables_stop_at_the_caps_and_say_so():
    (table,) = letter.record_tables(large_answer(1_000))
    assert len(table.rows) == letter.MOST_RECORDS
    assert table.told == "50 of 1,000 records; all of them are in the CSV and JSON files"


def test_long_tables_take_nothing_from_those_behind_them():
    long = [{"id": n} for n in range(200)]
    few = [{"id": n} for n in range(3)]
    shapes = (*[long] * 20, few)
    tables = letter.record_tables(answer(*(collection(rows, key=f"c{n}") for n, rows in enumerate(shapes))))
    shown = [len(table.rows) for table in tables]
    assert len(shown) == 21
    assert shown[-1] == 3
    assert max(shown) - min(shown[:-1]) <= 1
    assert sum(shown) == letter.MOST_LINES


def test_many_fields_and_long_texts_count_line_by_line_against_the_cap():
    many = [{f"f{n}": "x" for n in range(20)} for _ in range(60)]
    long = [{"id": n, "text": "word " * 500} for n in range(60)]
    shapes = (many, long) * 6
    tables = letter.record_tables(answer(*(collection(rows, key=f"c{n}") for n, rows in enumerate(shapes))))
    assert sum(len(table.rows) * 20 for table in tables if not table.is_narrow) <= letter.MOST_LINES
    assert sum(len(table.rows) * 4 for table in tables if table.is_narrow) <= letter.MOST_LINES
    assert all(len(cell) <= letter.LONGEST_CELL + 2 for table in tables for row in table.rows for cell in row)
    assert {len(table.cards[0]) for table in tables} <= {20, 2}


def test_a_column_is_as_wide_as_its_address():
    rows = [
        {
            "number": n,
            "mail": "marek.dvorak@volume.example",
            "text": "a word and another one " * 6,
            "state": "open",
        }
        for n in range(5)
    ]
    (table,) = letter.record_tables(answer(collection(rows)))
    assert table.widths[1] * letter.LINE_LENGTH // 100 > len("marek.dvorak@volume.example")


def test_only_rights_of_the_place_are_told():
    told = [each.key for each in letter.rights_told(small_answer())]
    assert told == ["correction", "deletion", "objection"]


def test_column_shares_fill_the_page_exactly():
    for table in letter.record_tables(small_answer()):
        assert sum(table.widths) == 100
        assert min(table.widths) >= 8


def test_nothing_found_is_said_plainly():
    nothing = answer(sources=(SourceContent("crm", "CRM", "your e-mail address", 0),))
    html = letter_html(nothing)
    assert "No, we hold no information about you" in html
    assert "Nothing held" in html
    assert "We granted" not in html


def test_a_source_that_was_not_searched_is_named_with_the_reason():
    excluded = answer(
        sources=(SourceContent("hr", "HR system", "", 0, searched=False, note="You never worked here."),)
    )
    assert "Not searched: You never worked here." in letter_html(excluded)
