"""`manage.py plan` and `fulfill`: the same as the case page, from the terminal."""

import io
import json
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from fulfillment.runs.models import SourceTask
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.states import RequestState as S
from tests.factories import a_request_in, rosa
from tests.fulfillment.identities.systems import connect_code, connect_crm
from tests.sources import connect_shop

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def store_folder(settings: Any, tmp_path: Any) -> None:
    settings.STORE_URL, settings.STORE_OPTIONS = f"file://{tmp_path}/store", {}


def run(*words: str) -> str:
    out = io.StringIO()
    call_command(*words, stdout=out, stderr=io.StringIO())
    return out.getvalue()


def test_the_plan_names_every_step_in_its_order_and_touches_nothing() -> None:
    connect_shop()
    asked = a_request_in(S.IN_REVIEW)
    (planned,) = json.loads(run("plan", asked.reference, "--json"))
    assert planned["searched_by"] == ["email"]
    assert [step["collection"] for step in planned["steps"]]
    assert planned["steps"][0]["reached"] == ["by email"]
    assert planned["not_counted"] == "It cannot count without reading."
    assert not SourceTask.objects.exists()


def test_the_plan_reads_as_a_table_too() -> None:
    connect_shop()
    said = run("plan", a_request_in(S.IN_REVIEW).reference, "--no-count")
    assert "(map 1), searched by email" in said
    assert "   1. " in said


def test_without_a_source_the_plan_says_so() -> None:
    assert run("plan", a_request_in(S.IN_REVIEW).reference) == "No source is connected yet.\n"


@pytest.mark.parametrize("command", ["plan", "fulfill"])
def test_an_unknown_reference_is_one_sentence(command: str) -> None:
    with pytest.raises(CommandError, match="no request with this reference"):
        run(command, "OMN-1999-0001")


def test_a_search_is_approved_and_carried_out_from_the_terminal() -> None:
    connect_shop()
    asked = a_request_in(S.IN_REVIEW)
    said = run("plan", asked.reference, "--no-count")
    assert f"manage.py fulfill {asked.reference} --by EMAIL --maps shop:1" in said
    rows = json.loads(run("fulfill", asked.reference, "--by", rosa().email, "--maps", "shop:1", "--json"))
    assert [(row["source"], row["state"]) for row in rows] == [("shop", "found")]
    assert SubjectRequest.objects.get(pk=asked.pk).state == S.CHECKING


def test_a_plan_is_approved_from_the_terminal_as_it_was_shown_or_not_at_all() -> None:
    connect_shop()
    asked = a_request_in(S.IN_REVIEW)
    with pytest.raises(CommandError, match="Say --maps"):
        run("fulfill", asked.reference, "--by", rosa().email)
    with pytest.raises(CommandError, match="Shop is read by data map 1 now"):
        run("fulfill", asked.reference, "--by", rosa().email, "--maps", "shop:2")
    assert not SourceTask.objects.exists()


def test_nothing_is_searched_that_nobody_has_approved() -> None:
    connect_shop()
    asked = a_request_in(S.IN_REVIEW)
    with pytest.raises(CommandError, match="Nobody has approved"):
        run("fulfill", asked.reference)
    with pytest.raises(CommandError, match="no active member of staff"):
        run("fulfill", asked.reference, "--by", "nobody@x.example")
    assert not SourceTask.objects.exists()


def test_a_source_that_fails_for_good_is_a_sentence_and_an_exit_that_is_not_zero() -> None:
    connect_shop("shop", fails="fatal")
    asked = a_request_in(S.FULFILLING)
    with pytest.raises(CommandError, match="a person has to look"):
        run("fulfill", asked.reference)


def test_the_plan_says_which_identity_reaches_which_source_and_what_is_out_of_reach() -> None:
    connect_crm()
    connect_code()
    reference = a_request_in(S.IN_REVIEW).reference
    crm, code = json.loads(run("plan", reference, "--no-count", "--json"))
    assert crm["known_how"] == ["email (proved: the person controls this address)"]
    assert crm["not_known"] == ["github_login", "phone_number"]
    assert code["searched_by"] == []
    assert code["out_of_reach"].startswith("It can be asked by github login only.")
    said = run("plan", reference, "--no-count")
    assert "asked by email (proved" in said
    assert "It can be asked by github login only." in said
    assert "ada@" not in said
