"""Asking a web API for JSON: bounded in bytes and time, polite when told to wait, stubborn for a while."""

import secrets
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import httpx

from fulfillment.connectors.base import Heartbeat
from fulfillment.connectors.errors import Fatal, NotConfigured, Retryable
from fulfillment.connectors.outbound import GuardedTransport
from fulfillment.connectors.rows import parse_json

ATTEMPTS = 4
LONGEST_WAIT_SECONDS = 30.0
# Waiting longer than this in all holds a worker that others need; the step is put off instead.
PATIENCE_SECONDS = 120.0
WAIT_WHEN_NOT_TOLD_SECONDS = 5.0
_REFUSES_US = {401: "refuses the credentials of its settings", 403: "does not let its credentials read this"}


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a source may take of us; reaching a limit is an error, never a cut."""

    answer_seconds: float = 20
    total_seconds: float = 1800
    answer_bytes: int = 20_000_000
    total_bytes: int = 2_000_000_000
    per_minute: int | None = None


class _Failed(Exception):
    """One try came to nothing; another may be worth it after a while."""

    def __init__(self, sentence: str, *, retry_after: float | None = None, told: bool = False) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.retry_after = retry_after
        self.told = told


class NotThere(Exception):
    """The API answered 404."""


@dataclass
class JsonClient:
    """One source's API during one search."""

    name: str
    base_url: httpx.URL
    headers: Mapping[str, str] = field(repr=False)
    limits: Limits
    heartbeat: Heartbeat

    def __post_init__(self) -> None:
        self._client = httpx.Client(
            transport=GuardedTransport(self.name),
            headers={"accept": "application/json", "accept-encoding": "identity", **self.headers},
            timeout=self.limits.answer_seconds,
            follow_redirects=False,
            trust_env=False,
        )
        self._started = time.monotonic()
        self._bytes = 0
        self._waited = 0.0
        self._calls: deque[float] = deque()

    def close(self) -> None:
        """Let the connections go."""
        self._client.close()

    def get(self, url: httpx.URL) -> Any:
        """The JSON value at an address of this API. Raises ConnectorError, or NotThere for 404."""
        attempt = 1
        while True:
            self._refuse_overtime()
            self.heartbeat()
            self._pace()
            try:
                return self._once(url)
            except _Failed as failure:
                attempt += not failure.told
                wait = failure.retry_after
                if wait is None:
                    wait = 0.125 * 2**attempt * (1 - secrets.randbelow(500) / 1000)
                self._waited += wait
                if attempt > ATTEMPTS or wait > LONGEST_WAIT_SECONDS or self._waited > PATIENCE_SECONDS:
                    raise Retryable(failure.sentence, retry_after=failure.retry_after) from None
                self._wait(wait)

    def _once(self, url: httpx.URL) -> Any:
        try:
            with self._client.stream("GET", url) as response:
                self._refuse_status(response)
                content = self._content(response)
        except httpx.TransportError as error:
            raise _Failed(f"{self.name} cannot be reached, or broke off ({type(error).__name__}).") from None
        except httpx.InvalidURL:
            raise NotConfigured(f"The address of {self.name} cannot be used.") from None
        try:
            return parse_json(content)
        except (ValueError, RecursionError):
            raise Fatal(f"{self.name} answered something that is not JSON.") from None

    def _refuse_status(self, response: httpx.Response) -> None:
        status = response.status_code
        if status == httpx.codes.OK:
            return
        if status == httpx.codes.NOT_FOUND:
            raise NotThere
        if status in {429, 503}:
            wait = _retry_after(response)
            told = wait is not None or status == httpx.codes.TOO_MANY_REQUESTS
            after = wait if wait is not None else WAIT_WHEN_NOT_TOLD_SECONDS
            raise _Failed(f"{self.name} asks us to wait.", retry_after=after, told=told)
        if status >= httpx.codes.INTERNAL_SERVER_ERROR:
            raise _Failed(f"{self.name} failed (it answered {status}).")
        if status in _REFUSES_US:
            raise NotConfigured(f"{self.name} {_REFUSES_US[status]} (it answered {status}).")
        if response.is_redirect:
            raise NotConfigured(f"{self.name} sends us to another address, which is not followed.")
        raise Fatal(f"{self.name} does not understand what it is asked (it answered {status}).")

    def _content(self, response: httpx.Response) -> bytes:
        """The whole body, read under a limit of time as a whole: a slow drip never meets a limit per read."""
        until = time.monotonic() + self.limits.answer_seconds
        parts = []
        size = 0
        for part in response.iter_bytes():
            size += len(part)
            self._bytes += len(part)
            parts.append(part)
            if size > self.limits.answer_bytes or self._bytes > self.limits.total_bytes:
                raise Fatal(f"{self.name} answers with more bytes than its settings allow.")
            if time.monotonic() > until:
                raise _Failed(
                    f"{self.name} took longer than {self.limits.answer_seconds:g} seconds to answer."
                )
        return b"".join(parts)

    def _pace(self) -> None:
        """Stay below the rate the map states, so that a limit is rarely met."""
        limit = self.limits.per_minute
        now = time.monotonic()
        while self._calls and self._calls[0] <= now - 60:
            self._calls.popleft()
        if limit is not None and len(self._calls) >= limit:
            self._wait(self._calls[0] + 60 - now)
        self._calls.append(time.monotonic())

    def _refuse_overtime(self) -> None:
        if time.monotonic() > self._started + self.limits.total_seconds:
            raise Retryable(f"{self.name} took longer than {self.limits.total_seconds:g} seconds in all.")

    def _wait(self, seconds: float) -> None:
        """Wait in short stretches, so that the lease is kept."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            self.heartbeat()
            time.sleep(min(left, 2.0))


def _retry_after(response: httpx.Response) -> float | None:
    """The seconds a source asks us to wait, written as a number or as a date."""
    text = response.headers.get("retry-after", "").strip()
    if text.isdecimal():
        return float(text)
    try:
        wanted = parsedate_to_datetime(text)
    except ValueError:
        return None
    wanted = wanted if wanted.tzinfo else wanted.replace(tzinfo=UTC)
    return max(0.0, (wanted - datetime.now(UTC)).total_seconds())
