"""A citation keeps its figures and brackets in their order between words that run from right to left."""

from time import monotonic

import pytest

from requests_app.left_to_right import MARK, marked, marked_html, pieces


@pytest.mark.parametrize(
    ("sentence", "apart"),
    [
        ("(القانون، 1798.105(d)(1)-(8))", ["1798.105(d)(1)-(8)"]),
        ("نرفض (Art. 15(1)-(3)) ثم", ["Art. 15(1)-(3)"]),
        ("قانون (Cal. Civ. Code § 1798.145(a)(1)(A))، ثم", ["Cal. Civ. Code § 1798.145(a)(1)(A)"]),
        ("وفق § 7(3) و 45 CFR 164.524", ["§ 7(3)", "45 CFR 164.524"]),
        ("بحسب 1798.120, .135; 7026.", ["1798.120, .135; 7026"]),
        ("הבקשה נדחתה לפי Art. 12(5)(b).", ["Art. 12(5)(b)"]),
        ("في 12 Omne (برلين)", []),
        ("طلبك OM-5FAE-CMXH في 12 يوليو 2026", []),
        ("ثم (", []),
        ("كما [(§ 7(3)).]، ثم", ["§ 7(3)"]),
        ("ثم (a)(2) ثم (Omne) ثم (2026)", ["(a)(2)"]),
    ],
)
def test_only_what_would_be_turned_round_is_set_apart(sentence: str, apart: list[str]) -> None:
    assert [piece for piece, is_apart in pieces(sentence) if is_apart] == apart
    assert "".join(piece for piece, _ in pieces(sentence)) == sentence
    assert marked(sentence).count(MARK) == 2 * len(apart)


def test_an_address_is_copied_without_marks() -> None:
    sentence = "اكتب إلى Omne (privacy) ada@club.example أو https://omne.example/requests/"
    assert marked(sentence) == sentence


def test_marks_stand_in_the_words_of_a_page_and_never_in_its_tags() -> None:
    head = "<head><style>a { color: rgb(0 0 0) }</style></head>"
    page = f'{head}<body data-x="(1)"><p>بحسب 7(1) &amp; ثم [[code]]</p></body>'
    assert marked_html(page) == page.replace("7(1)", f"{MARK}7(1){MARK}")


@pytest.mark.parametrize("sign", ["(1)", "1)", "1(", "((1))", "1", "12 ", "("])
def test_somebodys_words_full_of_brackets_take_no_longer_than_others(sign: str) -> None:
    begun = monotonic()
    sentence = f"ك {sign * 20_000} Om"
    assert marked(sentence).replace(MARK, "") == sentence
    assert monotonic() - begun < 5
