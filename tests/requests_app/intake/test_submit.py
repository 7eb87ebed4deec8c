"""The one service by which a request is born."""

import pytest
from django.db import connection

from requests_app.audit.actors import Actor
from requests_app.errors import BadInput
from requests_app.intake.submit import AskedBy, SubjectDetails, Wanted, submit_request
from requests_app.lifecycle.conditions import Attempt, access_comes_first
from requests_app.lifecycle.models import Asker, Channel, SubjectRequest, Submission
from requests_app.lifecycle.particulars import Objection
from requests_app.lifecycle.selectors import requests_of
from requests_app.lifecycle.states import RequestState
from tests.factories import NOON, SYSTEM, ada_asks, ada_asks_for

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
        ("A\ud800da", "ada@example.org", "cannot be stored"),
        ("Ada\r\nEve", "ada@example.org", "cannot be stored"),
        ("Ada \u202eevE", "ada@example.org", "cannot be stored"),
        ("Ada", "ada@ex\u200bample.org", "Enter a mail address"),
        ("Ada", "ada@\uff45xample.org", "Enter a mail address"),
        ("Ada", "ada@[127.0.0.1]", "Enter a mail address"),
        ("A" * 201, "ada@example.org", "too long"),
    ],
)
def test_bad_answers_are_refused_with_a_sentence_and_leave_nothing(
    name: str, email: str, sentence: str
) -> None:
    with pytest.raises(BadInput, match=sentence):
        _submit(subject=SubjectDetails(name=name, email=email))
    assert not Submission.objects.exists()


@pytest.mark.parametrize("name", ["Ada Åström", "نادیه‌سادات", "D'Arc", "李小龍", "<b>Ada</b>"])
def test_names_of_every_script_are_taken_as_they_are(name: str) -> None:
    asked = _submit(subject=SubjectDetails(name=name, email="ada@bücher.example"))
    assert (asked.subject_name, asked.subject_email) == (name, "ada@bücher.example")


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


def test_each_right_of_a_submission_has_its_own_law_and_date() -> None:
    access, objection = ada_asks_for("access", "objection", place="US-CA")
    assert access.submission == objection.submission
    assert (access.regime, objection.regime) == ("us-ca", "default")
    assert access.response_due_on != objection.response_due_on


def test_an_objection_to_marketing_and_to_more_becomes_two_requests() -> None:
    wanted = Wanted("objection", {"purposes": ["research", "marketing", "personalise"], "reasons": "Mine."})
    marketing, others = ada_asks_for(wanted)
    assert Objection.of(marketing).is_to_marketing_only
    assert Objection.of(others).purposes == ("research", "personalise")
    assert Objection.of(others).reasons == "Mine."
    assert marketing.submission == others.submission


def test_an_objection_to_marketing_alone_is_one_request() -> None:
    assert len(ada_asks_for(Wanted("objection", {"purposes": ["marketing"]}))) == 1


def test_deletion_waits_for_the_copy_asked_for_with_it_unless_the_person_said_otherwise() -> None:
    for may_go_first in (False, True):
        wanted = Wanted("deletion", {"deletion_may_go_first": may_go_first})
        _access, deletion = ada_asks_for("access", wanted)
        assert (access_comes_first(Attempt(deletion, SYSTEM)) is None) is may_go_first


def test_a_right_that_nobody_gives_there_is_refused_in_the_persons_words_and_nothing_is_kept() -> None:
    with pytest.raises(BadInput, match="Know who received my information"):
        ada_asks_for("access", "third_party_list", place="JP")
    assert not Submission.objects.exists()


def test_the_same_right_twice_and_no_right_at_all_are_refused() -> None:
    with pytest.raises(BadInput, match="twice"):
        ada_asks_for("access", "access")
    with pytest.raises(BadInput, match="Choose what"):
        ada_asks_for()


def test_what_is_said_for_one_right_stands_with_that_right() -> None:
    grievance, access = ada_asks_for(Wanted("grievance", details="Nobody answered me."), "access", place="IN")
    assert (grievance.details, access.details) == ("Nobody answered me.", "")


@pytest.mark.parametrize(
    ("asked_by", "address"), [(Asker.AGENT, "ada@example.org"), (Asker.GUARDIAN, "lou@law.example")]
)
def test_an_agents_code_goes_to_the_person_and_a_guardians_to_the_guardian(
    asked_by: Asker, address: str
) -> None:
    (asked,) = ada_asks_for("access", asker=AskedBy(asked_by, "Lou Lawyer", "lou@law.example"))
    assert (asked.asked_by, asked.asker_name, asked.asker_email) == (
        asked_by,
        "Lou Lawyer",
        "lou@law.example",
    )
    assert asked.state == RequestState.AWAITING_IDENTITY
    assert {message.to_address for message in asked.messages.all()} == {address}


@pytest.mark.parametrize(("name", "email"), [("", "lou@law.example"), ("Lou", "nowhere")])
def test_an_agent_has_a_name_and_an_address(name: str, email: str) -> None:
    with pytest.raises(BadInput, match="whoever asks"):
        ada_asks_for("access", asker=AskedBy(Asker.AGENT, name, email))


def test_nothing_is_kept_of_an_asker_who_is_the_person() -> None:
    (asked,) = ada_asks_for("access", asker=AskedBy(Asker.SELF, "Ada", "ada@example.org"))
    assert (asked.asker_name, asked.asker_email) == ("", "")


def test_an_opt_out_acts_at_once_unless_an_agent_asks() -> None:
    (own,) = ada_asks_for("opt_out_sale_share", place="US-CA")
    assert own.state == RequestState.EXECUTING
    agent = AskedBy(Asker.AGENT, "Lou Lawyer", "lou@law.example")
    (by_agent,) = ada_asks_for("opt_out_sale_share", place="US-CA", asker=agent)
    assert by_agent.state == RequestState.AWAITING_IDENTITY
