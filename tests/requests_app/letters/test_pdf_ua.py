"""Every kind of letter, in one of three manners of writing in turn, is what an independent validator calls PDF/UA."""

import io
from itertools import cycle

import pytest
from page import validate_pdf_bytes
from pypdf import PdfReader

from requests_app.letters.checking import Words, require_fit
from requests_app.letters.compose import shipped_words
from requests_app.letters.kinds import Kind, kind_of, kinds
from requests_app.letters.sampling import sample_pdf
from tests.factories import NOON

# Words of staff in the language of the reader; facts and addresses of ours stand in the middle of them.
SAID = {
    "en": "Dear Ada Åström, “naïve façade” – 100 % of it.\n\n- **Strong** words\n- and plain ones",
    "ar": "السيدة آدا المحترمة، نخبركم بما جرى في طلبكم.\n\n- **كلمات مهمة** مع OM-7K2M-9QXA\n- https://omne.example/requests/",
    "ja": "エイダ様、ご請求についてお知らせいたします。\n\n- **重要な言葉**と普通の言葉\n- 漢字、ひらがな、カタカナ。",
}
SEEN = {"en": "naïve", "ar": "OM-7K2M-9QXA", "ja": "漢字"}


def in_their_words(kind: Kind, language: str) -> Words:
    """What staff could write for a kind: their own words, and every fact that it has."""
    shipped = shipped_words(kind)
    facts = "\n\n".join(each.token for each in kind.placeholders)
    words = Words(shipped.subject, f"{SAID[language]}\n\n{shipped.body}\n\n{facts}")
    require_fit(kind, words)
    return words


def check(kind: Kind, language: str) -> None:
    content = sample_pdf(kind, in_their_words(kind, language), language=language, at=NOON)
    report = validate_pdf_bytes(content, profile="ua1")
    assert [(each.rule_id, each.message) for each in report.failures] == []
    assert report.is_compliant
    assert report.rules.total > 100
    pdf = PdfReader(io.BytesIO(content))
    assert pdf.trailer["/Root"]["/Lang"] == language
    assert SEEN[language] in "".join(page.extract_text() for page in pdf.pages)


def test_a_certificate_in_arabic_is_pdf_ua() -> None:
    check(kind_of("certificate_erase_partly"), "ar")


@pytest.mark.slow
@pytest.mark.parametrize(("key", "language"), list(zip([kind.key for kind in kinds()], cycle(SAID))))
def test_every_kind_is_pdf_ua(key: str, language: str) -> None:
    check(kind_of(key), language)
