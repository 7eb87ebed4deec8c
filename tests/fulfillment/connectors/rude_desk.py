"""A help desk on a real server whose every answer a test lists, and a clock that nobody has to wait for."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from fulfillment.connectors.base import CONNECTORS, Connector
from fulfillment.connectors.errors import ConnectorError
from fulfillment.datamaps.datamap import DataMap
from tests.fulfillment.connectors.asking import found, tables
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
    asked_at: list[float] = field(default_factory=list)

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


def mapped(
    paging: Any = PAGED, more: str = "", *, timeout: float = 20, auth: Any = None, **endpoint: Any
) -> DataMap:
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
    api = {"auth": auth or {"kind": "bearer"}, "timeout_seconds": timeout, "collections": described}
    return tables(TICKETS, *([more] if more else []), api=api)


def ticket(number: int, **other: Any) -> dict[str, Any]:
    return {"id": number, "mail": "ann@x.org", "text": "help", **other}


def tickets(*numbers: int, **envelope: Any) -> Answer:
    return Answer({"items": [ticket(number) for number in numbers], **envelope})
