"""A service with two users, on a real server, whose every change can go wrong in a chosen way."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest

from fulfillment.connectors import http, memory
from fulfillment.connectors.base import CONNECTORS, Connector
from fulfillment.connectors.changing import ChangeOrder, ChangeReceipt, Operation
from fulfillment.connectors.memory import OwnMemory
from fulfillment.datamaps.datamap import DataMap
from tests.fulfillment.connectors.asking import query, tables
from tests.fulfillment.connectors.rude_desk import Clock
from tests.json_server import Answer, Asked, JsonServer, segments

USERS = """{name: users, fields: [{name: id, fides_meta: {primary_key: true}}, {name: mail, fides_meta:
    {identity: email}}, {name: name}, {name: blocked}, {name: news}]}"""
NOTES = """{name: notes, fields: [{name: id, fides_meta: {primary_key: true}}, {name: user, fides_meta:
    {references: [{dataset: s, field: users.id, direction: from}]}}, {name: text}]}"""
CARDS = NOTES.replace("notes", "cards")
ME = {"path": "/users/{users.id}"}


def described(**verbs: Any) -> dict[str, Any]:
    """How the service is asked; `verbs` take the place of those of the users."""
    users = {
        "erase": {"method": "DELETE", **ME, "expects": [204], "told": {**ME, "gone": [410]}},
        "correct": {
            "method": "PATCH",
            **ME,
            "body": {"{change.field}": "{change.right}"},
            "fields": ["name"],
        },
        "restrict": {**ME, "body": {"blocked": True}, "told": {**ME, "holds": {"blocked": True}}},
        "lift": {**ME, "body": {"blocked": False}, "told": {**ME, "holds": {"blocked": False}}},
        "suppress": {"marketing": {**ME, "body": {"news": False}}},
        **verbs,
    }
    below = {"path": "/users/{users.id}/notes"}
    return {
        "auth": {"kind": "none"},
        "once_header": "Idempotency-Key",
        "collections": {
            "users": {"path": "/users", "query": {"mail": "{identity.email}"}, "changes": users},
            "notes": {**below, "changes": {"erase": {"method": "DELETE", "path": "/notes/{notes.id}"}}},
            "cards": {"path": "/users/{users.id}/cards", "changes": {"goes_with": "users"}},
        },
    }


def mapped(api: dict[str, Any] | None = None, rules: dict[str, Any] | None = None, **erase: str) -> DataMap:
    """The map, with what becomes of each collection; `rules` say it in full."""
    kept = {"users": "delete", "notes": "delete", "cards": "delete", **erase}
    return tables(
        USERS,
        NOTES,
        CARDS,
        api=api or described(),
        collections={name: {"erase": how} for name, how in kept.items()} | (rules or {}),
    )


@dataclass
class Service:
    """Two users with notes and cards, and a list of what goes wrong with the next changes."""

    rows: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    trouble: list[str] = field(default_factory=list)
    changes: list[str] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    stall: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.rows = {"users": {}, "notes": {}, "cards": {}}
        for user, mail in (("1", "ann@x.org"), ("2", "joann@x.org")):
            self.rows["users"][user] = {"id": user, "mail": mail, "name": "A", "blocked": False, "news": True}
            for kind in ("notes", "cards"):
                for number in ("1", "2"):
                    key = f"{kind[0]}{user}{number}"
                    self.rows[kind][key] = {"id": key, "user": user, "text": "t"}

    def __call__(self, asked: Asked) -> Answer:
        parts = segments(asked.path)
        if asked.method == "GET":
            return self._read(asked, parts)
        trouble = self.trouble.pop(0) if self.trouble else ""
        refusals = {"before": 500, "busy": 429, "no": 422}
        if trouble in refusals:
            return Answer(status=refusals[trouble], headers={"Retry-After": "3600"})
        self.changes.append(f"{asked.method} {asked.path}")
        self.keys.append(asked.headers.get("idempotency-key", ""))
        answer = self._change(asked, parts)
        if trouble == "after":
            return Answer(status=502)
        if trouble == "stall":
            self.stall.wait(3)
        return answer

    def _read(self, asked: Asked, parts: list[str]) -> Answer:
        match parts:
            case ["users"]:
                return Answer(
                    [each for each in self.rows["users"].values() if each["mail"] == asked.query["mail"]]
                )
            case ["users", number]:
                row = self.rows["users"].get(number)
                return Answer(row) if row else Answer(status=410)
            case _:
                return Answer([each for each in self.rows[parts[2]].values() if each["user"] == parts[1]])

    def _change(self, asked: Asked, parts: list[str]) -> Answer:
        row = self.rows[parts[0]].get(parts[1])
        if row is None:
            return Answer(status=404)
        if asked.method == "DELETE":
            del self.rows[parts[0]][parts[1]]
            if parts[0] == "users":
                gone = [key for key, each in self.rows["cards"].items() if each["user"] == parts[1]]
                for key in gone:
                    del self.rows["cards"][key]
            return Answer(b"", status=204)
        row.update(asked.json)
        return Answer(row)


@dataclass
class Bench:
    """The service on a real server, and orders for it."""

    service: Service
    server: JsonServer
    kept: OwnMemory = field(default_factory=OwnMemory)
    noted: list[ChangeReceipt] = field(default_factory=list)

    def connector(self) -> Connector[Any]:
        """A connector as the next attempt would open it: new, with the source's memory."""
        made = CONNECTORS.get("rest_api").from_settings({"base_url": self.server.url})
        made.memory = self.kept
        return made

    def order(self, operation: Operation = Operation.ERASE, *collections: str, **more: Any) -> ChangeOrder:
        """An order about Ann."""
        names = collections or ("users", "notes", "cards")
        moment = datetime(2026, 11, 22, tzinfo=UTC)
        return ChangeOrder("order-1", operation, query("ann@x.org"), names, moment, b"secret", **more)

    def garble(self, answer: Answer) -> None:
        """From now on a change is made, and answered by this."""

        def decide(asked: Asked) -> Answer:
            made = self.service(asked)
            return made if asked.method == "GET" else answer

        self.server.decide = decide

    def change(self, order: ChangeOrder, data_map: DataMap | None = None) -> ChangeReceipt:
        """Carry an order out, by a new connector."""
        return self.connector().change(order, data_map or mapped(), note=self.noted.append)


@pytest.fixture
def bench(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    """The service, and a clock that nobody has to wait for."""
    clock = Clock()
    monkeypatch.setattr(http, "time", clock)
    monkeypatch.setattr(memory, "time", clock)
    settings.OUTBOUND_ALLOWED_HOSTS = ["127.0.0.1"]
    service = Service()
    with JsonServer(service) as server:
        yield Bench(service, server)
        service.stall.set()


def counts(receipt: ChangeReceipt) -> dict[str, int]:
    return {line.collection: line.rows for line in receipt.lines}
