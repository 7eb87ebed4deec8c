"""Staff try words, send them, go back to earlier ones, and take letters out."""

import pytest

from requests_app.correspondence.notices import Notice
from requests_app.letters import sampling
from requests_app.letters.checking import BODY_MAX
from requests_app.letters.models import LetterFetch, Wording
from requests_app.letters.selectors import letters_of
from requests_app.lifecycle.states import RequestState as S
from requests_app.roles import Role
from tests.desk import signed_in
from tests.factories import a_request_in, rosa, staff

pytestmark = pytest.mark.django_db
PAGE = f"/staff/words/{Notice.WITHDRAWN}/en/"
TYPED = {
    "subject": "Closed {{ reference }}",
    "body": "{{ reference }} <script>{{7*7}}</script>",
    "edition": "0",
}


@pytest.fixture
def lead():
    return signed_in(staff("Leda Lead", Role.PRIVACY_LEAD))


def test_every_kind_is_listed_with_whose_words_are_sent(lead):
    lead.post(PAGE, {**TYPED, "do": "save"})
    page = lead.get("/staff/words/").content.decode()
    assert "Refusal" in page
    assert "Certificate" in page
    assert "Version 1" in page
    assert "en" in lead.get("/staff/words/?language=de").content.decode()


def test_words_are_tried_without_being_sent(lead):
    page = lead.post(PAGE, {**TYPED, "do": "preview"}).content.decode()
    assert "OM-7K2M-9QXA &lt;script&gt;{{7*7}}&lt;/script&gt;" in page
    assert "just as they were typed" in page
    assert not Wording.objects.exists()


def test_an_unknown_fact_is_named_beside_the_text(lead):
    answer = lead.post(PAGE, {**TYPED, "body": "{{ reference }} {{ salary }}", "do": "save"})
    assert answer.status_code == 422
    assert "“salary”" in answer.content.decode()
    assert not Wording.objects.exists()


def test_the_second_of_two_keeps_what_was_typed_and_sees_the_difference(lead):
    assert lead.post(PAGE, {**TYPED, "do": "save"}).status_code == 302
    mine = {**TYPED, "body": "Mine: {{ reference }}", "do": "save"}
    answer = lead.post(PAGE, mine)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Somebody else changed these words" in page
    assert "Mine: {{ reference }}" in page
    assert 'name="edition" value="1"' in page
    assert Wording.objects.count() == 1
    assert lead.post(PAGE, {**mine, "edition": "1"}).status_code == 302
    assert Wording.objects.count() == 2


def test_an_earlier_version_is_shown_with_its_difference_and_sent_again(lead):
    lead.post(PAGE, {**TYPED, "do": "save"})
    lead.post(PAGE, {**TYPED, "body": "Other {{ reference }}", "edition": "1", "do": "save"})
    page = lead.get(f"{PAGE}1/").content.decode()
    assert '<del dir="auto">Other {{ reference }}</del>' in page
    assert lead.post(f"{PAGE}1/", {"edition": "2"}).status_code == 302
    assert Wording.objects.get(number=3).body == TYPED["body"]
    assert lead.post(f"{PAGE}shipped/", {"edition": "3"}).status_code == 302
    assert "come with the product" in lead.get(PAGE).content.decode()


def test_a_sample_that_takes_too_long_is_given_up_and_says_so(lead, monkeypatch):
    monkeypatch.setattr(sampling, "LONGEST_SECONDS", 0.0)
    answer = lead.post(f"{PAGE}preview.pdf", TYPED)
    assert answer.status_code == 500
    page = answer.content.decode()
    assert "The letter took too long to set." in page
    assert "{{7*7}}" in page, "what was typed is kept"


def test_one_sample_at_a_time_leaves_the_other_threads_to_the_pages(lead, monkeypatch):
    """The second asks while the first is being set."""
    answers = []

    def meanwhile(html, **limits):
        answers.append(lead.post(f"{PAGE}preview.pdf", TYPED))
        return b"%PDF-1.7 first"

    monkeypatch.setattr(sampling, "pdf_of", meanwhile)
    assert lead.post(f"{PAGE}preview.pdf", TYPED).content == b"%PDF-1.7 first"
    (second,) = answers
    assert second.status_code == 503
    assert "Another sample is being set. Please try again in a moment." in second.content.decode()
    answers.clear()
    assert lead.post(f"{PAGE}preview.pdf", TYPED).status_code == 200, "the place is free again"


def test_words_longer_than_a_letter_may_be_are_never_set(lead, monkeypatch):
    monkeypatch.delattr(sampling, "pdf_of")
    long = {**TYPED, "body": "{{ reference }} " + "x" * BODY_MAX}
    assert lead.post(f"{PAGE}preview.pdf", long).status_code == 422


def test_a_sample_is_set_as_pdf(lead):
    answer = lead.post(f"{PAGE}preview.pdf", TYPED)
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")


def test_case_workers_do_not_change_words():
    assert signed_in(rosa()).get("/staff/words/").status_code == 403


def test_letters_of_a_case_are_listed_and_taken_out_on_record(settings, tmp_path):
    settings.STORE_URL, settings.STORE_OPTIONS = f"file://{tmp_path}/store", {}
    asked = a_request_in(S.IN_REVIEW)
    desk, letter = signed_in(rosa()), letters_of(asked)[0]
    page = desk.get(f"/staff/requests/{asked.reference}/letters/").content.decode()
    assert "1. Acknowledgement" in page
    assert "Ada" not in page.split('id="main"')[1].split("<article")[1]
    address = f"/staff/requests/{asked.reference}/letters/{letter.pk}/"
    assert desk.get(address).status_code == 405
    answer = desk.post(address, {"form": "text"})
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "Ada Åström" in answer.content.decode()
    assert desk.post(address, {"form": "exe"}).status_code == 404
    assert LetterFetch.objects.count() == 1
    auditor = signed_in(staff("Otto Auditor", Role.AUDITOR))
    assert auditor.post(address, {"form": "text"}).status_code == 403


@pytest.mark.parametrize("do", ["preview", "save"])
@pytest.mark.parametrize(("times", "status"), [(8_000, 422), (350_000, 413)])
def test_what_is_too_long_is_refused_and_a_megabyte_is_not_even_read(lead, do, times, status):
    answer = lead.post(PAGE, {**TYPED, "body": "{{ reference }} " + "x{{" * times, "do": do})
    assert answer.status_code == status
    assert not Wording.objects.exists()


def test_a_text_that_turns_the_writing_round_is_refused(lead):
    answer = lead.post(PAGE, {**TYPED, "body": "{{ reference }} \u202eevil", "do": "save"})
    assert answer.status_code == 422
    assert "turns the writing round" in answer.content.decode()
    assert not Wording.objects.exists()


@pytest.mark.parametrize("address", ["withdrawn/xx", "no_such_kind/en", "withdrawn/en-%00", "..%2f/en"])
def test_kinds_and_languages_that_are_none_have_no_page(lead, address):
    assert lead.get(f"/staff/words/{address}/").status_code == 404
