"""What a letter sets apart: references that stay in one line, citations that are not turned round."""

import io
import re
from time import monotonic

import pytest
from pypdf import PdfReader

from requests_app.letters.blocks import paragraph
from requests_app.typesetting.apart import MOST, set_apart
from requests_app.typesetting.typeset import pdf_of
from tests.requests_app.letters.test_hostile_letters import checked, letter_saying

CITED = "نرفض جزءا من طلبك بموجب قانون كاليفورنيا (حماية خصوصية المستهلك، 1798.105(d)(1)-(8)) كما قلنا"


def lines_of(html: str) -> list[str]:
    reader = PdfReader(io.BytesIO(pdf_of(html, beat=lambda: None)))
    return [line for page in reader.pages for line in page.extract_text().splitlines()]


def order(text: str) -> str:
    """One sign for either bracket: a font draws the mirrored one with the other's picture, and only one is read."""
    return re.sub("[()]", "|", text)


def page(body: str, *, head: str = 'lang="en"') -> str:
    return f"<html {head}><head><title>About OM-5FAE-CMXH</title></head><body>{body}</body></html>"


def test_a_reference_is_never_broken_and_is_copied_as_it_is_written() -> None:
    titles = [f"<h1>{'n' * length} refuses a part of OM-5FAE-CMXH today</h1>" for length in range(1, 30)]
    lines = lines_of(page("".join(titles)))
    assert sum("OM-5FAE-CMXH" in line for line in lines) == len(titles)


def test_a_citation_stands_in_its_order_wherever_its_line_breaks() -> None:
    sentences = [f"<p>{'ك' * length} {CITED} Art. 15(1)-(3)</p>" for length in range(1, 30)]
    lines = [order(line) for line in lines_of(page("".join(sentences), head='lang="ar" dir="rtl"'))]
    assert sum(order("1798.105(d)(1)-(8)") in line for line in lines) == len(sentences)
    assert sum(order("15(1)-(3)") in line for line in lines) == len(sentences)


def test_an_arabic_letter_with_citations_is_pdf_ua() -> None:
    assert order("1798.105(d)(1)-(8)") in order(checked(letter_saying(paragraph(CITED), language="ar")))


def test_words_that_run_from_left_to_right_already_are_left_alone() -> None:
    html = page('<p><span dir="ltr">(See Art. 15 <b>x</b> 2)</span></p>', head='lang="ar" dir="rtl"')
    assert set_apart(html) == html


@pytest.mark.parametrize("head", ['lang="ar" dir="rtl"', 'lang="en"'])
def test_what_stands_in_words_stays_words(head: str) -> None:
    html = set_apart(page("<p>ك 7(1) &lt;b&gt; &amp;amp; OM-5FAE-CMXH ك</p>", head=head))
    assert "&lt;b&gt; &amp;amp;" in html
    assert "<title>About OM-5FAE-CMXH</title>" in html
    assert html.count('<span class="whole">') == 2


def test_words_full_of_citations_take_no_longer_than_others() -> None:
    begun = monotonic()
    html = set_apart(page(f"<p>{'ك1(2) ' * 3_000}</p>" * 20, head='lang="ar" dir="rtl"'))
    assert html.count("<span") < MOST + 3_001
    assert monotonic() - begun < 20
