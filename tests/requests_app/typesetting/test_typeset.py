"""A letter is set in a child process that reaches nothing outside itself and is given up when it takes too long."""

import io

import pytest
from pypdf import PdfReader

from requests_app.typesetting import typeset
from requests_app.typesetting.errors import LetterNotSet
from requests_app.typesetting.typeset import pdf_of


def no_beat():
    pass


@pytest.mark.parametrize(
    "html",
    [
        '<img src="file:///etc/passwd">',
        '<link rel=stylesheet href="http://127.0.0.1:9/x.css">',
        '<p style="background: url(https://example.org/x.png)">x',
        '<img src="letter.css">',
    ],
)
def test_any_address_stops_the_letter(html):
    with pytest.raises(LetterNotSet, match="address"):
        pdf_of(f"<html lang=en><title>x</title>{html}", beat=no_beat)


def test_a_letter_that_takes_too_long_is_given_up():
    with pytest.raises(LetterNotSet, match="too long"):
        pdf_of("<p>x", beat=no_beat, longest_seconds=0)


def test_a_long_letter_to_a_slow_child_arrives_whole_with_heartbeats(monkeypatch):
    monkeypatch.setattr(typeset, "BEAT_SECONDS", 0.05)
    beats = []
    html = f"<html lang=en><title>x</title><p>{'<!-- longer than a pipe holds -->' * 9_000}the end"
    pdf = PdfReader(io.BytesIO(pdf_of(html, beat=lambda: beats.append(1))))
    assert "the end" in "".join(page.extract_text() for page in pdf.pages)
    assert len(beats) > 3


@pytest.mark.parametrize(("code", "entry"), [("en", "One, 1"), ("ja", "One、1"), ("ar", "One، 1")])
def test_the_contents_name_a_page_with_the_comma_of_the_language(code, entry):
    contents = "<nav class=toc><ol><li><a href=#one>One</a></ol></nav><h2 id=one>One</h2>"
    html = f"<html lang={code}><title>x</title>{contents}"
    page = PdfReader(io.BytesIO(pdf_of(html, beat=no_beat))).pages[0].extract_text()
    assert entry in page


def test_the_heading_of_a_narrow_column_of_numbers_stays_in_one_line():
    rows = "".join(f"<td>{'語' * 90}</td>" for _ in range(3)) + "<td class=end>1</td>"
    heads = "<th>内容</th>" * 3 + "<th class=end>記録</th>"
    html = f"<html lang=ja><title>x</title><table><thead><tr>{heads}</tr></thead><tbody><tr>{rows}</tr></tbody></table>"
    assert "記録" in PdfReader(io.BytesIO(pdf_of(html, beat=no_beat))).pages[0].extract_text()
