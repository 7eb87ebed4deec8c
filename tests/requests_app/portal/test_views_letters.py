"""The person takes letters of the open request out; nobody else's, and by no link alone."""

import hashlib

import pytest

from requests_app.letters.models import LetterFetch, LetterPdf
from requests_app.letters.selectors import letters_of
from requests_app.letters.setting import set_pdf
from requests_app.lifecycle.states import RequestState as S
from tests.factories import NOON, a_request_in

pytestmark = pytest.mark.django_db


def address(subject_request):
    return f"/requests/yours/letters/{letters_of(subject_request)[0].pk}/"


def test_a_letter_is_handed_out_and_recorded(opened):
    asked = a_request_in(S.IN_REVIEW)
    browser = opened(asked)
    assert "Letters to keep" in browser.get("/requests/yours/").content.decode()
    answer = browser.post(address(asked), {"form": "text"})
    assert answer.status_code == 200
    assert asked.reference in answer.content.decode()
    assert {"private", "no-store"} <= set(answer.headers["Cache-Control"].split(", "))
    assert f'filename="{asked.reference}-1.txt"' in answer.headers["Content-Disposition"]
    assert [fetch.by for fetch in LetterFetch.objects.all()] == [f"subject:{asked.reference}"]


def test_looking_is_no_way_to_take_it_out(opened):
    asked = a_request_in(S.IN_REVIEW)
    assert opened(asked).get(address(asked)).status_code == 405
    assert not LetterFetch.objects.exists()


def test_the_address_alone_opens_nothing(client):
    asked = a_request_in(S.IN_REVIEW)
    assert client.post(address(asked), {"form": "text"}).headers["Location"] == "/requests/"


def test_the_letter_of_another_request_is_not_there(opened):
    asked, other = a_request_in(S.IN_REVIEW), a_request_in(S.IN_REVIEW, email="mallory@example.org")
    answer = opened(other).post(address(asked), {"form": "text"})
    assert answer.status_code == 404
    assert "Ada" not in answer.content.decode()
    assert not LetterFetch.objects.exists()


def test_a_pdf_is_set_by_a_worker_and_the_page_says_how_far_it_is(opened, settings, tmp_path):
    settings.STORE_URL, settings.STORE_OPTIONS = f"file://{tmp_path}/store", {}
    asked = a_request_in(S.IN_REVIEW)
    browser, letter = opened(asked), letters_of(asked)[0]
    answer = browser.post(address(asked), {"form": "pdf"})
    assert answer.status_code == 302
    assert not LetterFetch.objects.exists(), "nothing was taken out yet"
    page = browser.get(answer.headers["Location"]).content.decode()
    assert "being set" in page
    assert "Look again" in page
    assert 'value="pdf"' not in page
    part = browser.get(answer.headers["Location"], headers={"HX-Request": "true"}).content.decode()
    assert part.strip().startswith('<div id="how-far"')
    assert set_pdf(letter_id=letter.pk, at=NOON)
    page = browser.get(answer.headers["Location"]).content.decode()
    assert "The PDF is set." in page
    assert "every 2s" not in page
    saved = browser.post(address(asked), {"form": "pdf"})
    assert saved.content.startswith(b"%PDF-")
    assert hashlib.sha256(saved.content).hexdigest() == letters_of(asked)[0].pdf_sha256
    assert LetterFetch.objects.count() == 1


def test_a_pdf_that_could_not_be_set_is_said_with_the_text_beside_it(opened):
    asked = a_request_in(S.IN_REVIEW)
    browser, letter = opened(asked), letters_of(asked)[0]
    LetterPdf.objects.create(letter=letter, wanted_at=NOON, work_state="dead", last_error="No memory.")
    page = browser.get(f"{address(asked)}being-set/").content.decode()
    assert "could not be set, though we tried" in page
    assert 'value="text"' in page
    assert "No memory." not in page


def test_how_far_the_letter_of_another_request_is_nobody_learns(opened):
    asked, other = a_request_in(S.IN_REVIEW), a_request_in(S.IN_REVIEW, email="mallory@example.org")
    browser = opened(other)
    assert browser.post(address(asked), {"form": "pdf"}).status_code == 404
    assert browser.get(f"{address(asked)}being-set/").status_code == 404
    assert not LetterPdf.objects.exists()
