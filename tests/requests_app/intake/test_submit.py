"""The one service by which a request is born."""

import pytest
from django.db import connection

from requests_app.audit.actors import Actor
from requests_app.errors import BadInput
from requests_app.intake.submit import SubjectDetails, submit_request
from requests_app.lifecycle.models import Channel, SubjectRequest, Submission
from requests_app.lifecycle.selectors import requests_of
from tests.factories import NOON, ada_asks

pytestmark = pytest.mark.django_db


def _submit(**changed: object) -> SubjectRequest:
    values: dict[str, object] = {
        "channel": Channel.WEB,
        "right": "access",
        "subject": SubjectDetails(name="Ada", email="ada@example.org"),
        "place": "PT",
        "language": "en",
        "received_at": NOON,
        "by": Actor.system("tests"),
    }
    return submit_request(**{**values, **changed})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "email", "sentence"),
    [
        ("", "ada@example.org", "Enter the name"),
        ("Ada", "not an address", "Enter a mail address"),
        ("Ada", "ada@example.org\nBcc: all@example.org", "Enter a mail address"),
        ("A\0da", "ada@example.org", "cannot be stored"),
        ("A" * 201, "ada@example.org", "too long"),
    ],
)
def test_bad_answers_are_refused_with_a_sentence_and_leave_nothing(
    name: str, email: str, sentence: str
) -> None:
    with pytest.raises(BadInput, match=sentence):
        _submit(subject=SubjectDetails(name=name, email=email))
    assert not Submission.objects.exists()


@pytest.mark.parametrize(
    ("place", "regime", "due"),
    [
        ("PT", "eu-gdpr", "2026-12-03"),
        ("GB", "uk-gdpr", "2026-12-03"),
        ("US-CA", "us-ca", "2026-12-18"),
        (None, "default", None),
    ],
)
def test_the_law_of_the_place_sets_the_date(place: str | None, regime: str, due: str | None) -> None:
    asked = _submit(place=place)
    assert asked.regime == regime
    if due:
        assert asked.response_due_on.isoformat() == due


def test_an_unknown_right_or_place_is_refused() -> None:
    with pytest.raises(Exception, match="no right called"):
        _submit(right="everything")
    with pytest.raises(BadInput, match="place"):
        _submit(place="Portugal")


def test_fifty_duplicates_neither_hinder_nor_reveal_one_another() -> None:
    first = ada_asks()
    others = [ada_asks(email="ADA@example.org ") for _ in range(3)]
    assert requests_of("ada@EXAMPLE.org").count() == 4
    assert {each.state for each in others} == {first.state}


def test_personal_columns_are_sealed_in_the_database() -> None:
    ada_asks(name="Canary Fieldwren", email="canary-fieldwren@example.org")
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(r)::text FROM requests_app_subjectrequest r")
        row = cursor.fetchone()[0]
        cursor.execute("SELECT row_to_json(m)::text FROM requests_app_message m")
        row += cursor.fetchone()[0]
    for canary in ("Canary", "canary", "Fieldwren", "fieldwren"):
        assert canary not in row
        assert canary.encode().hex() not in row
