"""The public form, page by page."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from requests_app.intake.models import Draft
from requests_app.lifecycle.models import SubjectRequest, Submission

pytestmark = pytest.mark.django_db
NAME = "Ada Åström-Ωμέγα 山田"
ANSWERS: dict[str, dict[str, Any]] = {
    "who": {"who": "me"},
    "where": {"place": "PT"},
    "what": {"rights": ["access"]},
    "about": {"name": NAME, "email": "ada@example.org"},
    "details": {"details": "My invoices", "period": "since 2019"},
}


def _answer(client: Client, upto: str = "details") -> str:
    url = ""
    for key, data in ANSWERS.items():
        url = client.post(f"/ask/{key}/", data)["Location"]
        if key == upto:
            break
    return url


def _text(client: Client, url: str) -> str:
    page = client.get(url)
    assert page.status_code == 200, (url, page.status_code)
    return page.content.decode()


def test_five_answers_and_a_press_make_one_request(client: Client) -> None:
    assert _answer(client) == "/ask/check/"
    check = _text(client, "/ask/check/")
    assert NAME in check
    assert "Portugal" in check
    assert "limit set by the GDPR" in check
    assert client.post("/ask/check/")["Location"] == "/ask/sent/"
    subject_request = SubjectRequest.objects.get()
    assert (subject_request.subject_name, subject_request.place) == (NAME, "PT")
    assert "My invoices" in subject_request.details
    assert "since 2019" in subject_request.details
    assert Submission.objects.get().answers == {"who": "me", "period": "since 2019"}


def test_letters_come_in_the_language_of_the_browser_unless_another_is_chosen(client: Client) -> None:
    for key in ("who", "where", "what"):
        client.post(f"/ask/{key}/", ANSWERS[key])
    page = client.get("/ask/about/", headers={"accept-language": "pt-BR,pt;q=0.9,en;q=0.1"})
    assert '<option value="pt-br" selected>Português (Brasil)</option>' in page.content.decode()
    client.post("/ask/about/", {**ANSWERS["about"], "language": "ja"})
    client.post("/ask/details/", ANSWERS["details"])
    assert "日本語" in _text(client, "/ask/check/")
    client.post("/ask/check/")
    assert SubjectRequest.objects.get().language == "ja"


def test_a_language_that_we_do_not_write_is_refused_and_an_unknown_browser_gets_english(
    client: Client,
) -> None:
    for key in ("who", "where", "what"):
        client.post(f"/ask/{key}/", ANSWERS[key])
    page = client.get("/ask/about/", headers={"accept-language": "xx"})
    assert '<option value="en" selected>English</option>' in page.content.decode()
    refused = client.post("/ask/about/", {**ANSWERS["about"], "language": "xx"})
    assert refused.status_code == 422
    assert "Choose a language from the list" in refused.content.decode()


def test_the_page_after_sending_shows_reference_and_date_however_often_it_is_opened(client: Client) -> None:
    _answer(client)
    client.post("/ask/check/")
    first, second = _text(client, "/ask/sent/"), _text(client, "/ask/sent/")
    assert SubjectRequest.objects.get().reference in first
    assert "You will have our answer by" in first
    assert "ad••••••@example.org" in first
    assert "ada@example.org" not in first
    assert first == second


def test_the_date_can_be_saved_to_a_calendar(client: Client) -> None:
    assert client.get("/ask/sent/date.ics").status_code == 404
    _answer(client)
    client.post("/ask/check/")
    saved = client.get("/ask/sent/date.ics")
    subject_request = SubjectRequest.objects.get()
    assert saved["Content-Type"].startswith("text/calendar")
    assert f"DTSTART;VALUE=DATE:{subject_request.response_due_on:%Y%m%d}\r\n" in saved.content.decode()
    assert subject_request.reference in saved.content.decode()
    assert "ada" not in saved.content.decode().lower()


def test_pressing_send_again_makes_no_second_request(client: Client) -> None:
    _answer(client)
    for _press in range(3):
        assert client.post("/ask/check/")["Location"] == "/ask/sent/"
    assert SubjectRequest.objects.count() == 1
    assert client.get("/ask/check/")["Location"] == "/ask/sent/"


def test_a_stranger_who_opens_the_page_after_sending_is_told_how_to_go_on() -> None:
    assert "your reference and a code are in the message" in _text(Client(), "/ask/sent/")


def test_an_empty_answer_is_refused_above_the_form_and_at_the_field(client: Client) -> None:
    _answer(client, "what")
    page = client.post("/ask/about/", {"name": "", "email": "ada(at)example.org"})
    text = page.content.decode()
    assert page.status_code == 422
    assert "<title>Error: About you" in text
    assert text.count("Enter your name") == 2
    assert '<a href="#id_email">Enter a mail address in the form name@example.com</a>' in text
    assert 'value="ada(at)example.org"' in text


@pytest.mark.parametrize(
    ("question", "data", "sentence"),
    [
        ("who", {}, "Choose who the request is about"),
        ("where", {"place": "XX"}, "Choose a country from the list"),
        ("where", {"place": ""}, "Choose a country, or say"),
        ("what", {"rights": ["everything"]}, "not a right there"),
        ("what", {}, "Choose what you would like us to do"),
        ("about", {"name": "A\0da", "email": "ada@example.org"}, "cannot be stored"),
        ("about", {"name": "A" * 201, "email": "ada@example.org"}, "it has 201"),
        ("about", {"name": "Ada", "email": "a@" + "e" * 250 + ".org"}, "Enter a mail address"),
        ("details", {"details": "x" * 4801, "period": ""}, "it has 4801"),
    ],
)
def test_bad_answers_are_refused_with_a_sentence(
    client: Client, question: str, data: dict[str, str], sentence: str
) -> None:
    keys = list(ANSWERS)
    if question != keys[0]:
        _answer(client, keys[keys.index(question) - 1])
    page = client.post(f"/ask/{question}/", data)
    assert page.status_code == 422
    assert sentence in page.content.decode()


def test_one_may_decline_to_say_where_one_lives(client: Client) -> None:
    _answer(client, "who")
    assert client.post("/ask/where/", {"skip": "1"})["Location"] == "/ask/what/"
    for key in ("what", "about", "details"):
        client.post(f"/ask/{key}/", ANSWERS[key])
    assert "I’d rather not say" in _text(client, "/ask/check/")
    client.post("/ask/check/")
    assert SubjectRequest.objects.get().place == ""


def test_a_person_in_california_is_asked_for_the_state(client: Client) -> None:
    _answer(client, "who")
    assert client.post("/ask/where/", {"place": "US"})["Location"] == "/ask/region/"
    assert client.post("/ask/region/", {"place": "US-CA"})["Location"] == "/ask/what/"


def test_what_no_choice_says_can_be_asked_in_ones_own_words(client: Client) -> None:
    _answer(client, "where")
    assert "/ask/another-way/" in _text(client, "/ask/what/")
    assert "info@omnesoft.com" in _text(client, "/ask/another-way/")


def test_a_change_returns_to_the_check_page(client: Client) -> None:
    _answer(client)
    assert (
        client.post("/ask/about/", {"name": "Eve", "email": "eve@example.org"})["Location"] == "/ask/check/"
    )
    assert "eve@example.org" in _text(client, "/ask/check/")


def test_nobody_can_skip_ahead(client: Client) -> None:
    assert client.get("/ask/details/")["Location"] == "/ask/who/"
    assert client.get("/ask/check/")["Location"] == "/ask/who/"
    assert client.get("/ask/nonsense/").status_code == 404


def test_answers_that_have_expired_are_not_sent_in_part(client: Client) -> None:
    _answer(client)
    Draft.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    for url in ("/ask/details/", "/ask/check/"):
        page = client.post(url, ANSWERS["details"])
        assert page.status_code == 410
        assert "Please start again" in page.content.decode()
    assert not SubjectRequest.objects.exists()


def test_answers_belong_to_the_browser_they_were_given_in(client: Client) -> None:
    _answer(client)
    assert Client().get("/ask/check/")["Location"] == "/ask/who/"


def test_known_and_unknown_people_see_the_same_page() -> None:
    pages = []
    for _time in range(2):
        visitor = Client()
        _answer(visitor)
        visitor.post("/ask/check/")
        reference = SubjectRequest.objects.order_by("-received_at").first().reference
        pages.append(_text(visitor, "/ask/sent/").replace(reference, "REF"))
    assert pages[0] == pages[1]


def test_a_field_of_ten_megabytes_is_refused_with_a_sentence(client: Client) -> None:
    page = client.post("/ask/who/", {"who": "x" * 10_000_000})
    assert page.status_code == 413
    assert "What you sent is too long" in page.content.decode()


def test_an_upload_where_none_is_asked_is_refused_with_a_sentence(client: Client) -> None:
    page = client.post("/ask/who/", {"who": "me", "file": SimpleUploadedFile("passport.jpg", b"x")})
    assert page.status_code == 400
    assert "This page takes no files" in page.content.decode()


def test_pages_with_answers_are_not_kept_by_browsers(client: Client) -> None:
    _answer(client)
    assert "no-store" in client.get("/ask/check/")["Cache-Control"]


def test_what_a_visitor_typed_is_never_run(client: Client) -> None:
    _answer(client, "what")
    client.post("/ask/about/", {"name": "<script>alert(1)</script>", "email": "ada@example.org"})
    client.post("/ask/details/", ANSWERS["details"])
    assert "<script" not in _text(client, "/ask/check/")
