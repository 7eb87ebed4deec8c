"""Hints behind a page: sent by one thread, in their order, under the id of their request, and never waited for."""

import threading
import time

import pytest

from omne_dsar import logs
from requests_app import hints
from tests.waiting import wait_until


@pytest.fixture
def sender(monkeypatch: pytest.MonkeyPatch) -> hints._Sender:
    """One that serves pages, for this test alone."""
    sender = hints._Sender()
    monkeypatch.setattr(hints, "_sender", sender)
    hints.send_behind_the_page()
    return sender


def test_a_hint_is_sent_at_once_where_nobody_waits_for_a_page() -> None:
    sent: list[str] = []
    hints.send(lambda: sent.append(threading.current_thread().name))
    assert sent == [threading.current_thread().name]


def test_behind_a_page_nobody_waits_and_the_order_is_kept(sender: hints._Sender) -> None:
    gate, sent = threading.Event(), []
    began = time.monotonic()
    hints.send(lambda: gate.wait(30) and sent.append("first"))
    hints.send(lambda: sent.append("second"))
    assert time.monotonic() - began < 1
    assert sent == []
    gate.set()
    wait_until(lambda: sent == ["first", "second"])


def test_a_hint_keeps_the_id_of_its_request(sender: hints._Sender) -> None:
    sent: list[str] = []
    logs.carry_request_id("a-request-id")
    try:
        hints.send(lambda: sent.append(logs.current_request_id()))
    finally:
        logs.carry_request_id(None)
    wait_until(lambda: sent == ["a-request-id"])


def test_what_finds_no_room_is_left_to_the_sweep(
    sender: hints._Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate, sent = threading.Event(), []
    hints.send(lambda: gate.wait(30) and None)
    wait_until(lambda: sender._waiting.empty())
    for number in range(hints.MOST_WAITING + 5):
        hints.send(lambda number=number: sent.append(number))
    gate.set()
    wait_until(lambda: len(sent) == hints.MOST_WAITING)
    assert sent[-1] == hints.MOST_WAITING - 1
