"""Addresses filled in, and pages followed to an end that can be trusted."""

import pytest

from fulfillment.connectors.errors import Fatal
from tests.fulfillment.connectors.asking import ends, found, tables
from tests.fulfillment.connectors.rude_desk import COMMENTS, PAGED, TICKETS, Desk, mapped, ticket, tickets
from tests.json_server import Answer


def test_keeps_below_the_rate_of_the_map(desk: Desk) -> None:
    api = {
        "auth": {"kind": "none"},
        "rate": {"per_minute": 3},
        "collections": {
            "tickets": {
                "path": "/tickets",
                "query": {"mail": "{identity.email}"},
                "records": "items",
                "paging": PAGED,
            }
        },
    }
    desk.answers = [
        tickets(1, next="x"),
        tickets(2, next="x"),
        tickets(3, next="x"),
        tickets(4, next="x"),
        tickets(5),
    ]
    found(desk.connector(), tables(TICKETS, api=api), "ann@x.org")
    assert 55 < sum(desk.clock.waited) <= 61


def test_fewer_records_than_the_source_itself_counts_are_no_complete_answer(desk: Desk) -> None:
    desk.answers = [tickets(1, 2, total=3)]
    failure = desk.fails(mapped(total="total"))
    assert "gave 2 of 3 tickets" in str(failure)


def test_a_record_that_comes_on_two_pages_is_given_once(desk: Desk) -> None:
    desk.answers = [tickets(1, 2, next="x"), tickets(2, 3)]
    assert [row["id"] for row in found(desk.connector(), mapped(), "ann@x.org")["tickets"]] == [1, 2, 3]


@pytest.mark.parametrize(
    "following", ["http://elsewhere.test/tickets?page=2", "//elsewhere.test/x", "/tickets?mail=ann%40x.org"]
)
def test_the_next_page_is_only_looked_for_in_the_same_place(desk: Desk, following: str) -> None:
    desk.answers = [tickets(1, after=following)]
    failure = desk.fails(mapped({"kind": "next", "next": "after"}))
    assert "elsewhere, or in a circle" in str(failure)


def test_identifiers_stay_inside_their_segment(desk: Desk) -> None:
    text_id = TICKETS.replace("data_type: integer", "data_type: string")
    api = {
        "auth": {"kind": "none"},
        "collections": {
            "tickets": {"path": "/tickets", "query": {"mail": "{identity.email}"}, "records": "items"},
            "comments": {"path": "/tickets/{tickets.id}/comments", "records": "items"},
        },
    }
    desk.answers = [Answer({"items": [ticket(1, id="a/../b?c#d%2F é")]}), Answer({"items": []})]
    found(desk.connector(), tables(text_id, COMMENTS, api=api), "ann@x.org")
    assert desk.server.asked[-1].path == "/tickets/a%2F..%2Fb%3Fc%23d%252F%20%C3%A9/comments"
    desk.answers = [Answer({"items": [ticket(1, id="..")]})]
    assert isinstance(desk.fails(tables(text_id, COMMENTS, api=api)), Fatal)


def test_an_identity_is_one_parameter_whatever_it_holds(desk: Desk) -> None:
    desk.answers = [Answer({"items": []})]
    found(desk.connector(), mapped(), "ann+1@x.org&mail=joann@x.org#x")
    assert desk.server.asked[0].query["mail"] == "ann+1@x.org&mail=joann@x.org#x"


def test_what_is_looked_up_by_a_parent_must_name_that_parent(desk: Desk) -> None:
    desk.answers = [tickets(7), Answer({"items": [{"id": "c", "ticket": 8}]})]
    assert "comments of somebody else" in str(desk.fails(mapped(more=COMMENTS)))
    desk.answers = [tickets(7), Answer({"items": [{"id": "c", "ticket": 7}]})]
    assert found(desk.connector(), mapped(more=COMMENTS), "ann@x.org")["comments"] == [
        {"id": "c", "ticket": 7}
    ]


def test_a_parent_that_has_gone_may_be_no_error_where_the_map_says_so(desk: Desk) -> None:
    desk.answers = [Answer(status=404)]
    assert ends(desk.connector(), mapped(missing_is_none=True), "ann@x.org")["tickets"].count == 0
