"""The register behind signed orders: it looks, changes once for each name of an order, and gives receipts."""

import json
from collections.abc import Mapping
from typing import Any

from fulfillment.connectors.contract.register import register_rows
from tests.json_server import Answer, Asked

Rows = list[dict[str, Any]]


class OrderService:
    """Answers every order at once."""

    def __init__(self) -> None:
        self.held = register_rows()
        self.ended: dict[str, Any] = {}

    def __call__(self, asked: Asked) -> Answer:
        order = asked.json
        match order["type"]:
            case "ping":
                return Answer({})
            case "search":
                return Answer(self._found(order), headers={"content-type": "application/x-ndjson"})
            case "status":
                return Answer(self.ended.get(order["order"], {"state": "not_known"}))
            case "look":
                return Answer({"planned": self._lines(order)})
        if order["order"] not in self.ended:
            receipt = {"lines": self._lines(order), "token": order["order"][:12]}
            person = self._person(order)
            for table, how in order["collections"].items():
                self._change(table, person[table], how, order)
            self.ended[order["order"]] = {"state": "done", "receipt": receipt}
        return Answer(self.ended[order["order"]])

    def _person(self, order: Mapping[str, Any]) -> dict[str, Rows]:
        wanted = {each["value"].lower() for each in order["identities"] if each["kind"] == "email"}
        members = [row for row in self.held["members"] if row["email"].lower() in wanted]
        own = {row["id"] for row in members}
        return {
            "members": members,
            "notes": [row for row in self.held["notes"] if row["member_id"] in own],
        }

    def _found(self, order: Mapping[str, Any]) -> bytes:
        rows = self._person(order)
        lines = [{"collection": table, "row": row} for table, each in rows.items() for row in each]
        ended = {"end": {table: len(each) for table, each in rows.items()}}
        return "\n".join(json.dumps(line) for line in (*lines, ended)).encode()

    def _lines(self, order: Mapping[str, Any]) -> list[dict[str, Any]]:
        rows = self._person(order)
        how = "delete" if order["operation"] == "erase" else "set"
        return [{"collection": table, "how": how, "rows": len(rows[table])} for table in order["collections"]]

    def _change(self, table: str, rows: Rows, how: Mapping[str, Any], order: Mapping[str, Any]) -> None:
        if order["operation"] == "erase":
            self.held[table] = [row for row in self.held[table] if row not in rows]
        for row in rows:
            row.update(how["fields"])
            for each in order["corrections"]:
                if each["collection"] == table and row[each["field"]] == each["wrong"]:
                    row[each["field"]] = each["right"]
