"""GitHub, as its OpenAPI describes it; who asks too often is told so with 403 and a moment."""

import time
from typing import Any, ClassVar

from tests.json_server import Answer
from tests.vendors.described import MANY, SECRET, Call, Vendor, operation


class GitHub(Vendor):
    name = "github"
    settings: ClassVar[dict[str, Any]] = {"token": SECRET, "values": {"org": "club"}}
    counts: ClassVar[dict[str, int]] = {"accounts": 1, "keys": 3, "memberships": 1, "issues": MANY}
    identity: ClassVar[tuple[str, str]] = ("github_login", "Ann")
    url = ""

    @property
    def limited(self) -> Answer:  # type: ignore[override]
        reset = {"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(int(time.time()) + 3)}
        return Answer({"message": "API rate limit exceeded"}, status=403, headers=reset)

    def __init__(self) -> None:
        super().__init__()
        self.members = {"ann", "joann"}

    def gone(self) -> bool:
        return self.members == {"joann"}

    @operation("GET /users/{username}")
    def show(self, call: Call) -> Answer:
        login = call.path["username"].lower()
        return Answer(_account(login)) if login in {"ann", "joann"} else Answer({}, status=404)

    @operation("GET /users/{username}/keys")
    def keys(self, call: Call) -> Answer:
        page = int(call.query.get("page", 1))
        path = f"{self.url}/users/{call.path['username']}/keys?per_page=100&page={page + 1}"
        links = {"Link": f'<{path}>; rel="next", <{path}>; rel="last"'} if page < 3 else {}
        return Answer([{"id": page, "key": "ssh-ed25519 AAAA"}], headers=links)

    @operation("GET /orgs/{org}/memberships/{username}")
    def membership(self, call: Call) -> Answer:
        login = call.path["username"]
        if login not in self.members:
            return Answer({"message": "Not Found"}, status=404)
        url = f"https://api.github.com/orgs/{call.path['org']}/memberships/{login}"
        about = {"organization_url": url, "organization": {}, "user": _account(login)}
        return Answer({"url": url, "state": "active", "role": "member", **about})

    @operation("DELETE /orgs/{org}/memberships/{username}")
    def remove(self, call: Call) -> Answer:
        if call.path["username"] not in self.members:
            return Answer({"message": "Not Found"}, status=404)
        self.members.remove(call.path["username"])
        return Answer(b"", status=204)

    @operation("GET /search/issues")
    def issues(self, call: Call) -> Answer:
        assert call.query["q"] == "org:club author:ann"
        size, page = int(call.query.get("per_page", 30)), int(call.query.get("page", 1))
        numbers = range(MANY)[(page - 1) * size : page * size]
        rows = [
            {"id": n, "number": n, "title": "so", "state": "open", "user": {}, "score": 1.0} for n in numbers
        ]
        moment = {"created_at": "2026-01-02T03:04:05Z", "updated_at": "2026-01-02T03:04:05Z", "html_url": "h"}
        found = [{**each, **moment} for each in rows]
        return Answer({"total_count": MANY, "incomplete_results": False, "items": found})


def _account(login: str) -> dict[str, Any]:
    plain = dict.fromkeys(("bio", "blog", "company", "email", "hireable", "location", "name"))
    numbers = dict.fromkeys(("followers", "following", "public_gists", "public_repos"), 0)
    texts = dict.fromkeys(("node_id", "type", "url", "html_url", "created_at", "updated_at"), "x")
    return {"id": 1, "login": login, **plain, **numbers, **texts}
