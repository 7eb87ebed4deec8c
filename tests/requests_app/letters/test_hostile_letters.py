"""Whatever stands in a value, its letter is set, is PDF/UA, and reads as it was written, with a mark for the rest."""

import io
from dataclasses import replace

import pytest
from page import validate_pdf_bytes
from pypdf import PdfReader

from fulfillment.bundles.decoding import encoded
from fulfillment.bundles.formats.pdf import letter_html
from requests_app.letters.blocks import bullets, paragraph, table, to_plain
from requests_app.letters.languages import frame_of, languages
from requests_app.letters.layout import as_html
from requests_app.typesetting.printable import LONGEST_DOCUMENT, LONGEST_TEXT, printable
from requests_app.typesetting.typeset import pdf_of
from tests.fulfillment.bundles.samples import answer, collection

# What somebody may have written, and what is read in its place.
HOSTILE = {
    "control characters": ("bell\x07null\x00escape\x1b[2J", "bell␇null␀escape␛[2J"),
    "the second half of the old code page": ("a\x80b\x9fc\x7fd", "a\ufffdb\ufffdc␡d"),
    "half a surrogate pair": ("left\ud800right\udfff.", "left\ufffdright\ufffd."),
    "an override": ("invoice\u202efdp.exe\u202c sent", "invoice\ufffdfdp.exe sent"),
    "isolates": ("\u2067turned\u2069 and \u2068back\u2069", "turned and back"),
    "private use": ("logo \uf8ff and \ue000\U000f0000\U0010fffd", "logo \ufffd and \ufffd\ufffd\ufffd"),
    "no characters": ("a\ufffeb\uffffc\ufdd0d\U0001fffee", "a\ufffdb\ufffdc\ufffdd\ufffde"),
    "what no font has": ("a\u0378b\U0001fbffc\U0003fffd.", "a\ufffdb\ufffdc\ufffd."),
    "what annotates": ("a\ufff9b\ufffac\ufffbd\ufffce", "a\ufffdb\ufffdc\ufffdd\ufffde"),
    "words in tags": ("safe\U000e0065\U000e0076\U000e0069\U000e006c.", "safe\ufffd\ufffd\ufffd\ufffd."),
    "a flood of nothing": ("first" + "\u200b" * 50_000 + "second", "first\ufffdsecond"),
    "marks piled on a letter": ("e" + "\u0301" * 500 + "nd", "e" + "\u0301" * 8 + "\ufffdnd"),
    "markup": ("<b>&amp;</b> {{ 7*7 }} </p></html>", "<b>&amp;</b> {{ 7*7 }} </p></html>"),
}
# As other people's words have them, and as they stay.
HONEST = "naïve 漢字 हिन्दी می‌خواهم שלום 👩‍👧 e\u0301 \ufffd"


def letter_saying(*blocks, language="en"):
    head = {"name": "Ada \u202eadA", "address": "ada@example.org", "facts": [["Date", "1 July 2026"]]}
    content = {"reference": "OM-7K2M-9QXA", "head": head, "blocks": to_plain(blocks)}
    return as_html(content, "What we did", language=language)


def checked(html):
    content = pdf_of(html, beat=lambda: None)
    report = validate_pdf_bytes(content, profile="ua1")
    assert [(each.rule_id, each.message) for each in report.failures] == []
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


def test_every_hostile_character_leaves_a_mark_and_the_words_around_it_as_they_are():
    said = checked(letter_saying(*(paragraph(f"{words} – our own words.") for words, _ in HOSTILE.values())))
    assert [name for name, (_, read) in HOSTILE.items() if f"{read} – our own words." not in said] == []
    assert "Ada \ufffdadA" in said
    assert "What we did" in said


def test_a_report_with_hostile_records_is_set_and_read_too():
    rows = [{"id": number, "text": words} for number, (words, _) in enumerate(HOSTILE.values())]
    found = collection([{"id": 1, "text": "x"}])
    found = replace(found, row_count=len(rows), open_rows=lambda: map(encoded, rows))
    said = checked(letter_html(answer(found, subject_name="Ada \u202e\ue000\x07")))
    assert "Ada \ufffd\ufffd␇" in said
    assert "bell␇null␀escape␛[2J" in said
    assert "left\ufffdright\ufffd." in said
    assert "How we searched" in said


def test_honest_words_of_any_script_are_not_touched():
    assert printable(f"<p>{HONEST}</p>") == f"<p>{HONEST}</p>"
    scotland = "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"
    assert printable(scotland) == scotland


@pytest.mark.parametrize("language", ["en", "de-at", "ar", "ja"])
def test_ten_megabytes_in_one_value_are_cut_and_the_letter_says_so(language):
    said = checked(
        letter_saying(paragraph("wörter & <tags> " * 650_000), paragraph("The end."), language=language)
    )
    letters = "".join(said.split())
    assert letters.count("wörter") < LONGEST_TEXT
    if language in ("en", "de-at"):
        assert f"[{frame_of(language).cut}]".replace(" ", "") in letters
    assert "The end." in said


def test_forty_thousand_values_are_cut_and_the_letter_says_so():
    html = printable(letter_saying(bullets(["x"] * 40_000)))
    assert len(html) < LONGEST_DOCUMENT * 2
    assert html.endswith(f"<p>[{frame_of('en').cut}]</p>")


def test_a_cut_leaves_no_half_of_a_reference():
    html = printable(f"<p>{'a' * (LONGEST_TEXT - 3)}&amp;{'b' * LONGEST_TEXT}</p>")
    assert "a … [" in html
    assert "&" not in html


def test_each_language_of_our_letterhead_says_what_was_cut_in_its_own_words():
    known = {frame_of(code).cut for code, _ in languages()}
    assert len(known) == 16, "one for each language"
    assert all(known)


def test_a_word_without_an_end_may_be_broken_and_is_read_as_one():
    word = "ab&c" * 200
    said = checked(letter_saying(paragraph(word)))
    assert word in said.replace("\n", "")


@pytest.mark.slow
@pytest.mark.parametrize(
    "blocks",
    [
        (paragraph("a" * 10_000_000),),
        tuple(paragraph("word " * 3_900) for _ in range(600)),
        (bullets(["x"] * 40_000),),
        (table("Many", ("A", "B"), [("one", "two words\nin lines")] * 100_000),),
        (paragraph("line\n" * 2_000_000),),
    ],
    ids=["one word", "long paragraphs", "items", "rows", "lines"],
)
def test_however_ten_megabytes_are_shaped_the_letter_is_set(blocks):
    assert "too long to print" in checked(letter_saying(*blocks)).replace("\n", " ")
