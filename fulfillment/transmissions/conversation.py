"""One conversation with another service: guarded, pinned to one address, bounded in bytes and time, not redirected."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import httpx

from fulfillment.bundles.base import Heartbeat
from fulfillment.connectors.errors import NotConfigured, Retryable
from fulfillment.connectors.outbound import GuardedTransport
from fulfillment.connectors.waiting import asked_wait
from fulfillment.transmissions.endpoint import allowed_hosts
from fulfillment.transmissions.errors import Final, Later
from fulfillment.transmissions.http_signing import Call, digest_field, digest_of, signed
from fulfillment.transmissions.models import Sending
from fulfillment.transmissions.protocol import (
    Accepted,
    Progress,
    accepted,
    not_understood,
    object_in,
    offer_of,
    progress_in,
    their_words,
)
from fulfillment.transmissions.states import TransmissionState as S
from fulfillment.transmissions.states import Why
from requests_app.encryption.files import SealedReader

JSON = "application/json"
ANSWER_SECONDS, WRITE_SECONDS, CONNECT_SECONDS = 30.0, 10.0, 10.0
LARGEST_ANSWER = 64 * 1024
# An upload that is slower than this in the mean is given up, and tried again later.
SLOWEST_BYTES_A_SECOND = 32 * 1024
GRACE_SECONDS = 60.0
# Small enough that a receiver who takes each byte late does not outlast the lease between two heartbeats.
BLOCK = 16 * 1024
_TIMEOUT = httpx.Timeout(ANSWER_SECONDS, connect=CONNECT_SECONDS, write=WRITE_SECONDS)
_PLAIN = {"accept-encoding": "identity"}
_ASKS_TO_WAIT = frozenset({408, 409, 423, 425, 429})


class Conversation:
    """The calls of one attempt; everything goes to the address that the host had at the first of them."""

    def __init__(self, sending: Sending, *, at: datetime, beat: Heartbeat) -> None:
        self._sending, self._at, self._beat = sending, at, beat
        self._endpoint = sending.transmission.endpoint
        self._transport = GuardedTransport(
            "The other service", seconds=ANSWER_SECONDS, allowed=allowed_hosts()
        )

    def __enter__(self) -> "Conversation":
        self._client = httpx.Client(
            transport=self._transport, timeout=_TIMEOUT, follow_redirects=False, trust_env=False
        )
        return self

    def __exit__(self, *_error: object) -> None:
        self._client.close()

    def offer(self) -> Accepted:
        """Say what we would send. Raises Later and Final."""
        body = offer_of(self._sending)
        headers = {
            "content-type": JSON,
            "content-digest": digest_of([body]),
            "content-length": str(len(body)),
        }
        said = self._asked("POST", self._endpoint.text, headers, body)
        return accepted(said, endpoint=self._endpoint)

    def state(self) -> Progress | None:
        """How far the other service says it is; None where it knows nothing of this. Raises Later and Final."""
        try:
            return progress_in(self._asked("GET", str(self._sending.status_sealed), {}))
        except _Unknown:
            return None

    def upload(self, reader: SealedReader, *, start: int, end: int) -> Progress:
        """Send the bytes from `start` up to `end`; where it cannot resume, all in a POST. Raises Later and Final."""
        sending = self._sending
        whole = digest_field(bytes.fromhex(sending.sha256))
        is_whole = (start, end) == (0, sending.size)
        headers = {"content-type": "application/zip", "content-digest": whole, "repr-digest": whole}
        if sending.is_resumable:
            # As in draft-ietf-httpbis-resumable-upload.
            headers["content-type"] = "application/partial-upload"
            headers["upload-offset"] = str(start)
            headers["upload-complete"] = "?1" if end == sending.size else "?0"
        if not is_whole:
            headers["content-digest"] = digest_of(self._blocks(reader, start, end))
        headers["content-length"] = str(end - start)
        method = "PATCH" if sending.is_resumable else "POST"
        seconds = GRACE_SECONDS + (end - start) / SLOWEST_BYTES_A_SECOND
        content = self._in_time(self._blocks(reader, start, end), seconds)
        return progress_in(
            self._asked(
                method, str(sending.upload_sealed), headers, content, seconds=seconds + ANSWER_SECONDS
            )
        )

    def _blocks(self, reader: SealedReader, start: int, end: int) -> Iterator[bytes]:
        reader.seek(start)
        left = end - start
        for chunk in reader.chunks():
            view = memoryview(chunk)[:left]
            for first in range(0, len(view), BLOCK):
                self._beat()
                yield bytes(view[first : first + BLOCK])
            left -= len(view)
            if left <= 0:
                return

    def _in_time(self, blocks: Iterator[bytes], seconds: float) -> Iterator[bytes]:
        until = time.monotonic() + seconds
        for block in blocks:
            if time.monotonic() > until:
                raise Later("The other service took the copy too slowly.")
            yield block

    def _asked(
        self,
        method: str,
        url: str,
        headers: dict[str, str],
        content: bytes | Iterator[bytes] = b"",
        *,
        seconds: float | None = None,
    ) -> dict[str, Any]:
        headers = {"idempotency-key": str(self._sending.pk), "accept": JSON, **_PLAIN, **headers}
        call = signed(Call(method, url, headers), at=self._at)
        self._beat()
        with (
            _as_ours(),
            self._client.stream(
                method,
                url,
                headers=call.headers,
                content=content,
                extensions={"whole_seconds": seconds or ANSWER_SECONDS},
            ) as response,
        ):
            answer = _content(response)
        return _understood(response, answer, at=self._at)


class _Unknown(Exception):
    """The other service does not know what it is asked for."""


def _content(response: httpx.Response) -> bytes:
    """The body as far as we read answers: more than that is nothing we asked for."""
    parts, size = [], 0
    for part in response.iter_raw():
        parts.append(part)
        size += len(part)
        if size > LARGEST_ANSWER:
            raise not_understood("Its answer is too large.")
    return b"".join(parts)


@contextmanager
def _as_ours() -> Iterator[None]:
    """Say what the network does in our own words; none of it names more than the kind of trouble."""
    try:
        yield
    except NotConfigured:
        sentence = "The address leads into a private network now, or cannot be used."
        raise Final(S.FAILED, Why.NOT_ALLOWED, sentence) from None
    except Retryable:
        raise Later("The host of the other service cannot be found.") from None
    except httpx.InvalidURL:
        raise not_understood("Its address cannot be used.") from None
    except httpx.TransportError as error:
        raise Later(f"The other service cannot be reached, or broke off ({type(error).__name__}).") from None


def _understood(response: httpx.Response, content: bytes, *, at: datetime) -> dict[str, Any]:
    """The object of a good answer. Raises Later and Final."""
    status = response.status_code
    if 200 <= status < 300:
        return object_in(content)
    said = f"The other service answered {status}."
    if status == httpx.codes.NOT_FOUND and response.request.method == "GET":
        raise _Unknown
    if 300 <= status < 400 or status < 200:
        raise Final(S.FAILED, Why.SENT_ELSEWHERE, f"{said} Redirects are not followed.")
    if status >= 500 or status in _ASKS_TO_WAIT:
        raise Later(said, retry_after=asked_wait(response.headers, now=at))
    why = {410: Why.NOBODY_THERE, 413: Why.TOO_LARGE_FOR_THEM}.get(status, Why.NOT_TAKEN)
    raise Final(S.DECLINED, why, said, their_words=their_words(content))
