"""Okta, as its OpenAPI describes it: an active user is deactivated first, and deleted by the same call again."""

import re
import time
from typing import Any, ClassVar

from tests.json_server import Answer
from tests.vendors.described import ANN, JOANN, SECRET, Call, Vendor, operation


class Okta(Vendor):
    name = "okta"
    settings: ClassVar[dict[str, Any]] = {"token": SECRET}
    counts: ClassVar[dict[str, int]] = {"users": 1, "groups": 3, "factors": 1, "app_links": 2}
    url = ""

    @property
    def limited(self) -> Answer:  # type: ignore[override]
        reset = {"x-rate-limit-remaining": "0", "x-rate-limit-reset": str(int(time.time()) + 3)}
        return Answer({"errorCode": "E0000047"}, status=429, headers=reset)

    def __init__(self) -> None:
        super().__init__()
        self.users = {number: _user(number, mail) for number, mail in (("u1", ANN), ("u2", JOANN))}

    def gone(self) -> bool:
        return list(self.users) == ["u2"] and self.users["u2"]["status"] == "ACTIVE"

    def _user(self, call: Call) -> dict[str, Any] | None:
        return self.users.get(call.path["userId"])

    @operation("GET /api/v1/users")
    def search(self, call: Call) -> Answer:
        wanted = re.fullmatch(r'profile\.email eq "([^"]*)"', call.query["search"])
        assert wanted
        return Answer([each for each in self.users.values() if each["profile"]["email"] == wanted[1]])

    @operation("GET /api/v1/users/{userId}")
    def show(self, call: Call) -> Answer:
        found = self._user(call)
        return Answer(found) if found else Answer({"errorCode": "E0000007"}, status=404)

    @operation("POST /api/v1/users/{userId}")
    def change(self, call: Call) -> Answer:
        self.users[call.path["userId"]]["profile"].update(call.body["profile"])
        return Answer(self._user(call))

    @operation("DELETE /api/v1/users/{userId}")
    def delete(self, call: Call) -> Answer:
        found = self._user(call)
        if found is None:
            return Answer({"errorCode": "E0000007"}, status=404)
        if found["status"] == "DEPROVISIONED":
            del self.users[call.path["userId"]]
        found["status"] = "DEPROVISIONED"
        return Answer(b"", status=204)

    @operation("POST /api/v1/users/{userId}/lifecycle/suspend")
    def suspend(self, call: Call) -> Answer:
        self.users[call.path["userId"]]["status"] = "SUSPENDED"
        return Answer({})

    @operation("POST /api/v1/users/{userId}/lifecycle/unsuspend")
    def unsuspend(self, call: Call) -> Answer:
        self.users[call.path["userId"]]["status"] = "ACTIVE"
        return Answer({})

    @operation("GET /api/v1/users/{userId}/groups")
    def groups(self, call: Call) -> Answer:
        path = f"{self.url}/api/v1/users/{call.path['userId']}/groups"
        number = int(call.query.get("after", "0"))
        following = f', <{path}?after={number + 1}&limit=1>; rel="next"' if number < 2 else ""
        links = {"Link": f'<{path}>; rel="self"{following}'}
        return Answer(
            [{"id": f"g{number}", "profile": {"name": "Staff"}, "type": "OKTA_GROUP"}], headers=links
        )

    @operation("GET /api/v1/users/{userId}/factors")
    def factors(self, call: Call) -> Answer:
        return Answer([{"id": "f1", "factorType": "push", "provider": "OKTA", "status": "ACTIVE"}])

    @operation("GET /api/v1/users/{userId}/appLinks")
    def app_links(self, call: Call) -> Answer:
        return Answer([{"id": f"a{n}", "label": "Mail", "linkUrl": "https://x.example"} for n in range(2)])


def _user(number: str, mail: str) -> dict[str, Any]:
    profile = {"email": mail, "login": mail, "firstName": "A", "lastName": "B"}
    return {"id": number, "status": "ACTIVE", "created": "2026-01-02T03:04:05.000Z", "profile": profile}
