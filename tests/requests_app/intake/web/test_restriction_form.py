"""Why information shall not be used for now: the reasons of the law of the place, in the person's words."""

from datetime import date

import pytest
from django.test import Client

from requests_app.intake.web.restriction_form import OF_A_LAW, WORDS, grounds_to_name
from requests_app.jurisdictions.load import jurisdiction, regimes
from tests.requests_app.intake.web.answering import ADA, ME, Visitor, rights

TODAY = date(2026, 11, 3)
OF_THE_GDPR = ["accuracy", "unlawful", "claims", "objection"]


def codes(place: str | None) -> list[str]:
    return [code for code, _words in grounds_to_name(place, TODAY)]


def test_each_place_is_shown_the_reasons_of_its_own_law() -> None:
    assert codes("PT") == OF_THE_GDPR
    assert codes("KR") == ["on_request"]
    assert codes("BR") == ["unnecessary", "unlawful"]
    assert codes("ZA") == ["accuracy", "proof", "unlawful", "transfer"]


def test_where_no_law_knows_a_restriction_the_policy_gives_its_own() -> None:
    assert codes(None) == codes("US-TX") == OF_THE_GDPR


def test_every_ground_of_every_law_has_words_for_the_person() -> None:
    known = {(key, each.code) for key in regimes() for each in jurisdiction(key).restriction_grounds}
    assert {code for _law, code in known} == WORDS.keys()
    assert known >= OF_A_LAW.keys()


@pytest.mark.django_db
def test_a_reason_of_another_law_is_refused_and_the_own_one_kept(client: Client) -> None:
    visitor = Visitor(client).answers(ME, ("where", {"place": "KR"}), rights("restriction"))
    refused = client.post(visitor.next, {"ground": "claims", "what": ""})
    assert refused.status_code == 422
    assert "I ask you to; I need no reason" in refused.content.decode()
    visitor.answers(("restriction", {"ground": "on_request", "what": ""}), ADA)
    assert "I ask you to; I need no reason" in visitor.reads("/ask/check/")
    asked = visitor.sends()[0]
    assert (asked.regime, asked.particulars["ground"]) == ("kr", "on_request")
