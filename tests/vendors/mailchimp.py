"""Mailchimp, as the definition of its Marketing API describes it; its search is not an exact one."""

from hashlib import md5
from typing import Any, ClassVar

from tests.json_server import Answer
from tests.vendors.described import ANN, JOANN, MANY, SECRET, Call, Vendor, operation


class Mailchimp(Vendor):
    name = "mailchimp"
    settings: ClassVar[dict[str, Any]] = {"password": SECRET}
    counts: ClassVar[dict[str, int]] = {"members": 2, "notes": MANY + 1}

    def __init__(self) -> None:
        super().__init__()
        self.members = {
            (audience, _hash(mail)): _member(audience, mail)
            for audience, mail in (("l1", ANN), ("l2", ANN), ("l1", JOANN))
        }
        self.notes = {("l1", _hash(ANN)): MANY, ("l2", _hash(ANN)): 1, ("l1", _hash(JOANN)): 2}

    def gone(self) -> bool:
        return list(self.members) == [("l1", _hash(JOANN))]

    @operation("GET /search-members")
    def search(self, call: Call) -> Answer:
        rows = [
            each for each in self.members.values() if call.query["query"].lower() in each["email_address"]
        ]
        found = {"members": rows, "total_items": len(rows)}
        return Answer({"exact_matches": found, "full_search": found})

    @operation("GET /lists/{list_id}/members/{subscriber_hash}")
    def show(self, call: Call) -> Answer:
        found = self.members.get(_key(call))
        return Answer(found) if found else Answer({"title": "Resource Not Found"}, status=404)

    @operation("PATCH /lists/{list_id}/members/{subscriber_hash}")
    def change(self, call: Call) -> Answer:
        member = self.members[_key(call)]
        member["merge_fields"].update(call.body.pop("merge_fields", {}))
        member.update(call.body)
        return Answer(member)

    @operation("POST /lists/{list_id}/members/{subscriber_hash}/actions/delete-permanent")
    def purge(self, call: Call) -> Answer:
        if self.members.pop(_key(call), None) is None:
            return Answer({"title": "Resource Not Found"}, status=404)
        return Answer(b"", status=204)

    @operation("GET /lists/{list_id}/members/{subscriber_hash}/notes")
    def list_notes(self, call: Call) -> Answer:
        total = self.notes[_key(call)]
        audience = int(call.path["list_id"][1:]) * 1000
        start, size = int(call.query.get("offset", 0)), int(call.query.get("count", 10))
        rows = [
            {"id": audience + n, "note": "called", "created_at": "2026-01-02T03:04:05+00:00"}
            for n in range(start, min(start + size, total))
        ]
        return Answer({"notes": rows, "total_items": total, "list_id": call.path["list_id"], "email_id": "x"})


def _key(call: Call) -> tuple[str, str]:
    return call.path["list_id"], call.path["subscriber_hash"]


def _hash(mail: str) -> str:
    return md5(mail.encode(), usedforsecurity=False).hexdigest()


def _member(audience: str, mail: str) -> dict[str, Any]:
    names = {"FNAME": "A", "LNAME": "B"}
    about = {"id": _hash(mail), "list_id": audience, "email_address": mail}
    more = {"source": "API", "tags": [{"id": 1, "name": "members"}], "sms_phone_number": "+4930123456"}
    return {**about, **more, "status": "subscribed", "merge_fields": names}
