"""The calls that read one collection of an API: blanks filled in, page after page, to a visible end."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import httpx

from fulfillment.connectors.errors import Fatal
from fulfillment.connectors.http import JsonClient, NotThere
from fulfillment.connectors.records import value_at
from fulfillment.datamaps.descriptions import BLANK, Endpoint, NextPaging, PagePaging

MOST_PAGES = 100_000
Filling = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Call:
    """One question to an endpoint, with what its blanks stand for."""

    collection: str
    endpoint: Endpoint
    filling: Filling

    def records(self, client: JsonClient) -> Iterator[list[Any]]:
        """The records, a page at a time. Raises ConnectorError when the end cannot be trusted."""
        seen = 0
        total = None
        try:
            for answer in self._answers(client):
                found = self._found(answer, client.name)
                total = value_at(answer, self.endpoint.total) if self.endpoint.total else total
                seen += len(found)
                yield found
        except NotThere:
            if not self.endpoint.missing_is_none or seen:
                raise Fatal(f"{client.name} has nothing at the address of {self.collection}.") from None
        if isinstance(total, int) and seen != total:
            raise Fatal(f"{client.name} gave {seen} of {total} {self.collection}, and said these were all.")

    def _answers(self, client: JsonClient) -> Iterator[Any]:
        paging = self.endpoint.paging
        if isinstance(paging, PagePaging):
            yield from self._by_number(client, paging)
        elif isinstance(paging, NextPaging):
            yield from self._by_next(client, paging)
        else:
            yield client.get(self.url(client.base_url))

    def _by_number(self, client: JsonClient, paging: PagePaging) -> Iterator[Any]:
        size = {paging.size_param: str(paging.size)} if paging.size_param and paging.size else {}
        for number in range(paging.first, paging.first + MOST_PAGES):
            answer = client.get(self.url(client.base_url, {**size, paging.param: str(number)}))
            yield answer
            if not self._goes_on(answer, paging, client.name):
                return
        raise Fatal(f"{client.name} gave more than {MOST_PAGES} pages of {self.collection}.")

    def _goes_on(self, answer: Any, paging: PagePaging, name: str) -> bool:
        found = self._found(answer, name)
        if paging.more is None:
            return len(found) >= (paging.size or 1)
        more = bool(value_at(answer, paging.more))
        if more and not found:
            raise Fatal(f"{name} gave an empty page of {self.collection} and said that more follow.")
        return more

    def _by_next(self, client: JsonClient, paging: NextPaging) -> Iterator[Any]:
        url = self.url(client.base_url)
        visited: set[str] = set()
        while len(visited) < MOST_PAGES:
            visited.add(str(url))
            answer = client.get(url)
            yield answer
            following = value_at(answer, paging.next)
            if not following:
                return
            url = url.join(str(following))
            if (url.scheme, url.host, url.port) != _origin(client.base_url) or str(url) in visited:
                raise Fatal(f"{client.name} sends us elsewhere, or in a circle, for more {self.collection}.")
        raise Fatal(f"{client.name} gave more than {MOST_PAGES} pages of {self.collection}.")

    def _found(self, answer: Any, name: str) -> list[Any]:
        found = value_at(answer, self.endpoint.records) if self.endpoint.records else answer
        if not isinstance(found, list):
            raise Fatal(f"{name} answered without the list of {self.collection} that the map names.")
        return found

    def url(self, base: httpx.URL, extra: Mapping[str, str] | None = None) -> httpx.URL:
        """The address with everything filled in; a value stays inside its own segment or parameter."""
        path = BLANK.sub(lambda found: _segment(self.filling[found[1]]), self.endpoint.path)
        query = {
            name: BLANK.sub(lambda found: self.filling[found[1]], text)
            for name, text in self.endpoint.query.items()
        }
        return httpx.URL(str(base).rstrip("/") + path, params={**query, **(extra or {})})


def _segment(value: str) -> str:
    if value in {"", ".", ".."}:
        raise Fatal("A record has an identifier that cannot stand in an address.")
    return quote(value, safe="")


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port


def fillings(endpoint: Endpoint, known: Mapping[str, Sequence[Filling]]) -> Iterator[Filling]:
    """Every way to fill the blanks; `known` holds, per owner, what may be filled in."""
    combined: list[Filling] = [{}]
    for owner in dict.fromkeys(owner_of(name) for name in endpoint.blanks):
        combined = [{**left, **right} for left in combined for right in known.get(owner, ())]
    yield from combined


def owner_of(blank: str) -> str:
    """Whose values a blank takes: a collection's; a kind of identity is its own owner."""
    return blank if blank.startswith("identity.") else blank.rpartition(".")[0]
