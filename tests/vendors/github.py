"""GitHub, as its OpenAPI describes it; who asks too often is told so with 403 and a moment."""

import time
from typing import Any, ClassVar

from tests.json_server import Answer
from tests.vendors.described import MANY, SECRET, Call, Vendor, operation

LINKS = (
    *("avatar", "events", "followers", "following", "gists", "html", "organizations"),
    *("received_events", "repos", "starred", "subscriptions"),
)


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
        found = {"total_count": MANY, "incomplete_results": False, "search_type": "lexical"}
        return Answer({**found, "items": [_issue(n) for n in numbers]})


def _account(login: str) -> dict[str, Any]:
    plain = dict.fromkeys(("bio", "blog", "company", "email", "hireable", "location", "name", "gravatar_id"))
    numbers = dict.fromkeys(("followers", "following", "public_gists", "public_repos"), 0)
    texts = dict.fromkeys(("node_id", "type", "created_at", "updated_at"), "x")
    urls = dict.fromkeys((f"{each}_url" for each in LINKS), "https://api.github.com/x")
    about = {"id": 1, "login": login, "site_admin": False, "url": "https://api.github.com/x"}
    return {**about, **plain, **numbers, **texts, **urls}


def _issue(number: int) -> dict[str, Any]:
    texts = dict.fromkeys(("node_id", "url", "author_association", "created_at", "updated_at"), "x")
    urls = dict.fromkeys(("comments_url", "events_url", "html_url", "labels_url", "repository_url"), "x")
    nothing = dict.fromkeys(("assignee", "closed_at", "milestone", "user"))
    about = {"id": number, "number": number, "title": "so", "state": "open", "locked": False}
    return {**about, **texts, **urls, **nothing, "comments": 0, "labels": [], "score": 1.0}
