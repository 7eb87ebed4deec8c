"""HubSpot, as its OpenAPI describes it."""

from typing import Any, ClassVar

from tests.json_server import Answer
from tests.vendors.described import ANN, JOANN, SECRET, Call, Vendor, operation

MOMENT = "2026-01-02T03:04:05.000Z"


class HubSpot(Vendor):
    name = "hubspot"
    settings: ClassVar[dict[str, Any]] = {"token": SECRET}
    counts: ClassVar[dict[str, int]] = {"contacts": 3, "ticket_links": 3, "tickets": 3}
    limited = Answer({"category": "RATE_LIMITS"}, status=429, headers={"Retry-After": "1"})

    def __init__(self) -> None:
        super().__init__()
        # One person, many contacts: imports without deduplication do that.
        people = [(str(n), ANN) for n in range(3)] + [("900", JOANN)]
        self.contacts = {n: _object(n, email=mail, firstname="A") for n, mail in people}
        self.tickets = {n: _object(n, subject="help") for n in ("t1", "t2", "t3", "t9")}
        self.of = {"0": ["t1", "t2"], "2": ["t3"], "900": ["t9"]}

    def gone(self) -> bool:
        return list(self.contacts) == ["900"] and list(self.tickets) == ["t9"]

    @operation("POST /crm/v3/objects/contacts/search")
    def search(self, call: Call) -> Answer:
        wanted = call.body["filterGroups"][0]["filters"][0]
        assert wanted["operator"] == "EQ"
        rows = [
            each
            for each in self.contacts.values()
            if each["properties"][wanted["propertyName"]] == wanted["value"].lower()
        ]
        start, size = int(call.body["after"]), min(call.body["limit"], 2)
        named = {*call.body["properties"], "email"}
        page = [
            {**each, "properties": {name: each["properties"].get(name) for name in named}}
            for each in rows[start : start + size]
        ]
        more = {"paging": {"next": {"after": str(start + size)}}} if start + size < len(rows) else {}
        return Answer({"total": len(rows), "results": page, **more})

    @operation("GET /crm/v3/objects/contacts/{contactId}")
    def show(self, call: Call) -> Answer:
        number = call.path["contactId"]
        if number not in self.contacts:
            return Answer({"category": "OBJECT_NOT_FOUND"}, status=404)
        linked = self.of.get(number, []) if call.query.get("associations") == "tickets" else []
        results = [{"id": each, "type": "contact_to_ticket"} for each in linked]
        found = {"associations": {"tickets": {"results": results}}} if results else {}
        return Answer({**self.contacts[number], **found})

    @operation("PATCH /crm/v3/objects/contacts/{contactId}")
    def change(self, call: Call) -> Answer:
        self.contacts[call.path["contactId"]]["properties"].update(call.body["properties"])
        return Answer(self.contacts[call.path["contactId"]])

    @operation("POST /crm/v3/objects/contacts/gdpr-delete")
    def purge(self, call: Call) -> Answer:
        self.contacts.pop(call.body["objectId"], None)
        return Answer(b"", status=204)

    @operation("POST /communication-preferences/v4/statuses/batch/unsubscribe-all")
    def unsubscribe(self, call: Call) -> Answer:
        for each in self.contacts.values():
            if each["properties"]["email"] in call.body["inputs"]:
                each["properties"]["hs_email_optout"] = "true"
        results = [{"subscriberIdString": each} for each in call.body["inputs"]]
        times = {"startedAt": MOMENT, "completedAt": MOMENT}
        return Answer({"status": "COMPLETE", "results": results, **times})

    @operation("GET /crm/v3/objects/tickets/{ticketId}")
    def show_ticket(self, call: Call) -> Answer:
        found = self.tickets.get(call.path["ticketId"])
        return Answer(found) if found else Answer({"category": "OBJECT_NOT_FOUND"}, status=404)

    @operation("DELETE /crm/v3/objects/tickets/{ticketId}")
    def archive(self, call: Call) -> Answer:
        self.tickets.pop(call.path["ticketId"], None)
        return Answer(b"", status=204)


def _object(number: str, **properties: Any) -> dict[str, Any]:
    return {
        "id": number,
        "archived": False,
        "createdAt": MOMENT,
        "updatedAt": MOMENT,
        "properties": properties,
    }
