"""Zendesk, as its OpenAPI describes it: a search that is not exact, and deletion in two steps."""

from typing import Any, ClassVar
from urllib.parse import urlencode

from tests.json_server import Answer
from tests.vendors.described import ANN, JOANN, SECRET, Call, Vendor, operation


class Zendesk(Vendor):
    name = "zendesk"
    settings: ClassVar[dict[str, Any]] = {"user": "ops@club.example/token", "password": SECRET}
    counts: ClassVar[dict[str, int]] = {"users": 1, "tickets": 5, "comments": 10}
    url = ""

    def __init__(self) -> None:
        super().__init__()
        self.users = {
            n: {"id": n, "email": mail, "name": "A", "suspended": False, "phone": "1"}
            for n, mail in ((1, ANN), (2, JOANN))
        }
        self.tickets = {
            n: {"id": n, "requester_id": 1 if n < 6 else 2, "subject": "help"} for n in range(1, 8)
        }
        self.deleted: set[str] = set()
        self.purged: set[str] = set()

    def gone(self) -> bool:
        return self.purged == {"u1", "t1", "t2", "t3", "t4", "t5"} and not self.deleted

    def _cursor(self, rows: list[Any], call: Call, kind: str, path: str) -> Answer:
        start, size = int(call.query.get("page[after]", 0)), min(int(call.query["page[size]"]), 2)
        more = start + size < len(rows)
        following = urlencode({"page[size]": call.query["page[size]"], "page[after]": start + size})
        links = {"next": f"{self.url}{path}?{following}", "prev": None}
        meta = {"has_more": more, "after_cursor": str(start + size)}
        return Answer({kind: rows[start : start + size], "meta": meta, "links": links})

    @operation("GET /api/v2/users/search")
    def search(self, call: Call) -> Answer:
        wanted = call.query["query"].removeprefix("email:")
        rows = [each for each in self.users.values() if wanted in each["email"]]
        page = int(call.query.get("page", 1))
        following = f"{self.url}/api/v2/users/search?page={page + 1}" if page < len(rows) else None
        found = rows[page - 1 : page]
        return Answer({"users": found, "next_page": following, "previous_page": None, "count": len(rows)})

    @operation("GET /api/v2/users/{user_id}")
    def show(self, call: Call) -> Answer:
        found = self.users.get(int(call.path["user_id"]))
        return Answer({"user": found}) if found else Answer({"error": "RecordNotFound"}, status=404)

    @operation("PUT /api/v2/users/{user_id}")
    def change(self, call: Call) -> Answer:
        self.users[int(call.path["user_id"])].update(call.body["user"])
        return Answer({"user": self.users[int(call.path["user_id"])]})

    @operation("DELETE /api/v2/users/{user_id}")
    def delete(self, call: Call) -> Answer:
        found = self.users.pop(int(call.path["user_id"]), None)
        if found is None:
            return Answer({"error": "RecordNotFound"}, status=404)
        self.deleted.add(f"u{call.path['user_id']}")
        return Answer({"user": {**found, "active": False}})

    @operation("DELETE /api/v2/deleted_users/{deleted_user_id}")
    def purge(self, call: Call) -> Answer:
        number = int(call.path["deleted_user_id"])
        return self._purged(f"u{number}", {"deleted_user": _deleted_user(number)})

    def _purged(self, name: str, answer: dict[str, Any]) -> Answer:
        if name not in self.deleted:
            return Answer({"error": "RecordNotFound"}, status=404)
        self.deleted.remove(name)
        self.purged.add(name)
        return Answer(answer)

    @operation("GET /api/v2/users/{user_id}/tickets/requested")
    def requested(self, call: Call) -> Answer:
        rows = [each for each in self.tickets.values() if str(each["requester_id"]) == call.path["user_id"]]
        return self._cursor(rows, call, "tickets", f"/api/v2/users/{call.path['user_id']}/tickets/requested")

    @operation("DELETE /api/v2/tickets/{ticket_id}")
    def delete_ticket(self, call: Call) -> Answer:
        if self.tickets.pop(int(call.path["ticket_id"]), None) is None:
            return Answer({"error": "RecordNotFound"}, status=404)
        self.deleted.add(f"t{call.path['ticket_id']}")
        return Answer(b"", status=204)

    @operation("DELETE /api/v2/deleted_tickets/{ticket_id}")
    def purge_ticket(self, call: Call) -> Answer:
        return self._purged(f"t{call.path['ticket_id']}", {"job_status": {"status": "queued"}})

    @operation("GET /api/v2/tickets/{ticket_id}/comments")
    def comments(self, call: Call) -> Answer:
        number = int(call.path["ticket_id"])
        rows = [{"id": number * 10 + n, "body": "so", "public": True} for n in range(2)]
        return self._cursor(rows, call, "comments", f"/api/v2/tickets/{number}/comments")


def _deleted_user(number: int) -> dict[str, Any]:
    named = ("url", "name", "email", "created_at", "updated_at", "time_zone", "locale", "role")
    nothing = dict.fromkeys(("phone", "shared_phone_number", "photo"))
    return {
        "id": number,
        "active": False,
        "locale_id": 1,
        "organization_id": 1,
        **dict.fromkeys(named, "x"),
        **nothing,
    }
