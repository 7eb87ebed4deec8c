"""Web APIs that misbehave: slow, failing, endless, wrong, about somebody else."""

import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from fulfillment.connectors import http
from fulfillment.connectors.base import CONNECTORS, Batch
from fulfillment.connectors.errors import ConnectorError, Fatal, NotConfigured, Retryable
from tests.fulfillment.connectors.asking import found, query, tables
from tests.fulfillment.connectors.rude_desk import TICKETS, Desk, mapped, ticket, tickets
from tests.json_server import Answer


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
    told, again = desk.asked_at
    assert again >= told + 7
    assert sum(desk.clock.waited) < 8
    assert len(beats) > 4


def test_understands_a_date_to_wait_for(desk: Desk) -> None:
    until = format_datetime(datetime.now(UTC) + timedelta(seconds=9), usegmt=True)
    desk.answers = [Answer(status=503, headers={"Retry-After": until}), tickets(1)]
    assert found(desk.connector(), mapped(), "ann@x.org")
    assert 7 < sum(desk.clock.waited) < 11


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


def test_nobody_asked_for_is_written_into_a_log(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    desk.answers = [Answer(status=500), tickets(1)]
    found(desk.connector(), mapped(), "ann@x.org")
    assert "ann@" not in caplog.text
