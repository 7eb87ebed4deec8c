"""The text of a letter, and both forms of a mail, keep the citation of a law in its order between Arabic words."""

import pytest

from requests_app.correspondence.compose import compose
from requests_app.correspondence.notices import Notice
from requests_app.left_to_right import MARK
from requests_app.letters.blocks import paragraph
from requests_app.letters.kinds import kind_of
from requests_app.letters.layout import Letterhead, as_text
from requests_app.lifecycle.states import RequestState
from tests.factories import a_request_in

HEAD = Letterhead("Ada", "ada@club.example", (("المرجع", "OM-7K2M-9QXA"),))
IN_ORDER = f"{MARK}§ 7(3){MARK}"


@pytest.mark.parametrize(("language", "marks"), [("ar", 2), ("he", 2), ("en", 0)])
def test_the_text_of_a_letter_has_marks_only_from_right_to_left(language: str, marks: int) -> None:
    text = as_text(HEAD, "رد", [paragraph("رفضنا (القانون، § 7(3))")], language=language)
    assert text.count(MARK) == marks
    assert (IN_ORDER in text) is (marks > 0)


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["ar", "de"])
def test_a_refusal_by_mail_keeps_its_citation_in_order(language: str) -> None:
    asked = a_request_in(RequestState.IN_REVIEW)
    asked.language = language
    context = kind_of(Notice.REFUSED).sample()
    context["ending"].law, context["ending"].cite = "القانون", "§ 7(3)"
    mail = compose(Notice.REFUSED, subject_request=asked, context=context)
    for form in (mail.text, mail.html):
        assert (IN_ORDER in form) is (language == "ar")
        assert "§ 7(3)" in form
        assert "[[" not in form.replace("[[code]]", "").replace("[[link]]", "")
