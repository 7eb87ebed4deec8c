"""A browser without a window: opens pages, fills in the forms that stand on them, keeps its cookies."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin

import httpx


class PageUnexpected(Exception):
    """A page is not the one that the journey expects; the message names the address and the status."""


@dataclass
class PageForm:
    """A form of a page: where it goes, and the values its fields hold."""

    action: str
    method: str
    values: dict[str, str] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)


class _Forms(HTMLParser):
    """Collects the forms of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[PageForm] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open a form, or note a field of the open one."""
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.found.append(PageForm(given.get("action", ""), given.get("method", "get").lower()))
            self._inside = True
        elif self._inside and tag in ("input", "select", "textarea") and given.get("name"):
            form = self.found[-1]
            form.names.add(given["name"])
            if given.get("type") == "hidden" or ("checked" in given):
                form.values[given["name"]] = given.get("value", "on")

    def handle_endtag(self, tag: str) -> None:
        """Close a form."""
        if tag == "form":
            self._inside = False


class Browser:
    """One person's browser."""

    def __init__(self, base_url: str) -> None:
        # Each page on a connection of its own: nobody has to remember to hang up.
        self.client = httpx.Client(
            base_url=base_url,
            follow_redirects=True,
            timeout=60,
            trust_env=False,
            limits=httpx.Limits(max_keepalive_connections=0),
        )
        self.page = httpx.Response(204)

    def open(self, path: str) -> "Browser":
        """Go to an address. Raises PageUnexpected unless the answer is a page."""
        self.page = self.client.get(path)
        return self._arrived()

    def submit(self, values: Mapping[str, str], *, action: str = "") -> "Browser":
        """Fill in and send the form that has these fields, or the one that goes to `action`."""
        form = self._form_with(set(values), action)
        target = urljoin(str(self.page.url), form.action)
        headers = {"Referer": str(self.page.url)}
        self.page = self.client.post(target, data={**form.values, **values}, headers=headers)
        return self._arrived()

    @property
    def text(self) -> str:
        """The HTML of the page."""
        return self.page.text

    @property
    def path(self) -> str:
        """The path of the page."""
        return self.page.url.path

    def _form_with(self, names: set[str], action: str) -> PageForm:
        reader = _Forms()
        reader.feed(self.page.text)
        for form in reader.found:
            if form.method == "post" and names <= form.names and form.action.endswith(action):
                return form
        wanted = ", ".join(sorted(names)) or action
        raise PageUnexpected(f"{self.page.url} has no form with {wanted}.")

    def _arrived(self) -> "Browser":
        if self.page.status_code != httpx.codes.OK:
            raise PageUnexpected(f"{self.page.url} answered {self.page.status_code}.")
        return self
