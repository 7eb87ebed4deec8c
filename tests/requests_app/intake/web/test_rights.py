"""Every right through the public form: the page it needs, what the check page says, what the request keeps."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from requests_app.intake.web.flow import Flow
from requests_app.intake.web.sending import wanted_of
from requests_app.lifecycle.models import Asker, SubjectRequest
from requests_app.lifecycle.particulars import Correction
from requests_app.lifecycle.states import RequestState
from tests.requests_app.intake.web.answering import ADA, ME, NOTHING_MORE, PORTUGAL, Visitor, rights

pytestmark = pytest.mark.django_db
TOWN = {"field_0": "Town", "wrong_0": "Lodnon", "right_0": "London", "evidence_0": "My bill"}


@pytest.fixture
def visitor(client: Client) -> Visitor:
    return Visitor(client)


@pytest.mark.parametrize(
    ("right", "page", "kept", "said"),
    [
        (
            "objection",
            {"purposes": ["research"], "reasons": "My own."},
            {"purposes": ["research"], "reasons": "My own."},
            "Research and development",
        ),
        (
            "withdraw_consent",
            {"consents": ["personalise"]},
            {"consents": ["personalise"]},
            "Personalise the services",
        ),
        (
            "restriction",
            {"ground": "claims", "what": "My calls"},
            {"ground": "claims", "what": "My calls"},
            "for a legal claim",
        ),
        (
            "automated_decision",
            {"decision": "No credit", "view": "I earn enough"},
            {"decision": "No credit", "view": "I earn enough"},
            "I earn enough",
        ),
    ],
)
def test_what_the_page_of_a_right_is_told_is_shown_and_kept(
    visitor: Visitor, right: str, page: dict[str, Any], kept: dict[str, Any], said: str
) -> None:
    visitor.answers(ME, PORTUGAL, rights(right), (right, page), ADA)
    check = visitor.reads("/ask/check/")
    assert said in check
    assert f'href="/ask/{right}/"' in check
    (asked,) = visitor.sends()
    assert (asked.right, asked.particulars) == (right, kept)


def test_three_rights_at_once_have_a_reference_and_a_date_each(visitor: Visitor) -> None:
    visitor.answers(
        ME,
        PORTUGAL,
        rights("access", "correction", "deletion"),
        ("correction", {"rows_shown": "1", **TOWN}),
        ("deletion", {"order": "any"}),
        ADA,
        NOTHING_MORE,
    )
    check = visitor.reads("/ask/check/")
    assert check.count("limit set by the GDPR") == 1
    assert "Send my requests" in check
    asked = visitor.sends()
    sent = visitor.reads("/ask/sent/")
    assert "We have your 3 requests" in sent
    for each in asked:
        assert each.reference in sent
    assert {each.right: each.particulars for each in asked}["deletion"] == {"deletion_may_go_first": True}
    assert visitor.client.get("/ask/sent/date.ics").content.decode().count("BEGIN:VEVENT") == 3


def test_a_correction_grows_by_a_row_and_keeps_what_was_typed(visitor: Visitor) -> None:
    visitor.answers(ME, PORTUGAL, rights("correction"))
    grown = visitor.client.post("/ask/correction/", {"rows_shown": "1", "field_0": "Town", "add": "1"})
    page = grown.content.decode()
    assert grown.status_code == 200
    assert 'value="Town"' in page
    assert 'name="field_1"' in page
    assert "Enter what is right" not in page


def test_a_correction_has_room_for_ten_and_no_more(visitor: Visitor) -> None:
    visitor.answers(ME, PORTUGAL, rights("correction"))
    full = visitor.client.post("/ask/correction/", {"rows_shown": "9", "add": "1"}).content.decode()
    assert 'name="field_9"' in full
    assert "Add another" not in full
    over = visitor.client.post("/ask/correction/", {"rows_shown": "99999999", "add": "1"}).content.decode()
    assert 'name="field_10"' not in over


def test_empty_rows_of_a_correction_are_left_out(visitor: Visitor) -> None:
    rows = {"rows_shown": "3", **TOWN, "field_2": "Name", "right_2": "Ada"}
    (asked,) = visitor.answers(ME, PORTUGAL, rights("correction"), ("correction", rows), ADA).sends()
    assert [(each.field, each.right) for each in Correction.of(asked).fields] == [
        ("Town", "London"),
        ("Name", "Ada"),
    ]


@pytest.mark.parametrize(
    ("right", "page", "sentence"),
    [
        ("correction", {"rows_shown": "1"}, "Say which information is wrong"),
        ("correction", {"rows_shown": "1", "field_0": "Town"}, "Enter what is right"),
        ("correction", {"rows_shown": "1", **TOWN, "right_0": "x" * 2001}, "it has 2001"),
        ("objection", {"reasons": "none"}, "Choose at least one use"),
        ("withdraw_consent", {}, "Choose at least one consent"),
        ("restriction", {"what": "all"}, "Choose the reason that fits best"),
        ("automated_decision", {"view": "bad"}, "Tell us which decision you mean"),
    ],
)
def test_an_answer_that_does_not_do_is_refused_in_words(
    visitor: Visitor, right: str, page: dict[str, Any], sentence: str
) -> None:
    visitor.answers(ME, PORTUGAL, rights(right))
    refused = visitor.client.post(f"/ask/{right}/", page)
    assert refused.status_code == 422
    assert refused.content.decode().count(sentence) == 2


def test_stopping_marketing_takes_no_page_and_waits_only_for_the_code(visitor: Visitor) -> None:
    (asked,) = visitor.answers(ME, PORTUGAL, rights("stop_marketing"), ADA).sends()
    assert (asked.right, asked.particulars["purposes"]) == ("objection", ["marketing"])
    assert "Stop marketing" in visitor.reads("/ask/sent/")


def test_both_ways_to_object_become_two_requests_and_marketing_is_not_asked_twice(visitor: Visitor) -> None:
    visitor.answers(ME, PORTUGAL, rights("stop_marketing", "objection"))
    assert "Marketing and advertising" not in visitor.reads("/ask/objection/")
    asked = visitor.answers(("objection", {"purposes": ["research"], "reasons": ""}), ADA).sends()
    assert sorted(each.particulars["purposes"] for each in asked) == [["marketing"], ["research"]]


def test_an_opt_out_in_california_is_done_without_a_code(visitor: Visitor) -> None:
    place = (("where", {"place": "US"}), ("region", {"place": "US-CA"}))
    visitor.answers(ME, *place, rights("opt_out_sale_share"), ADA)
    (asked,) = visitor.sends()
    sent = visitor.reads("/ask/sent/")
    assert asked.state == RequestState.EXECUTING
    assert "We do what you ask" in sent
    assert "enter your code" not in sent


def test_india_takes_a_grievance_in_words(visitor: Visitor) -> None:
    words = ("grievance", {"words": "Nobody answered me."})
    visitor.answers(ME, ("where", {"place": "IN"}), rights("grievance"), words, ADA)
    assert "Nobody answered me." in visitor.reads("/ask/check/")
    (grievance,) = visitor.sends()
    assert grievance.details == "Nobody answered me."


def test_from_the_day_on_which_india_gives_the_right_somebody_can_be_named() -> None:
    nominee = {"nominee_name": "Bo", "nominee_email": "bo@example.org"}
    answers = {"where": {"place": "IN"}, "what": {"rights": ["nominate"]}, "nominate": nominee}
    (wanted,) = wanted_of(Flow(answers, on=date(2027, 6, 1)))
    assert (wanted.right, wanted.particulars) == ("nominate", nominee)


def test_an_agent_says_who_they_are_and_the_code_goes_to_the_person(visitor: Visitor) -> None:
    agent = {"name": "Lou Lawyer", "email": "lou@law.example", "proof": "mandate"}
    visitor.answers(("who", {"who": "agent"}))
    assert "Where do they live?" in visitor.reads(visitor.next)
    visitor.answers(PORTUGAL, rights("access"))
    assert "Their mail address" in visitor.reads(visitor.next)
    visitor.answers(ADA, ("agent", agent), NOTHING_MORE)
    assert "I have a signed permission" in visitor.reads("/ask/check/")
    (asked,) = visitor.sends()
    assert (asked.asked_by, asked.asker_name) == (Asker.AGENT, "Lou Lawyer")
    assert asked.submission.answers["agent_proof"] == "mandate"
    assert {message.to_address for message in asked.messages.all()} == {"ada@example.org"}
    assert "The person confirms it" in visitor.reads("/ask/sent/")


def test_a_parent_says_how_old_the_child_is_and_how_they_are_related(visitor: Visitor) -> None:
    parent = {"relation": "parent", "name": "Pat", "email": "pat@example.org"}
    child = ("about", {"name": "Kim", "email": "kim@example.org", "age": "under_13"})
    visitor.answers(("who", {"who": "child"}), PORTUGAL, rights("access"), child, ("child", parent))
    visitor.answers(NOTHING_MORE)
    assert "Under 13" in visitor.reads("/ask/check/")
    (asked,) = visitor.sends()
    assert (asked.asked_by, asked.asker_name, asked.subject_name) == (Asker.GUARDIAN, "Pat", "Kim")
    kept = asked.submission.answers
    assert (kept["child_age"], kept["child_relation"]) == ("under_13", "parent")


def test_changing_who_asks_forgets_nothing_and_asks_only_what_is_new(visitor: Visitor) -> None:
    visitor.answers(ME, PORTUGAL, rights("access"), ADA, NOTHING_MORE)
    visitor.next = "/ask/who/"
    visitor.answers(("who", {"who": "agent"}))
    assert visitor.next == "/ask/agent/"


def test_nothing_is_kept_of_an_agent_page_that_no_longer_counts(visitor: Visitor) -> None:
    agent = {"name": "Lou Lawyer", "email": "lou@law.example", "proof": "mandate"}
    visitor.answers(
        ("who", {"who": "agent"}), PORTUGAL, rights("access"), ADA, ("agent", agent), NOTHING_MORE
    )
    visitor.next = "/ask/who/"
    visitor.answers(ME)
    (asked,) = visitor.sends()
    assert (asked.asked_by, asked.asker_name) == (Asker.SELF, "")
    assert "agent_proof" not in asked.submission.answers


def test_a_wish_given_up_again_leaves_nothing_behind(visitor: Visitor) -> None:
    visitor.answers(ME, PORTUGAL, rights("correction"), ("correction", {"rows_shown": "1", **TOWN}), ADA)
    visitor.next = "/ask/what/"
    visitor.answers(rights("access"), NOTHING_MORE)
    assert "London" not in visitor.reads("/ask/check/")
    (asked,) = visitor.sends()
    assert asked.particulars == {}
    assert SubjectRequest.objects.count() == 1
