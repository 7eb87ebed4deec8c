"""Log lines carry the id of their request, as JSON where machines read them."""

import io
import json
import logging
import logging.config
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.test import Client

from omne_dsar import logs


@contextmanager
def json_lines(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """Log as in production, into a text."""
    stream = io.StringIO()
    with monkeypatch.context() as patch:
        patch.setattr("sys.stderr", stream)
        logging.config.dictConfig(logs.configuration(level="INFO", as_json=True))
        yield stream
    logging.config.dictConfig(settings.LOGGING)


def test_a_line_is_json_with_the_id_of_its_request(monkeypatch: pytest.MonkeyPatch) -> None:
    with json_lines(monkeypatch) as stream:
        logs.carry_request_id("one-request")
        logging.getLogger("requests_app").warning("The broker is away.")
        logs.carry_request_id(None)
    line = json.loads(stream.getvalue())
    assert (line["levelname"], line["request_id"]) == ("WARNING", "one-request")
    assert line["message"] == "The broker is away."


def test_every_answer_names_its_request() -> None:
    first, second = (Client().get("/health/alive")["X-Request-ID"] for _ in range(2))
    assert first != second
    assert len(first) == 32


def test_an_id_given_by_a_proxy_is_kept() -> None:
    response = Client().get("/health/alive", headers={"X-Request-ID": "proxy-0123456789"})
    assert response["X-Request-ID"] == "proxy-0123456789"


@pytest.mark.parametrize("given", ["short", "with spaces in it", "x" * 65, "line\\nbreak-0123456"])
def test_an_id_that_is_none_is_replaced(given: str) -> None:
    assert Client().get("/health/alive", headers={"X-Request-ID": given})["X-Request-ID"] != given


def test_addresses_with_what_people_typed_are_not_logged(monkeypatch: pytest.MonkeyPatch) -> None:
    with json_lines(monkeypatch) as stream:
        Client().get("/no-such-page?email=ada@example.com")
        Client().get("/health/ready/ada@example.com")
        logging.getLogger("omne_dsar").info("after")
    assert "after" in stream.getvalue()
    assert "ada" not in stream.getvalue()
