"""Intercom, as its OpenAPI describes it; its limits are counted to a moment, not for a while."""

import time
from typing import Any, ClassVar

from tests.json_server import Answer
from tests.vendors.described import ANN, JOANN, SECRET, Call, Vendor, operation


class Intercom(Vendor):
    name = "intercom"
    settings: ClassVar[dict[str, Any]] = {"token": SECRET}
    counts: ClassVar[dict[str, int]] = {"contacts": 1, "conversations": 5, "messages": 10}

    @property
    def limited(self) -> Answer:  # type: ignore[override]
        reset = str(int(time.time()) + 3)
        return Answer({"type": "error.list"}, status=429, headers={"X-RateLimit-Reset": reset})

    def __init__(self) -> None:
        super().__init__()
        self.contacts = {
            number: {
                "type": "contact",
                "id": number,
                "email": mail,
                "name": "A",
                "unsubscribed_from_emails": False,
            }
            for number, mail in (("c1", ANN), ("c2", JOANN))
        }
        self.talks = {
            str(n): {"id": str(n), "title": None, "state": "open", "created_at": n, "updated_at": n}
            for n in range(8)
        }
        self.of = {number: "c1" if int(number) < 5 else "c2" for number in self.talks}

    def gone(self) -> bool:
        return list(self.contacts) == ["c2"] and list(self.talks) == ["5", "6", "7"]

    def _paged(self, rows: list[dict[str, Any]], call: Call) -> dict[str, Any]:
        asked = call.body.get("pagination", {})
        start, size = int(asked.get("starting_after") or 0), min(asked.get("per_page", 50), 2)
        following = {"next": {"per_page": size, "starting_after": str(start + size)}}
        pages = {"type": "pages", "page": 1, "per_page": size, "total_pages": len(rows) // size}
        more = following if start + size < len(rows) else {}
        return {"rows": rows[start : start + size], "total_count": len(rows), "pages": {**pages, **more}}

    @operation("POST /contacts/search")
    def search(self, call: Call) -> Answer:
        wanted = call.body["query"]
        assert wanted["operator"] == "="
        rows = [each for each in self.contacts.values() if each[wanted["field"]] == wanted["value"]]
        paged = self._paged(rows, call)
        return Answer({"type": "list", "data": paged.pop("rows"), **paged})

    @operation("GET /contacts/{contact_id}")
    def show(self, call: Call) -> Answer:
        found = self.contacts.get(call.path["contact_id"])
        return Answer(found) if found else Answer({"type": "error.list"}, status=404)

    @operation("PUT /contacts/{contact_id}")
    def change(self, call: Call) -> Answer:
        self.contacts[call.path["contact_id"]].update(call.body)
        return Answer(self.contacts[call.path["contact_id"]])

    @operation("DELETE /contacts/{contact_id}")
    def delete(self, call: Call) -> Answer:
        if self.contacts.pop(call.path["contact_id"], None) is None:
            return Answer({"type": "error.list"}, status=404)
        return Answer(
            {"type": "contact", "id": call.path["contact_id"], "external_id": None, "deleted": True}
        )

    @operation("POST /conversations/search")
    def talk(self, call: Call) -> Answer:
        wanted = call.body["query"]
        assert (wanted["field"], wanted["operator"]) == ("contact_ids", "=")
        rows = [each for number, each in self.talks.items() if self.of[number] == wanted["value"]]
        paged = self._paged(rows, call)
        return Answer({"type": "conversation.list", "conversations": paged.pop("rows"), **paged})

    @operation("GET /conversations/{conversation_id}")
    def parts(self, call: Call) -> Answer:
        number = call.path["conversation_id"]
        if number not in self.talks:
            return Answer({"type": "error.list"}, status=404)
        about = {"type": "conversation_part", "part_type": "comment", "body": "so", "created_at": 1}
        parts = [{**about, "id": f"{number}{n}"} for n in range(2)]
        listed = {"type": "conversation_part.list", "conversation_parts": parts, "total_count": 2}
        return Answer({"type": "conversation", "id": number, "conversation_parts": listed})

    @operation("DELETE /conversations/{conversation_id}")
    def forget(self, call: Call) -> Answer:
        if self.talks.pop(call.path["conversation_id"], None) is None:
            return Answer({"type": "error.list"}, status=404)
        return Answer({"id": call.path["conversation_id"], "object": "conversation", "deleted": True})
