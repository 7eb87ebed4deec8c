"""Long lists: every way of handing them out is followed to its end, and none out of the house."""

from typing import Any

import pytest

from fulfillment.connectors.errors import Fatal
from fulfillment.datamaps.errors import MapRefused
from tests.fulfillment.connectors.asking import found
from tests.fulfillment.connectors.rude_desk import Desk, mapped, ticket
from tests.json_server import Answer, Asked

ALL = list(range(1, 8))


def served(desk: Desk, paging: dict[str, Any], pages: Any, **endpoint: Any) -> list[int]:
    """The numbers of the tickets that come through a way of paging."""
    desk.answers = [pages]
    rows = found(desk.connector(), mapped(paging, **endpoint), "ann@x.org").get("tickets", [])
    return [row["id"] for row in rows]


def slice_of(start: int, size: int, **envelope: Any) -> Answer:
    """Tickets from a position on."""
    return Answer({"items": [ticket(number) for number in ALL[start : start + size]], **envelope})


def test_by_offset_until_a_page_is_not_full(desk: Desk) -> None:
    paging = {"kind": "offset", "param": "skip", "size_param": "top", "size": 3}
    assert (
        served(desk, paging, lambda asked: slice_of(int(asked.query["skip"]), int(asked.query["top"]))) == ALL
    )
    assert [each.query["skip"] for each in desk.server.asked] == ["0", "3", "6"]


def test_by_a_cursor_that_the_answer_names(desk: Desk) -> None:
    paging = {"kind": "cursor", "param": "cursor", "next": "meta.next", "size_param": "limit", "size": 3}

    def pages(asked: Asked) -> Answer:
        start = int(asked.query.get("cursor", "at0").removeprefix("at"))
        assert asked.query["limit"] == "3"
        return slice_of(start, 3, meta={"next": f"at{start + 3}" if start + 3 < 7 else ""})

    assert served(desk, paging, pages) == ALL


def test_by_the_last_records_own_number(desk: Desk) -> None:
    paging = {"kind": "cursor", "param": "starting_after", "last": "id", "more": "has_more"}

    def pages(asked: Asked) -> Answer:
        start = int(asked.query.get("starting_after", "0"))
        return slice_of(start, 3, has_more=start + 3 < 7)

    assert served(desk, paging, pages) == ALL


def test_by_a_cursor_in_the_body_of_a_search(desk: Desk) -> None:
    paging = {
        "kind": "cursor",
        "in": "body",
        "param": "page.after",
        "next": "next",
        "size_param": "page.size",
        "size": 3,
    }

    def pages(asked: Asked) -> Answer:
        assert asked.json["filter"] == {"field": "mail", "value": "ann@x.org"}
        start = asked.json["page"].get("after", 0)
        return slice_of(start, asked.json["page"]["size"], next=start + 3 if start + 3 < 7 else None)

    body = {"filter": {"field": "mail", "value": "{identity.email}"}}
    assert served(desk, paging, pages, method="POST", query={}, body=body) == ALL


def test_by_the_link_header(desk: Desk) -> None:
    def pages(asked: Asked) -> Answer:
        start = int(asked.query.get("after", "0"))
        following = f'<{desk.server.url}/tickets?after={start + 3}>; rel="next"' if start + 3 < 7 else ""
        links = f'<{desk.server.url}/tickets>; rel="self", {following}'
        return Answer([ticket(number) for number in ALL[start : start + 3]], headers={"Link": links})

    assert served(desk, {"kind": "link"}, pages, records=None) == ALL


def test_by_an_address_in_the_answer_while_more_is_said(desk: Desk) -> None:
    paging = {"kind": "next", "next": "links.next", "more": "meta.has_more"}

    def pages(asked: Asked) -> Answer:
        start = int(asked.query.get("after", "0"))
        links = {"next": f"{desk.server.url}/tickets?after={start + 3}"}
        return slice_of(start, 3, links=links, meta={"has_more": start + 3 < 7})

    assert served(desk, paging, pages) == ALL


@pytest.mark.parametrize(
    "following",
    [
        "http://elsewhere.test/tickets",
        "//elsewhere.test/x",
        "https://127.0.0.1/tickets",
        "http://127.0.0.1:1/tickets",
        "http://me@127.0.0.1/tickets",
        "http://169.254.169.254/latest",
        "http://2130706433/",
        "file:///etc/passwd",
        "javascript:1",
        "http://[",
        "/tickets?mail=ann%40x.org",
    ],
)
@pytest.mark.parametrize("kind", ["next", "link"])
def test_no_page_is_looked_for_elsewhere_or_twice(desk: Desk, kind: str, following: str) -> None:
    headers = {"Link": f'<{following}>; rel="next"'} if kind == "link" else {}
    desk.answers = [Answer({"items": [ticket(1)], "after": following}, headers=headers)]
    paging = {"kind": kind, **({"next": "after"} if kind == "next" else {})}
    failure = desk.fails(mapped(paging))
    assert isinstance(failure, Fatal)
    assert "elsewhere, or in a circle" in str(failure)
    assert len(desk.server.asked) == 1


def test_a_page_beside_the_apis_own_path_is_another_customers(desk: Desk) -> None:
    desk.answers = [Answer({"items": [ticket(1)], "after": "/beta/tickets"})]
    failure = desk.fails(mapped({"kind": "next", "next": "after"}), base_url=f"{desk.server.url}/alpha")
    assert "elsewhere" in str(failure)
    assert [each.path for each in desk.server.asked] == ["/alpha/tickets"]


def test_a_cursor_that_stands_still_is_a_circle(desk: Desk) -> None:
    desk.answers = [Answer({"items": [ticket(1)], "next": "same"})]
    failure = desk.fails(mapped({"kind": "cursor", "param": "cursor", "next": "next"}))
    assert "in a circle" in str(failure)


def test_more_without_saying_where_is_no_end(desk: Desk) -> None:
    desk.answers = [Answer({"items": [], "has_more": True})]
    failure = desk.fails(mapped({"kind": "cursor", "param": "a", "last": "id", "more": "has_more"}))
    assert "said that more follow" in str(failure)


@pytest.mark.parametrize(
    "paging",
    [
        {"kind": "page", "param": "page"},
        {"kind": "offset", "param": "skip"},
        {"kind": "cursor", "param": "a"},
        {"kind": "cursor", "param": "a", "last": "id"},
        {"kind": "cursor", "param": "a", "last": "id", "next": "b"},
    ],
)
def test_a_map_whose_paging_has_no_visible_end_is_refused(paging: dict[str, Any]) -> None:
    with pytest.raises(MapRefused, match="needs"):
        mapped(paging)
