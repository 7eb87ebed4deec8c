"""A copy, its letter and what the law has said in it are written in the language of the person."""

import io
import json
import zipfile

import pytest
from django.utils import translation
from pypdf import PdfReader

from fulfillment.bundles.answer import answer_of
from fulfillment.bundles.build import build_bundle
from fulfillment.bundles.formats.pdf import letter_html
from fulfillment.bundles.language import spoken
from fulfillment.bundles.models import Bundle
from fulfillment.findings.models import Finding
from fulfillment.findings.withhold import withhold_finding
from fulfillment.runs.models import SourceTask
from fulfillment.sources.connect import load_map
from fulfillment.sources.models import DataSource
from requests_app.audit.actors import Actor
from requests_app.encryption.files import open_sealed
from requests_app.encryption.store import current_store
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lists import listed
from requests_app.typesetting.typeset import pdf_of
from tests.fulfillment.bundles.conftest import LATER, MAP
from tests.fulfillment.bundles.samples import small_answer
from tests.reviewing import finish_review


def in_language(checked_request, reviewer, code):
    SubjectRequest.objects.filter(pk=checked_request.pk).update(language=code)
    orders = Finding.objects.get(task__run__subject_request=checked_request, collection="orders")
    withhold_finding(
        finding_id=orders.pk, reason_code="rights_of_others", note="Because.", by=reviewer, at=LATER
    )
    finish_review(checked_request, by=reviewer, at=LATER)
    return Bundle.objects.get(subject_request=checked_request)


@pytest.mark.usefixtures("without_letter")
@pytest.mark.parametrize(("code", "direction"), [("de", "ltr"), ("pt-br", "ltr"), ("ar", "rtl")])
def test_the_pages_of_a_copy_are_in_the_language_of_the_person(checked_request, reviewer, code, direction):
    bundle = in_language(checked_request, reviewer, code)
    assert build_bundle(bundle_id=bundle.pk, at=LATER)
    bundle.refresh_from_db()
    sealed = open_sealed(current_store(), name=bundle.store_name, wrapped_key=bytes(bundle.wrapped_key))
    with zipfile.ZipFile(io.BytesIO(sealed.read())) as archive:
        page = archive.read("index.html").decode()
        said = json.loads(archive.read("data.json"))
    assert f'<html lang="{code}" dir="{direction}"' in page
    assert "What we left out" not in page
    with translation.override(code):
        assert said["law"]["name"] == translation.gettext(
            "EU General Data Protection Regulation 2016/679 (EEA)"
        )
        assert translation.gettext("What we left out") in page
    assert said["law"]["name"] != "EU General Data Protection Regulation 2016/679 (EEA)"


@pytest.mark.parametrize("code", ["de", "ja", "ar"])
def test_a_letter_has_no_english_sentence_of_ours_in_it(checked_request, reviewer, code):
    bundle = in_language(checked_request, reviewer, code)
    with translation.override(code):
        html = letter_html(answer_of(bundle, at=LATER))
        for words in (
            "Provide and improve the services",
            "Hosting providers",
            "To carry out our contract with you",
        ):
            assert words not in html
            assert translation.gettext(words) in html
    pdf = PdfReader(io.BytesIO(pdf_of(html, beat=lambda: None)))
    assert pdf.trailer["/Root"]["/Lang"] == code


def test_what_the_map_says_in_another_language_is_said_in_it(checked_request, reviewer):
    bundle = in_language(checked_request, reviewer, "de")
    words = {"Your account": "Ihr Konto", "While you are a customer": "Solange Sie Kunde sind"}
    spoken_map = MAP.replace(
        "        collections:\n", f"        words: {{de: {words}}}\n        collections:\n", 1
    )
    source = DataSource.objects.get()
    version = load_map(source=source, map_yaml=spoken_map, by=Actor.system("tests"), at=LATER)
    SourceTask.objects.update(map_version=version)
    with translation.override("de"):
        html = letter_html(answer_of(bundle, at=LATER))
    assert "Ihr Konto" in html
    assert "Solange Sie Kunde sind" in html
    assert "Your account" not in html
    assert "10 years (tax law)" in html


def test_a_language_that_we_do_not_write_gets_ours():
    assert [spoken(code) for code in ("xx", "fi", "de-AT", "pt-br")] == ["en", "en", "de", "pt-br"]


def test_words_of_another_script_run_their_own_way_in_an_arabic_letter():
    with translation.override("ar"):
        html = letter_html(small_answer())
    assert '<td><span dir="ltr">3 years after the ticket</span></td>' in html
    assert '<span dir="ltr">marta.duarte@example.org</span>' in html


def test_things_stand_beside_each_other_with_the_sign_of_the_language():
    said = {}
    for code in ("de", "ja", "ar"):
        with translation.override(code):
            said[code] = listed(["a", 2, "c"])
    assert said == {"de": "a, 2, c", "ja": "a、2、c", "ar": "a، 2، c"}


@pytest.mark.parametrize(
    ("code", "sender"),
    [("de", "LLC, Datenschutz"), ("ja", "LLC、プライバシー"), ("ar", "LLC، مكتب الخصوصية")],
)
def test_the_sender_stands_with_the_comma_of_the_language(code, sender):
    with translation.override(code):
        html = letter_html(small_answer(language=code))
    assert sender in html
