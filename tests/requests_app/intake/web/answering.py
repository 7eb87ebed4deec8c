"""Answering the public form without a browser."""

from typing import Any

from django.test import Client

from requests_app.lifecycle.models import SubjectRequest


class Visitor:
    """Somebody who fills in the form, page by page, in the order in which it asks."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.next = "/ask/who/"

    def answers(self, *pages: tuple[str, dict[str, Any]]) -> "Visitor":
        """Answer the pages that come, which must be these."""
        for key, data in pages:
            assert self.next == f"/ask/{key}/", f"asked {self.next}, not {key}"
            page = self.client.post(self.next, data)
            assert page.status_code == 302, page.content.decode()
            self.next = page["Location"]
        return self

    def sends(self) -> list[SubjectRequest]:
        """Press the button of the check page."""
        assert self.next == "/ask/check/", self.next
        assert self.client.post("/ask/check/")["Location"] == "/ask/sent/"
        return list(SubjectRequest.objects.order_by("right"))

    def reads(self, url: str) -> str:
        """A page as text."""
        page = self.client.get(url)
        assert page.status_code == 200, (url, page.status_code)
        return page.content.decode()


ME = ("who", {"who": "me"})
PORTUGAL = ("where", {"place": "PT"})
ADA = ("about", {"name": "Ada Åström", "email": "ada@example.org"})
NOTHING_MORE = ("details", {"details": "", "period": ""})


def rights(*codes: str) -> tuple[str, dict[str, Any]]:
    """The page of the rights, answered."""
    return ("what", {"rights": list(codes)})
