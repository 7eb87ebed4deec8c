"""The order of the questions."""

import pytest

from requests_app.components.parts import Progress
from requests_app.intake.web.flow import Flow
from requests_app.intake.web.places import place_of
from requests_app.intake.web.questions import Answers
from tests.factories import NOON

ALL = {
    "who": {"who": "me"},
    "where": {"skip": False, "place": "PT"},
    "what": {"rights": ["access"]},
    "about": {"name": "Ada", "email": "ada@example.org"},
    "details": {"details": "", "period": ""},
}


def _flow(answers: Answers) -> Flow:
    return Flow(answers, on=NOON.date())


def test_a_visitor_without_answers_begins_at_the_first_question() -> None:
    flow = _flow({})
    assert flow.next_url == "/ask/who/"
    assert flow.rail(flow.question("who")).number == 1
    assert flow.rail(None).total == 6


def test_with_every_answer_the_check_page_comes_next() -> None:
    assert _flow(ALL).next_url == "/ask/check/"
    assert _flow(ALL).back_url(None) == "/ask/details/"


@pytest.mark.parametrize(("country", "asked"), [("US", True), ("CA", True), ("PT", False)])
def test_the_region_is_asked_only_where_the_law_differs_by_it(country: str, asked: bool) -> None:
    flow = _flow({**ALL, "where": {"skip": False, "place": country}})
    assert (flow.question("region") is not None) is asked
    assert flow.next_url == ("/ask/region/" if asked else "/ask/check/")


def test_a_new_country_makes_the_region_of_the_old_one_void() -> None:
    moved = {**ALL, "where": {"skip": False, "place": "CA"}, "region": {"skip": False, "place": "US-CA"}}
    assert _flow(moved).next_url == "/ask/region/"
    assert place_of(moved) == "CA"


@pytest.mark.parametrize(
    ("where", "region", "place"),
    [
        ({"skip": True, "place": ""}, {}, None),
        ({"place": "PT"}, {}, "PT"),
        ({"place": "US"}, {"place": "US-CA"}, "US-CA"),
        ({"place": "CA"}, {"place": "CA-QC"}, "CA-QC"),
        ({"place": "US"}, {"skip": True, "place": ""}, "US"),
    ],
)
def test_the_place_is_what_the_person_said_and_no_more(
    where: dict[str, object], region: dict[str, object], place: str | None
) -> None:
    assert place_of({**ALL, "where": where, "region": region}) == place


def test_no_question_can_be_seen_before_those_that_precede_it_are_answered() -> None:
    flow = _flow({"who": {"who": "me"}})
    about = flow.question("about")
    where = flow.question("where")
    assert about
    assert not flow.may_see(about)
    assert where
    assert flow.may_see(where)


def test_the_thread_leads_back_to_answered_steps_only() -> None:
    flow = _flow({"who": {"who": "me"}})
    steps = flow.rail(flow.question("where")).steps
    assert [(step.progress, bool(step.url)) for step in steps[:3]] == [
        (Progress.DONE, True),
        (Progress.NOW, False),
        (Progress.NEXT, False),
    ]


@pytest.mark.parametrize(
    ("rights", "pages"),
    [
        (["access"], {"details"}),
        (["access", "deletion"], {"deletion", "details"}),
        (["deletion"], {"details"}),
        (["correction"], {"correction"}),
        (["objection", "restriction"], {"objection", "restriction"}),
        (["stop_marketing"], set()),
        (["withdraw_consent"], {"withdraw_consent"}),
        (["opt_out_sale_share", "limit_sensitive"], set()),
    ],
)
def test_a_right_has_its_page_only_when_it_was_chosen(rights: list[str], pages: set[str]) -> None:
    flow = _flow({**ALL, "what": {"rights": rights}})
    assert {question.key for question in flow.asked} == {"who", "where", "what", "about"} | pages


@pytest.mark.parametrize("who", ["agent", "child"])
def test_whoever_asks_for_another_is_asked_who_they_are(who: str) -> None:
    flow = _flow({**ALL, "who": {"who": who}})
    assert [question.key for question in flow.asked if question.key in {"agent", "child"}] == [who]


def test_a_right_that_the_new_place_does_not_give_has_to_be_chosen_again() -> None:
    answers = {**ALL, "where": {"place": "JP"}, "what": {"rights": ["automated_decision"]}}
    assert _flow(answers).next_url == "/ask/what/"
