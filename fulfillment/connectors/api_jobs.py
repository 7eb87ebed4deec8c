"""Exports that take their time: started once, asked after with patience, fetched when they are done.

The number of a job is kept with the source before anything else is asked: a worker that dies, or is not to be
held while the source works, is followed by one that asks after the same job.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from hashlib import sha256
from typing import Any

import httpx

from fulfillment.connectors.api_calls import judged, records_in
from fulfillment.connectors.api_filling import Filling, filled_path, outgoing
from fulfillment.connectors.api_pages import Leaving, inside
from fulfillment.connectors.errors import Fatal, NotYet, Retryable
from fulfillment.connectors.exchange import NotThere, Outgoing, Reply
from fulfillment.connectors.exported import exported_values
from fulfillment.connectors.http import LONGEST_WAIT_SECONDS, ApiClient
from fulfillment.connectors.memory import Kept
from fulfillment.connectors.records import value_at
from fulfillment.datamaps.api_description import Endpoint, Job
from fulfillment.datamaps.api_question import ApiVerdict
from fulfillment.datamaps.datamap import Collection

STARTED = frozenset({200, 201, 202})
ANSWERED = frozenset({200, 202})
_PATIENCE = 1.6


@dataclass(frozen=True, slots=True)
class Export:
    """One export of one collection for one person; `reference` is the request's."""

    collection: Collection
    endpoint: Endpoint
    job: Job
    filling: Filling
    reference: str
    verdict: ApiVerdict | None = None

    @property
    def slot(self) -> str:
        """Under which name the job is kept: it says nothing of the person."""
        parts = [
            self.reference,
            self.collection.name,
            *sorted(f"{key}={self.filling[key]}" for key in self.filling),
        ]
        return f"job:{sha256(chr(0).join(parts).encode()).hexdigest()[:40]}"

    def records(self, client: ApiClient) -> Iterator[list[Any]]:
        """The records of the finished export. Raises ConnectorError; NotYet while it is not done."""
        held = self._started(client)
        try:
            done = self._done(client, held)
            yield self._fetched(client, held, done)
        except NotThere:
            self.forget(client)
            raise Retryable(f"{client.name} no longer knows the export it was asked for.") from None
        except Fatal:
            self.forget(client)
            raise

    def forget(self, client: ApiClient) -> None:
        """The search is over: the next one starts an export of its own."""
        with client.memory.slot(self.slot) as held:
            held.clear()

    def _started(self, client: ApiClient) -> Kept:
        with client.memory.slot(self.slot) as held:
            if "id" not in held:
                call = outgoing(self.endpoint, self.filling, client.base_url)
                reply = judged(client, call, self.verdict, expects=STARTED)
                number = value_at(reply.json(), self.job.id)
                if not isinstance(number, str | int) or isinstance(number, bool) or number == "":
                    raise Fatal(
                        f"{client.name} started no export of {self.collection.name} that can be asked after."
                    )
                held |= {"id": str(number), "started": time.time()}
            return dict(held)

    def _done(self, client: ApiClient, held: Kept) -> Any:
        """What the source says of the job once it is done."""
        wait = self.job.first_wait_seconds
        while True:
            answer = judged(client, self._about(client, held), self.verdict, expects=ANSWERED).json()
            state = str(value_at(answer, self.job.state) or "")
            if state in self.job.done:
                return answer
            if state in self.job.failed:
                raise Fatal(f"{client.name} could not export {self.collection.name}.")
            self._wait(client, held, wait)
            wait = min(wait * _PATIENCE, self.job.longest_wait_seconds)

    def _wait(self, client: ApiClient, held: Kept, wait: float) -> None:
        age = time.time() - float(held["started"])
        if age > self.job.deadline_seconds:
            raise Fatal(
                f"{client.name} has not exported {self.collection.name} in {self.job.deadline_seconds:g} seconds."
            )
        if wait > LONGEST_WAIT_SECONDS or age > LONGEST_WAIT_SECONDS * 4:
            # The worker goes; who comes next asks after the same job.
            after = min(max(wait, age / 4), self.job.longest_wait_seconds)
            raise NotYet(f"{client.name} is still exporting {self.collection.name}.", retry_after=after)
        client.wait(wait)

    def _about(self, client: ApiClient, held: Kept) -> Outgoing:
        return Outgoing("GET", filled_path(self.job.status, self._filling(held), client.base_url))

    def _filling(self, held: Kept) -> Filling:
        return {**self.filling, "job.id": held["id"]}

    def _fetched(self, client: ApiClient, held: Kept, done: Any) -> list[Any]:
        reply = self._downloaded(client, held, done)
        found: list[Any] = []
        for value in exported_values(reply, self.job.result, self.collection, client.limits.answer_bytes):
            if self.job.result.format == "json":
                found += records_in(value, self.endpoint, self.collection.name, client.name)
            else:
                found.append(value)
        return found

    def _downloaded(self, client: ApiClient, held: Kept, done: Any) -> Reply:
        result = self.job.result
        if result.path is not None:
            return client.ask(Outgoing("GET", filled_path(result.path, self._filling(held), client.base_url)))
        address = value_at(done, result.url or "")
        if not isinstance(address, str):
            raise Fatal(f"{client.name} exported {self.collection.name} without saying where it lies.")
        try:
            return client.ask(Outgoing("GET", inside(client.base_url, address)))
        except Leaving:
            return client.ask(Outgoing("GET", self._elsewhere(client, address)), signed=False)

    def _elsewhere(self, client: ApiClient, address: str) -> httpx.URL:
        """An address on a host that the map names; it is asked without our credentials."""
        try:
            url = httpx.URL(address)
        except httpx.InvalidURL:
            url = httpx.URL("")
        if url.scheme != "https" or not any(fnmatchcase(url.host, each) for each in self.job.result.hosts):
            raise Fatal(f"{client.name} sends us elsewhere for the export of {self.collection.name}.")
        return url
