"""The calls that read one collection of an API: question after question, to a visible end."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from fulfillment.connectors.api_filling import Filling, outgoing
from fulfillment.connectors.api_pages import Leaving, NoEnd, Page, Spot, first_spot, next_spot
from fulfillment.connectors.api_verdict import Nobody, refuse_failure
from fulfillment.connectors.errors import Fatal
from fulfillment.connectors.exchange import Failed, NotThere, Outgoing, Reply
from fulfillment.connectors.http import ApiClient
from fulfillment.connectors.records import value_at
from fulfillment.datamaps.api_description import Listing
from fulfillment.datamaps.api_question import ApiVerdict

MOST_PAGES = 100_000


@dataclass(frozen=True, slots=True)
class Call:
    """One question to an endpoint, with what its blanks stand for."""

    collection: str
    endpoint: Listing
    filling: Filling
    verdict: ApiVerdict | None = None

    def records(self, client: ApiClient) -> Iterator[list[Any]]:
        """The records, a page at a time. Raises ConnectorError when the end cannot be trusted."""
        seen = 0
        total = None
        try:
            for page in self._pages(client):
                total = value_at(page.answer, self.endpoint.total) if self.endpoint.total else total
                seen += len(page.found)
                yield list(page.found)
        except Nobody:
            return
        except NotThere:
            if not self.endpoint.missing_is_none or seen:
                raise Fatal(f"{client.name} has nothing at the address of {self.collection}.") from None
        if isinstance(total, int) and seen != total:
            raise Fatal(f"{client.name} gave {seen} of {total} {self.collection}, and said these were all.")

    def pages_from(self, client: ApiClient, spot: Spot | None) -> Iterator[tuple[list[Any], Spot | None]]:
        """The records page by page from a spot on, each with where the next page is; None at the end.

        Raises ConnectorError as `records`, but cannot compare with the total an API gives.
        """
        try:
            for page, following in self._turned(client, spot or first_spot(self.endpoint.paging)):
                yield list(page.found), following
        except Nobody:
            return
        except NotThere:
            if not self.endpoint.missing_is_none:
                raise Fatal(f"{client.name} has nothing at the address of {self.collection}.") from None

    def _pages(self, client: ApiClient) -> Iterator[Page]:
        return (page for page, _ in self._turned(client, first_spot(self.endpoint.paging)))

    def _turned(self, client: ApiClient, spot: Spot) -> Iterator[tuple[Page, Spot | None]]:
        """Each page with where the one after it is."""
        paging = self.endpoint.paging
        visited: set[tuple[str, bytes | None]] = set()
        while len(visited) < MOST_PAGES:
            call = outgoing(self.endpoint, self.filling, client.base_url, spot.further)
            call = call if spot.url is None else Outgoing(call.method, spot.url, call.headers, call.content)
            place = (str(call.url), call.content)
            if place in visited:
                raise Fatal(f"{client.name} sends us elsewhere, or in a circle, for more {self.collection}.")
            visited.add(place)
            page = self._page(client, call)
            try:
                following = next_spot(paging, spot, page, client.base_url)
            except Leaving:
                raise Fatal(
                    f"{client.name} sends us elsewhere, or in a circle, for more {self.collection}."
                ) from None
            except NoEnd as odd:
                raise Fatal(f"{client.name} gave {odd} of {self.collection}.") from None
            yield page, following
            if following is None:
                return
            spot = following
        raise Fatal(f"{client.name} gave more than {MOST_PAGES} pages of {self.collection}.")

    def _page(self, client: ApiClient, call: Outgoing) -> Page:
        reply = judged(client, call, self.verdict)
        answer = reply.json()
        return Page(answer, records_in(answer, self.endpoint, self.collection, client.name), reply.headers)


def judged(
    client: ApiClient,
    call: Outgoing,
    verdict: ApiVerdict | None,
    *,
    expects: frozenset[int] = frozenset({200}),
) -> Reply:
    """The answer to a question, once the API itself says that it is one. Raises Nobody, as `ask` otherwise."""
    attempt = 1
    while True:
        reply = client.ask(call, expects=expects)
        try:
            refuse_failure(reply, verdict)
        except Failed as failure:
            attempt += 1
            client.wait_after(failure, attempt)
        else:
            return reply


def records_in(answer: Any, endpoint: Listing, collection: str, name: str) -> list[Any]:
    """The records of an answer. Raises Fatal when it has none where the map says."""
    found = value_at(answer, endpoint.records) if endpoint.records else answer
    if endpoint.single:
        return [] if found is None else [found]
    if found is None and endpoint.absent_is_none:
        return []
    if not isinstance(found, list):
        raise Fatal(f"{name} answered without the list of {collection} that the map names.")
    return [value_at(each, endpoint.each) for each in found] if endpoint.each else found
