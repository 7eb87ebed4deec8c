"""After the answer: the person's page says why, and how to go on; one text and one button make an appeal."""

from datetime import timedelta

import pytest
from django.utils import timezone

from requests_app.lifecycle.models import Link, SubjectRequest
from requests_app.lifecycle.states import RequestState as S
from tests.factories import a_request_in

pytestmark = pytest.mark.django_db
STATUS, APPEAL = "/requests/yours/", "/requests/yours/appeal/"


def _today(state: S, **details: object) -> SubjectRequest:
    return a_request_in(state, at=timezone.now() - timedelta(days=1), **details)


def test_a_refusal_shows_ground_citation_words_and_every_way_on(opened) -> None:
    page = opened(_today(S.REFUSED)).get(STATUS).content.decode()
    for said in (
        "We hold no personal data about you.",
        "Art. 15(1)",
        "Not about this person.",
        "You can ask us to decide again until",
        "the supervisory authority of the place where you live",
        "You can also go to court. (Art. 79)",
        f'href="{APPEAL}"',
    ):
        assert said in page, said


def test_one_text_and_one_button_make_an_appeal_and_open_its_page(opened) -> None:
    first = _today(S.REFUSED)
    browser = opened(first)
    assert "Send my appeal" in browser.get(APPEAL).content.decode()
    page = browser.post(APPEAL, {"reason": "You do hold my invoices."}, follow=True).content.decode()
    appeal = SubjectRequest.objects.get(linked_to=first, link=Link.APPEAL)
    assert appeal.reference in page
    assert appeal.details == "You do hold my invoices."


def test_an_appeal_without_words_is_asked_for_them(opened) -> None:
    answer = opened(_today(S.REFUSED)).post(APPEAL, {"reason": " "})
    assert answer.status_code == 422
    assert "Say what we should look at again" in answer.content.decode()
    assert not SubjectRequest.objects.filter(right="appeal").exists()


def test_the_page_of_the_first_request_tells_of_its_appeal_and_offers_no_second(opened) -> None:
    first = _today(S.REFUSED)
    opened(first).post(APPEAL, {"reason": "Look again."})
    page = opened(first).get(STATUS).content.decode()
    assert SubjectRequest.objects.get(right="appeal").reference in page
    assert f'href="{APPEAL}"' not in page


def test_after_the_last_day_the_page_says_so_and_takes_it_all_the_same(opened) -> None:
    first = a_request_in(S.REFUSED, at=timezone.now() - timedelta(days=90))
    browser = opened(first)
    assert "The last day for an appeal was" in browser.get(APPEAL).content.decode()
    browser.post(APPEAL, {"reason": "I was in hospital."})
    assert SubjectRequest.objects.filter(linked_to=first, link=Link.APPEAL).exists()


@pytest.mark.parametrize("state", [S.IN_REVIEW, S.WITHDRAWN, S.FORWARDED])
def test_where_there_is_no_answer_there_is_no_appeal(opened, state: S) -> None:
    browser = opened(_today(state))
    assert f'href="{APPEAL}"' not in browser.get(STATUS).content.decode()
    assert browser.get(APPEAL)["Location"] == STATUS
