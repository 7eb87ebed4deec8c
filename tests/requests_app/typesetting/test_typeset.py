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
