"""Signed orders to a system without database access: sent under a name, answered at once or by a callback.

What was sent is known to the source's memory before it is sent, so that an attempt that dies is followed by one that
waits for the same answer, or asks after it by its name. The same name is the `webhook-id` of every call about an order.
"""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx
from django.conf import settings
from django.urls import reverse

from fulfillment.connectors.errors import ConnectorError, Fatal, NotConfigured, NotYet, Retryable
from fulfillment.connectors.exchange import Failed, NotThere, Outgoing, Reply
from fulfillment.connectors.http import ApiClient
from fulfillment.connectors.memory import Kept
from fulfillment.connectors.order_names import webhook_slot
from fulfillment.connectors.webhook_signing import ID, signed_headers

ANSWERED, TAKEN_ON = httpx.codes.OK, httpx.codes.ACCEPTED
SENT, ACCEPTED, DONE, FAILED = "sent", "accepted", "done", "failed"
# Looking into our own memory is cheap, so nobody waits long once the callback came.
SHORTEST_WAIT, LONGEST_WAIT = 5.0, 60.0


@dataclass(frozen=True)
class Signing:
    """What signs our calls: the secrets that hold at a moment, the newest first."""

    secrets_at: Callable[[datetime], tuple[str, ...]]

    def signed(self, call: Outgoing, client: ApiClient) -> Outgoing:
        """The call with the headers of Standard Webhooks."""
        now = datetime.fromtimestamp(time.time(), UTC)
        signed = signed_headers(self.secrets_at(now), key=call.headers[ID], body=call.content or b"", at=now)
        return call.with_headers(**signed)

    def renewed(self, refused: Outgoing, client: ApiClient) -> bool:
        """There are no others."""
        return False


@dataclass(frozen=True)
class Patience:
    """How long an order may take in all, and after how long without a word its system is asked."""

    deadline_seconds: float
    ask_after_seconds: float


@dataclass(frozen=True)
class Desk:
    """Where orders to one system go out and come back."""

    client: ApiClient
    patience: Patience

    def kept(self, order: str) -> Kept:
        """What is known of an order; empty when it was never sent."""
        return self.client.memory.recall(webhook_slot(order))

    def begin(self, order: str, what: str) -> None:
        """Write down that an order is about to be sent."""
        now = time.time()
        with self.client.memory.slot(webhook_slot(order)) as held:
            held.setdefault("what", what)
            held.setdefault("state", SENT)
            held.setdefault("since", now)
            held["asked"] = now

    def note(self, order: str, **values: Any) -> None:
        """Write down what is known now. What a callback has ended is not opened again."""
        with self.client.memory.slot(webhook_slot(order)) as held:
            if held.get("state") not in (DONE, FAILED):
                held.update(values)

    def forget(self, order: str) -> None:
        """The order is over."""
        with self.client.memory.slot(webhook_slot(order)) as held:
            held.clear()
        self.client.memory.forget_answer(order)

    def send(self, order: str, what: str, body: Mapping[str, Any]) -> Reply | None:
        """Send an order. Returns the answer, or None where the system will call back. Raises ConnectorError.

        Raises Failed where no answer came; `sent` then says whether the system may have acted.
        """
        self.begin(order, what)
        try:
            reply = self._post(order, {"type": what, "callback_url": callback_url(order), **body})
        except Failed as failure:
            if not failure.sent:
                self.forget(order)
            raise
        except NotThere:
            self.forget(order)
            raise NotConfigured(f"{self.client.name} has nothing at the address of its settings.") from None
        except ConnectorError:
            self.forget(order)
            raise
        if reply.status == TAKEN_ON:
            self.note(order, state=ACCEPTED)
            return None
        return reply

    def status(self, order: str) -> Kept:
        """Ask how an order stands, by its name. Returns the system's words. Raises ConnectorError, Failed."""
        self.note(order, asked=time.time())
        try:
            said = self._post(order, {"type": "status"}).json()
        except NotThere:
            raise Fatal(f"{self.client.name} cannot be asked how an order stands.") from None
        if not isinstance(said, dict) or not isinstance(said.get("state"), str):
            raise Fatal(f"{self.client.name} answered how an order stands in a way that cannot be read.")
        return said

    def wait(self, order: str) -> NotYet:
        """The refusal that lets the worker go until the callback came. Raises Fatal where it took too long."""
        age = time.time() - float(self.kept(order).get("since", time.time()))
        if age > self.patience.deadline_seconds:
            raise Fatal(
                f"{self.client.name} has not called back in {self.patience.deadline_seconds / 3600:g} hours."
            )
        after = min(max(SHORTEST_WAIT, age / 4), LONGEST_WAIT)
        return NotYet(f"{self.client.name} works on it and will call back.", retry_after=after)

    def is_silent(self, order: str) -> bool:
        """Whether nothing was heard of an order for so long that its system is asked."""
        return time.time() - float(self.kept(order).get("asked", 0)) > self.patience.ask_after_seconds

    def _post(self, order: str, body: Mapping[str, Any]) -> Reply:
        content = json.dumps({"order": order, **body}, ensure_ascii=False, separators=(",", ":")).encode()
        headers = {"content-type": "application/json", "idempotency-key": order, ID: order}
        call = Outgoing("POST", self.client.base_url, headers, content)
        return self.client.once(call, expects=frozenset({ANSWERED, TAKEN_ON}))


def callback_url(order: str) -> str:
    """Where the system calls back; the order in it can be guessed by nobody, and its call is signed besides."""
    return str(settings.PUBLIC_URL) + reverse("callbacks:take", args=[order])


def later(failure: Failed) -> Retryable:
    """A call that came to nothing, as something to try again."""
    return Retryable(failure.sentence, retry_after=failure.retry_after)
