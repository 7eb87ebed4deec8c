"""Web APIs that misbehave: slow, failing, endless, wrong, about somebody else."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from fulfillment.connectors import http
from fulfillment.connectors.base import CONNECTORS, Batch, Connector
from fulfillment.connectors.errors import ConnectorError, Fatal, NotConfigured, Retryable
from fulfillment.datamaps.datamap import DataMap
from tests.fulfillment.connectors.asking import ends, found, query, tables
from tests.json_server import Answer, Asked, JsonServer

TICKETS = """{name: tickets, fields: [{name: id, fides_meta: {primary_key: true, data_type: integer}},
    {name: mail, fides_meta: {identity: email, data_type: string}},
    {name: text, fides_meta: {data_type: string}}]}"""
COMMENTS = """{name: comments, fields: [{name: id, fides_meta: {data_type: string}},
    {name: ticket, fides_meta: {references: [{dataset: s, field: tickets.id, direction: from}]}}]}"""
PAGED = {"kind": "page", "param": "page", "more": "next"}


class Clock:
    """Time that passes at once when somebody waits."""

    def __init__(self) -> None:
        self.waited: list[float] = []

    def monotonic(self) -> float:
        """Real time, and what was slept through."""
        return time.monotonic() + sum(self.waited)

    def sleep(self, seconds: float) -> None:
        """Wait in no time."""
        self.waited.append(seconds)


@dataclass
class Desk:
    """A help desk whose answers a test lists; the last one is repeated."""

    server: JsonServer
    clock: Clock
    answers: list[Answer | Callable[[Asked], Answer]]

    def connector(self, **settings: Any) -> Connector[Any]:
        """A connector for it."""
        return CONNECTORS.get("rest_api").from_settings(
            {"base_url": self.server.url, "token": "t0ken", **settings}
        )

    def fails(self, data_map: DataMap, **settings: Any) -> ConnectorError:
        """How a search of Ann ends."""
        with pytest.raises(ConnectorError) as refused:
            found(self.connector(**settings), data_map, "ann@x.org")
        assert "ann@" not in str(refused.value)
        return refused.value


@pytest.fixture
def desk(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """The desk, and a clock that nobody has to wait for."""
    clock = Clock()
    monkeypatch.setattr(http, "time", clock)

    def decide(asked: Asked) -> Answer:
        answer = desk.answers.pop(0) if len(desk.answers) > 1 else desk.answers[0]
        return answer(asked) if callable(answer) else answer

    with JsonServer(decide) as server:
        settings.OUTBOUND_ALLOWED_HOSTS = ["127.0.0.1"]
        desk = Desk(server, clock, [tickets(1)])
        yield desk


def mapped(paging: Any = PAGED, more: str = "", *, timeout: float = 20, **endpoint: Any) -> DataMap:
    """The map of an API with tickets by address, and perhaps more collections below them."""
    described = {
        "tickets": {
            "path": "/tickets",
            "query": {"mail": "{identity.email}"},
            "records": "items",
            "paging": paging,
            **endpoint,
        }
    }
    if more:
        described["comments"] = {"path": "/tickets/{tickets.id}/comments", "records": "items"}
    api = {"auth": {"kind": "bearer"}, "timeout_seconds": timeout, "collections": described}
    return tables(TICKETS, *([more] if more else []), api=api)


def ticket(number: int, **other: Any) -> dict[str, Any]:
    return {"id": number, "mail": "ann@x.org", "text": "help", **other}


def tickets(*numbers: int, **envelope: Any) -> Answer:
    return Answer({"items": [ticket(number) for number in numbers], **envelope})


def test_goes_on_after_errors_that_pass(desk: Desk) -> None:
    desk.answers = [
        Answer(status=500),
        tickets(1, next="x"),
        Answer(status=502),
        Answer(status=503),
        tickets(2),
    ]
    assert [row["id"] for row in found(desk.connector(), mapped(), "ann@x.org")["tickets"]] == [1, 2]


def test_gives_up_for_now_when_it_fails_again_and_again(desk: Desk) -> None:
    desk.answers = [Answer(status=500)]
    failure = desk.fails(mapped())
    assert isinstance(failure, Retryable)
    assert "answered 500" in str(failure)
    assert len(desk.server.asked) == http.ATTEMPTS


def test_waits_as_long_as_it_is_told_and_then_asks_again(desk: Desk) -> None:
    desk.answers = [Answer(status=429, headers={"Retry-After": "7"}), tickets(1)]
    beats: list[int] = []
    list(desk.connector().search(query("ann@x.org"), mapped(), heartbeat=lambda: beats.append(1)))
    assert sum(desk.clock.waited) == pytest.approx(7, abs=0.2)
    assert len(beats) > 4


def test_understands_a_date_to_wait_for(desk: Desk) -> None:
    until = format_datetime(datetime.now(UTC) + timedelta(seconds=9), usegmt=True)
    desk.answers = [Answer(status=503, headers={"Retry-After": until}), tickets(1)]
    assert found(desk.connector(), mapped(), "ann@x.org")
    assert 6 < sum(desk.clock.waited) < 10


def test_puts_the_step_off_when_told_to_wait_long(desk: Desk) -> None:
    desk.answers = [Answer(status=429, headers={"Retry-After": "3600"})]
    failure = desk.fails(mapped())
    assert isinstance(failure, Retryable)
    assert failure.retry_after == 3600
    assert desk.clock.waited == []


def test_does_not_wait_for_ever_in_short_waits(desk: Desk) -> None:
    desk.answers = [Answer(status=429, headers={"Retry-After": "20"})]
    assert isinstance(desk.fails(mapped()), Retryable)
    assert sum(desk.clock.waited) <= http.PATIENCE_SECONDS


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


def test_a_slow_drip_meets_the_limit_of_the_whole_answer(desk: Desk) -> None:
    desk.answers = [Answer({"items": [], "filler": "x" * 100}, drip=lambda: time.sleep(0.02))]
    failure = desk.fails(mapped(timeout=0.3))
    assert isinstance(failure, Retryable)
    assert "longer than 0.3 seconds" in str(failure)


def test_a_huge_answer_is_refused_and_not_cut(desk: Desk) -> None:
    desk.answers = [Answer({"items": [], "filler": "x" * 20_000})]
    failure = desk.fails(mapped(), answer_bytes=5_000)
    assert isinstance(failure, Fatal)
    assert "more bytes" in str(failure)


def test_many_answers_together_are_limited_too(desk: Desk) -> None:
    desk.answers = [tickets(1, next="x", filler="x" * 3_000)]
    assert isinstance(desk.fails(mapped(), total_bytes=10_000), Fatal)
    assert len(desk.server.asked) < 6


@pytest.mark.parametrize(
    ("answer", "kind", "words"),
    [
        (Answer(status=401), NotConfigured, "refuses the credentials"),
        (Answer(status=403), NotConfigured, "does not let its credentials"),
        (Answer(status=302, headers={"Location": "http://169.254.169.254/"}), NotConfigured, "not followed"),
        (Answer(status=404), Fatal, "has nothing at the address of tickets"),
        (Answer(status=422), Fatal, "answered 422"),
        (Answer(b"<html>"), Fatal, "not JSON"),
        (Answer(b"[" * 100_000), Fatal, "not JSON"),
        (Answer({"item": []}), Fatal, "without the list of tickets"),
        (Answer({"items": {"id": 1}}), Fatal, "without the list of tickets"),
        (Answer({"items": ["a"]}), Fatal, "something else than records"),
        (Answer({"items": [{"id": 1, "mail": "ann@x.org"}]}), Fatal, "without the mapped field text"),
        (Answer({"items": [ticket(1, id="one")]}), Fatal, "tickets.id as something else than integer"),
        (Answer({"items": [ticket(1, id=True)]}), Fatal, "tickets.id as something else than integer"),
        (Answer({"items": [ticket(1, mail="joann@x.org")]}), Fatal, "somebody else"),
        (Answer({"items": [ticket(1, mail=None)]}), Fatal, "somebody else"),
        (Answer({"items": [], "next": "more"}), Fatal, "empty page"),
    ],
)
def test_an_answer_that_must_not_be_used_is_a_sentence(
    desk: Desk, answer: Answer, kind: type[ConnectorError], words: str
) -> None:
    desk.answers = [answer]
    failure = desk.fails(mapped())
    assert isinstance(failure, kind)
    assert words in str(failure)


def test_of_a_page_with_a_strangers_record_nothing_is_given(desk: Desk) -> None:
    desk.answers = [Answer({"items": [ticket(1), ticket(2, mail="joann@x.org")]})]
    given = []
    with pytest.raises(Fatal):
        given.extend(
            each for each in desk.connector().search(query("ann@x.org"), mapped()) if isinstance(each, Batch)
        )
    assert given == []


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


def test_the_token_travels_and_is_never_shown(desk: Desk) -> None:
    found(desk.connector(), mapped(), "ann@x.org")
    assert desk.server.asked[0].headers["authorization"] == "Bearer t0ken"
    assert "t0ken" not in repr(desk.connector().settings)


def test_a_check_asks_for_nobody_and_refuses_records_of_others(desk: Desk) -> None:
    desk.answers = [Answer({"items": []})]
    assert "answers at the 1 addresses" in desk.connector().check(mapped()).sentence
    desk.answers = [tickets(1)]
    with pytest.raises(Fatal, match="gives tickets of others"):
        desk.connector().check(mapped())


def test_a_server_that_is_not_there_can_be_tried_again(desk: Desk) -> None:
    gone = CONNECTORS.get("rest_api").from_settings({"base_url": "http://127.0.0.1:1", "token": "t"})
    with pytest.raises(Retryable, match="cannot be reached"):
        found(gone, mapped(), "ann@x.org")


def test_a_map_without_a_description_of_the_api_is_refused(desk: Desk) -> None:
    with pytest.raises(NotConfigured, match=r"lacks meta\.omne\.api"):
        found(desk.connector(), tables(TICKETS), "ann@x.org")
