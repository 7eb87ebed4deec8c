"""Narrower answers: they name what is held, say why there is nothing more, and hold not one value of a record."""

import io
import json
import zipfile
from dataclasses import replace

import jsonschema
import pytest
from django.utils import translation

from fulfillment.bundles.answer import answer_of
from fulfillment.bundles.build import build_bundle
from fulfillment.bundles.formats.json import SCHEMA
from fulfillment.bundles.formats.pdf import letter_html
from fulfillment.bundles.models import Bundle
from fulfillment.bundles.verify import verify_bundle
from fulfillment.findings.gather import search_source
from fulfillment.findings.portable import is_portable
from fulfillment.runs.finish import finish_run
from requests_app.audit.actors import Actor
from requests_app.encryption.files import open_sealed
from requests_app.encryption.signing import own_public_key
from requests_app.encryption.store import current_store
from requests_app.jurisdictions.load import jurisdiction
from requests_app.lifecycle.models import AnswerScope, IdentityLevel, SubjectRequest
from requests_app.lifecycle.moves import Move
from requests_app.lifecycle.perform import perform
from requests_app.lifecycle.states import RequestState
from tests.factories import NOON, SYSTEM, a_request_in, ada_asks, rosa
from tests.fulfillment.bundles.conftest import LATER, ROWS
from tests.reviewing import finish_review

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shop")]
VALUES = [
    str(value) for rows in ROWS.values() for row in rows for value in row.values() if len(str(value)) > 2
]
OWN = {"Ada Åström", "ada@example.org"}  # the person's name and address stand on the letter to them


@pytest.fixture(autouse=True)
def letter_as_page(monkeypatch):
    """Setting the letter takes seconds; its page holds the same words."""
    monkeypatch.setattr("fulfillment.bundles.formats.pdf.pdf_of", lambda html, *, beat: html.encode())


def _searched(subject_request: SubjectRequest) -> SubjectRequest:
    run = subject_request.runs.get()
    for task in run.tasks.all():
        search_source(task_id=task.pk, at=NOON)
    finish_run(run_id=run.pk, at=NOON)
    return subject_request


def _zip_of(subject_request: SubjectRequest) -> zipfile.ZipFile:
    finish_review(_searched(subject_request), by=Actor.staff(rosa()), at=LATER)
    bundle = Bundle.objects.get(subject_request=subject_request)
    assert build_bundle(bundle_id=bundle.pk, at=LATER)
    bundle.refresh_from_db()
    sealed = open_sealed(current_store(), name=bundle.store_name, wrapped_key=bytes(bundle.wrapped_key))
    content = io.BytesIO(sealed.read())
    assert verify_bundle(content, key=own_public_key()).is_intact
    return zipfile.ZipFile(content)


def _lessened() -> SubjectRequest:
    """A Californian copy whose proof is enough for the categories only."""
    asked = ada_asks(place="US-CA")
    for move, given in (
        (Move.ADD_PROOF, {"level": IdentityLevel.REASONABLE}),
        (Move.LESSEN, {"scope": AnswerScope.CATEGORIES}),
    ):
        perform(subject_request_id=asked.pk, move=move, by=SYSTEM, at=NOON, given=given)
    return perform(subject_request_id=asked.pk, move=Move.APPROVE, by=Actor.staff(rosa()), at=NOON)


def _everything(archive: zipfile.ZipFile) -> str:
    return "\n".join(archive.read(name).decode() for name in archive.namelist())


def test_californias_lesser_answer_names_categories_and_holds_no_value() -> None:
    archive = _zip_of(_lessened())
    everything = _everything(archive)
    assert [value for value in VALUES if value in everything and value not in OWN] == []
    assert not [name for name in archive.namelist() if name.startswith(("data/", "assets/"))]
    for said in ("Account", "Purchases", "Hosting providers", "Payment processors", "11 CCR 7062(b)-(c)"):
        assert said in everything, said
    data = json.loads(archive.read("data.json"))
    jsonschema.validate(data, json.loads(SCHEMA.read_bytes()))
    assert (data["scope"], data["record_count"]) == ("categories", 0)
    assert all(source["collections"] == [] for source in data["sources"])
    assert [each["category"] for each in data["answer"]["categories"]] == ["Account", "Purchases"]
    manifest = json.loads(archive.read("manifest.json"))
    assert (manifest["scope"], manifest["record_count"]) == ("categories", 0)
    for page in ("index.html", "report.pdf"):
        assert "not for copies of records" in archive.read(page).decode(), page


@pytest.mark.parametrize(
    ("right", "named", "left"),
    [
        ("third_party_list", "Who received information about you", "What we hold, by category"),
        ("confirmation", "Whether we hold information about you", "Who received it"),
    ],
)
def test_rights_that_are_narrow_by_themselves_say_only_what_they_ask(right, named, left) -> None:
    place = "BR" if right == "confirmation" else "US-OR"
    archive = _zip_of(a_request_in(RequestState.FULFILLING, right=right, place=place))
    page = archive.read("index.html").decode()
    assert named in page
    assert "Yes, we hold information about you." in page
    assert left not in page
    assert [value for value in VALUES if value in _everything(archive) and value not in OWN] == []


def test_somebody_we_do_not_know_is_told_no() -> None:
    asked = a_request_in(
        RequestState.FULFILLING, right="confirmation", place="BR", email="nobody@example.org"
    )
    page = _zip_of(asked).read("index.html").decode()
    assert "No, we hold no information about you" in page
    assert "by category" not in page


def test_a_copy_to_move_holds_only_what_the_law_lets_one_move_and_says_the_rest() -> None:
    archive = _zip_of(a_request_in(RequestState.FULFILLING, right="portability"))
    names = archive.namelist()
    assert "data/shop/people.jsonl" in names
    assert "data/shop/orders.jsonl" not in names, "kept by a legal obligation, so not portable"
    page = archive.read("index.html").decode()
    assert "The right covers only data that you gave us" in page
    assert "Art. 20" in page
    assert "canary-item" not in _everything(archive)


def test_the_letter_of_a_copy_to_move_has_its_own_title() -> None:
    asked = _searched(a_request_in(RequestState.FULFILLING, right="portability"))
    finish_review(asked, by=Actor.staff(rosa()), at=LATER)
    with translation.override("en"):
        html = letter_html(answer_of(Bundle.objects.get(subject_request=asked), at=LATER))
    assert "Our answer to your request to move your information" in html


def test_where_the_law_does_not_limit_the_right_the_whole_copy_may_move(shop) -> None:
    data_map = shop.map_in_force.data_map
    orders = data_map.collection("orders")
    assert not is_portable(orders, jurisdiction("eu-gdpr"))
    assert is_portable(orders, jurisdiction("us-va"))
    assert not is_portable(replace(orders, rights=("access",)), jurisdiction("us-va"))
