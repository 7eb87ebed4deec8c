"""The order of the questions."""

import pytest

from requests_app.components.parts import Progress
from requests_app.intake.web.flow import Flow, place_of

ALL = {
    "who": {"who": "me"},
    "where": {"skip": False, "place": "PT"},
    "what": {"right": "access"},
    "about": {"name": "Ada", "email": "ada@example.org"},
    "details": {"details": "", "period": ""},
}


def test_a_visitor_without_answers_begins_at_the_first_question() -> None:
    flow = Flow({})
    assert flow.next_url == "/ask/who/"
    assert flow.rail(flow.question("who")).number == 1
    assert flow.rail(None).total == 6


def test_with_every_answer_the_check_page_comes_next() -> None:
    assert Flow(ALL).next_url == "/ask/check/"
    assert Flow(ALL).back_url(None) == "/ask/details/"


@pytest.mark.parametrize(("country", "asked"), [("US", True), ("CA", True), ("PT", False)])
def test_the_region_is_asked_only_where_the_law_differs_by_it(country: str, asked: bool) -> None:
    flow = Flow({**ALL, "where": {"skip": False, "place": country}})
    assert (flow.question("region") is not None) is asked
    assert flow.next_url == ("/ask/region/" if asked else "/ask/check/")


def test_a_new_country_makes_the_region_of_the_old_one_void() -> None:
    moved = {**ALL, "where": {"skip": False, "place": "CA"}, "region": {"skip": False, "place": "US-CA"}}
    assert Flow(moved).next_url == "/ask/region/"
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
    flow = Flow({"who": {"who": "me"}})
    about = flow.question("about")
    where = flow.question("where")
    assert about
    assert not flow.may_see(about)
    assert where
    assert flow.may_see(where)


def test_the_thread_leads_back_to_answered_steps_only() -> None:
    flow = Flow({"who": {"who": "me"}})
    steps = flow.rail(flow.question("where")).steps
    assert [(step.progress, bool(step.url)) for step in steps[:3]] == [
        (Progress.DONE, True),
        (Progress.NOW, False),
        (Progress.NEXT, False),
    ]
