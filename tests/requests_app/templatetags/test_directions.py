"""A sentence runs the way of its own script, whatever letter it stands in."""

import pytest
from django.template.loader import render_to_string

from requests_app.letters.blocks import Heading, Run, bullets, paragraph, table
from requests_app.templatetags.directions import direction


@pytest.mark.parametrize(
    ("words", "way"),
    [
        ("48 records were deleted.", "ltr"),
        ("نحن لا نستخدمها.", "rtl"),
        ("1. שלום", "rtl"),
        ("31 December 2032", "ltr"),
        ("漢字。", "ltr"),
        ("12 + 5", "ltr"),
        ("", "ltr"),
        ((Run("2026: "), Run("العربية", True), Run(" OM-1")), "rtl"),
    ],
)
def test_the_first_sign_that_runs_one_way_says_which(words: object, way: str) -> None:
    assert direction(words) == way  # type: ignore[arg-type]


def test_every_block_of_a_letter_says_it() -> None:
    both = ("Deleted.", "حذف.")
    html = render_to_string(
        "documents/blocks.html",
        {"blocks": [*map(paragraph, both), *map(Heading, both), bullets(both), table("x", both, [both])]},
    )
    for tag in ("p><span", "h2><span", "li><span", 'th scope="row"><span', "td><span"):
        assert f'<{tag} dir="' in html
    assert html.count('dir="rtl"') == 4
