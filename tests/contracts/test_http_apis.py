"""The contract once more, by an API that makes it hard: tokens that expire, bodies, cursors, links, exports."""

import csv
import io
import json
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest

from fulfillment.connectors import http
from fulfillment.connectors.base import CONNECTORS
from fulfillment.connectors.contract.club import SECRET, club_map, club_rows
from fulfillment.connectors.contract.suite import ConnectorContract, Harness
from tests.fulfillment.connectors.rude_desk import Clock
from tests.json_server import Answer, Asked, JsonServer, segments

HARD_API = {
    "auth": {"kind": "oauth2", "token_url": "/token", "send": "basic", "scope": "read"},
    "headers": {"X-Version": "7"},
    "rate": {"per_minute": 50_000},
    "verdict": {"ok": "ok", "code": "error", "nobody": ["not_found"], "wait": ["slow_down"]},
    "collections": {
        "members": {
            "method": "POST",
            "path": "/{settings.tenant}/members/search",
            "body": {"where": [{"field": "email", "is": "{identity.email}"}], "page": {"size": 1}},
            "records": "found",
            "each": "node",
            "others": "leave_out",
            "paging": {"kind": "cursor", "in": "body", "param": "page.after", "next": "page.next"},
        },
        "orders": {
            "path": "/{settings.tenant}/orders",
            "query": {"member": "{members.id}"},
            "records": "found",
            "paging": {"kind": "link"},
        },
        "lines": {
            "method": "POST",
            "path": "/{settings.tenant}/exports",
            "form": {"order": "{orders.id}"},
            "job": {
                "id": "job.id",
                "status": "/{settings.tenant}/exports/{job.id}",
                "state": "job.state",
                "done": ["ready"],
                "failed": ["broken"],
                "first_wait_seconds": 1,
                "result": {"url": "job.file", "format": "csv", "packed": "zip"},
            },
        },
        "calls": {
            "method": "POST",
            "path": "/{settings.tenant}/graphql",
            "body": {
                "query": "query Calls($phone: String!) { calls(phone: $phone) { id phone seconds } }",
                "variables": {"phone": "{identity.phone_number}"},
            },
            "records": "data.calls",
        },
    },
}


class HardService:
    """The club's other web service; every token is good for a few calls only."""

    def __init__(self) -> None:
        self.url = ""
        self.held = club_rows()
        self.left = 0
        self.number = 0
        self.jobs: list[tuple[str, int]] = []

    def __call__(self, asked: Asked) -> Answer:
        if asked.path == "/token":
            assert asked.headers["authorization"] == "Basic Y2x1YjpzM2NyM3QlNDAlM0ElMkYlMjU="
            self.left, self.number = 25, self.number + 1
            return Answer({"access_token": f"t{self.number}", "token_type": "bearer", "expires_in": 3600})
        self.left -= 1
        if self.left < 0 or asked.headers.get("authorization") != f"Bearer t{self.number}":
            return Answer({"ok": False}, status=401)
        assert asked.headers["x-version"] == "7"
        tenant, kind, *rest = segments(asked.path)
        assert tenant == "club"
        if self.left == 3 and rest[1:] != ["file"]:
            return Answer({"ok": False, "error": "slow_down"})
        return getattr(self, f"_{kind}")(asked, rest)

    def _members(self, asked: Asked, _rest: list[str]) -> Answer:
        wanted = asked.json["where"][0]["is"].strip().lower()
        rows = [each for each in self.held["members"] if wanted in each["email"].lower()]
        if not rows:
            return Answer({"ok": False, "error": "not_found"})
        start = asked.json["page"].get("after", 0)
        following = start + 1 if start + 1 < len(rows) else None
        found = [{"node": each} for each in rows[start : start + 1]]
        return Answer({"ok": True, "found": found, "page": {"next": following}})

    def _orders(self, asked: Asked, _rest: list[str]) -> Answer:
        rows = [each for each in self.held["orders"] if str(each["member_id"]) == asked.query["member"]]
        start = int(asked.query.get("from", 0))
        path = f"{self.url}/club/orders?member={asked.query['member']}&from={start + 4}"
        links = {"Link": f'<{path}>; rel="next"'} if start + 4 < len(rows) else {}
        return Answer({"ok": True, "found": rows[start : start + 4]}, headers=links)

    def _exports(self, asked: Asked, rest: list[str]) -> Answer:
        if not rest:
            self.jobs.append((asked.form["order"], 0 if self.jobs else 2))
            return Answer({"ok": True, "job": {"id": len(self.jobs) - 1}}, status=202)
        order, left = self.jobs[int(rest[0])]
        if rest[1:] == ["file"]:
            return Answer(self._zipped([each for each in self.held["lines"] if each["order_id"] == order]))
        self.jobs[int(rest[0])] = (order, left - 1)
        state = {"state": "working" if left > 0 else "ready", "file": f"/club/exports/{rest[0]}/file"}
        return Answer({"ok": True, "job": state})

    def _zipped(self, rows: list[dict[str, Any]]) -> bytes:
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for number, part in enumerate((rows[:2], rows[2:])):
                text = io.StringIO()
                writer = csv.DictWriter(text, ["order_id", "no", "what"])
                writer.writeheader()
                writer.writerows(part)
                archive.writestr(f"../part{number}.csv", text.getvalue())
        return packed.getvalue()

    def _graphql(self, asked: Asked, _rest: list[str]) -> Answer:
        digits = "".join(mark for mark in asked.json["variables"]["phone"] if mark.isdigit())
        rows = [
            each
            for each in self.held["calls"]
            if "".join(mark for mark in each["phone"] if mark.isdigit()) == digits.removeprefix("00")
        ]
        return Answer({"ok": True, "data": {"calls": rows}})


class TestHardApi(ConnectorContract):
    @pytest.fixture
    def harness(self, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Harness]:
        monkeypatch.setattr(http, "time", Clock())
        service = HardService()
        with JsonServer(service) as server:
            service.url = server.url
            settings.OUTBOUND_ALLOWED_HOSTS = [f"127.0.0.1:{server.port}"]
            about = {"base_url": server.url, "values": {"tenant": "club"}}
            secrets = {"client_id": "club", "client_secret": SECRET}
            connector = CONNECTORS.get("rest_api").from_settings({**about, **secrets})
            yield Harness(connector, club_map(api=json.loads(json.dumps(HARD_API))))
