"""Asking a web API: bounded in bytes and time, polite when told to wait, stubborn for a while."""

import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol

import httpx

from fulfillment.connectors.base import Heartbeat
from fulfillment.connectors.errors import ConnectorError, Fatal, NotConfigured, Retryable, Undecided
from fulfillment.connectors.exchange import Failed, Garbled, NotThere, Outgoing, Renew, Reply
from fulfillment.connectors.memory import OwnMemory, SourceMemory
from fulfillment.connectors.outbound import GuardedTransport
from fulfillment.connectors.waiting import asked_wait, is_used_up, reset_in

ATTEMPTS = 4
LONGEST_WAIT_SECONDS = 30.0
# Waiting longer than this in all holds a worker that others need; the step is put off instead.
PATIENCE_SECONDS = 120.0
WAIT_WHEN_NOT_TOLD_SECONDS = 5.0
READ = frozenset({httpx.codes.OK})
# Too slow, against another change of the same record, or too early: the same call may be taken a moment later.
_MAY_PASS = frozenset({httpx.codes.REQUEST_TIMEOUT, httpx.codes.CONFLICT, httpx.codes.TOO_EARLY})
_REFUSES_US = {401: "refuses the credentials of its settings", 403: "does not let its credentials do this"}


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a source may take of us; reaching a limit is an error, never a cut."""

    answer_seconds: float = 20
    total_seconds: float = 1800
    answer_bytes: int = 20_000_000
    total_bytes: int = 2_000_000_000
    calls: tuple[tuple[int, int], ...] = ()


class Credentials(Protocol):
    """What lets us in."""

    def signed(self, call: Outgoing, client: "ApiClient") -> Outgoing:
        """The call with what lets us in. Raises ConnectorError."""

    def renewed(self, refused: Outgoing, client: "ApiClient") -> bool:
        """Whether there are others than those of the refused call. Raises ConnectorError."""


@dataclass
class ApiClient:
    """One source's API during one search or change."""

    name: str
    base_url: httpx.URL
    credentials: Credentials
    limits: Limits
    heartbeat: Heartbeat
    memory: SourceMemory = field(default_factory=OwnMemory)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        self._client = httpx.Client(
            transport=GuardedTransport(self.name, seconds=self.limits.answer_seconds),
            headers={"accept": "application/json", "accept-encoding": "identity", **self.headers},
            timeout=self.limits.answer_seconds,
            follow_redirects=False,
            trust_env=False,
        )
        self._started = time.monotonic()
        self._bytes = 0
        self._waited = 0.0

    def close(self) -> None:
        """Let the connections go."""
        self._client.close()

    def ask(self, call: Outgoing, *, expects: frozenset[int] = READ, signed: bool = True) -> Reply:
        """The answer to a question, asked again while that may help. Raises ConnectorError, or NotThere for 404."""
        attempt, fresh = 1, True
        while True:
            try:
                return self.once(call, expects=expects, signed=signed, renew=fresh and signed)
            except Renew:
                fresh = False
            except Failed as failure:
                attempt += not failure.told
                self.wait_after(failure, attempt)

    def once(
        self, call: Outgoing, *, expects: frozenset[int] = READ, signed: bool = True, renew: bool = False
    ) -> Reply:
        """The answer to a call that is made once. Raises Failed when none came, else as `ask`."""
        self._refuse_overtime()
        self.heartbeat()
        self._take_turn()
        ready = self.credentials.signed(call, self) if signed else call
        reply = self._sent(ready)
        if reply.status == httpx.codes.UNAUTHORIZED and renew and self.credentials.renewed(ready, self):
            raise Renew
        if reply.status not in expects:
            raise self._refusal(reply)
        if is_used_up(reply.headers) and (reset := reset_in(reply.headers, now=datetime.now(UTC))):
            self.memory.pause(reset)
        return reply

    def _sent(self, call: Outgoing) -> Reply:
        try:
            with self._client.stream(
                call.method, call.url, headers=dict(call.headers), content=call.content
            ) as response:
                content = self._content(response)
                return Reply(response.status_code, response.headers, content, self.name)
        except httpx.ReadTimeout:
            raise self._too_slow() from None
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            raise Failed(f"{self.name} cannot be reached ({type(error).__name__}).") from None
        except httpx.TransportError as error:
            raise Failed(f"{self.name} broke off ({type(error).__name__}).", sent=True) from None
        except httpx.DecodingError:
            raise Garbled(f"{self.name} answered something that cannot be unpacked.") from None
        except (httpx.InvalidURL, UnicodeError):
            raise NotConfigured(f"The address or credentials of {self.name} cannot be used.") from None

    def _refusal(self, reply: Reply) -> Exception:
        """What a status that was not expected means."""
        status = reply.status
        wait = asked_wait(reply.headers, now=datetime.now(UTC))
        if status in {429, 503} or (status == httpx.codes.FORBIDDEN and is_used_up(reply.headers)):
            told = wait is not None or status != httpx.codes.SERVICE_UNAVAILABLE
            after = wait if wait is not None else WAIT_WHEN_NOT_TOLD_SECONDS
            if told:
                self.memory.pause(after)
            return Failed(f"{self.name} asks us to wait.", retry_after=after, told=told)
        if status == httpx.codes.NOT_FOUND:
            return NotThere()
        if status >= httpx.codes.INTERNAL_SERVER_ERROR:
            return Failed(f"{self.name} failed (it answered {status}).", sent=True)
        return self._for_a_person(status)

    def _for_a_person(self, status: int) -> ConnectorError:
        if status in _REFUSES_US:
            return NotConfigured(f"{self.name} {_REFUSES_US[status]} (it answered {status}).")
        if 300 <= status < 400:
            return NotConfigured(f"{self.name} sends us to another address, which is not followed.")
        kind = Undecided if status in _MAY_PASS else Fatal
        return kind(f"{self.name} does not understand what it is asked (it answered {status}).")

    def _content(self, response: httpx.Response) -> bytes:
        """The whole body, read under a limit of time as a whole: a slow drip never meets a limit per read."""
        parts = []
        size = 0
        for part in response.iter_bytes():
            size += len(part)
            self._bytes += len(part)
            parts.append(part)
            if size > self.limits.answer_bytes or self._bytes > self.limits.total_bytes:
                raise Garbled(f"{self.name} answers with more bytes than its settings allow.")
        return b"".join(parts)

    def _too_slow(self) -> Failed:
        seconds = self.limits.answer_seconds
        return Failed(f"{self.name} took longer than {seconds:g} seconds to answer.", sent=True)

    def wait_after(self, failure: Failed, attempt: int) -> None:
        """Wait before the next attempt. Raises Retryable when it is the last, or the wait too long to hold a worker."""
        told = failure.retry_after
        wait = 0.125 * 2**attempt if told is None else told
        # Never sooner than told; and not all who were told the same at the same moment.
        spread = wait * (1 + secrets.randbelow(100) / 1000)
        self._waited += spread
        if attempt > ATTEMPTS or wait > LONGEST_WAIT_SECONDS or self._waited > PATIENCE_SECONDS:
            raise Retryable(failure.sentence, retry_after=told) from None
        self.wait(spread)

    def _take_turn(self) -> None:
        """Stay, together with all other workers, below the rate the map states and out of pauses."""
        while (wait := self.memory.take_call(self.limits.calls)) is not None:
            if wait.told and wait.seconds > LONGEST_WAIT_SECONDS:
                raise Retryable(f"{self.name} asks us to wait.", retry_after=wait.seconds)
            self._refuse_overtime()
            self.wait(wait.seconds + secrets.randbelow(50) / 1000)

    def _refuse_overtime(self) -> None:
        if time.monotonic() > self._started + self.limits.total_seconds:
            raise Retryable(f"{self.name} took longer than {self.limits.total_seconds:g} seconds in all.")

    def wait(self, seconds: float) -> None:
        """Wait in short stretches, so that the lease is kept."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            self.heartbeat()
            time.sleep(min(left, 2.0))
