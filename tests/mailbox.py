"""A mail server inside the test: whatever is sent can be read."""

import asyncio
import logging
import threading
import time
from email import message_from_bytes, policy
from email.message import EmailMessage
from types import TracebackType

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from omne_dsar.embedded import ports

# Every line of every session would bury what a failing test has to say.
logging.getLogger("mail.log").setLevel(logging.WARNING)


class Mailbox:
    """Keeps every message it is given; it can go away, come back, and hold its answer to a message."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self.answer = "250 OK"
        self.port = ports.free_port()
        self.held = threading.Event()
        self._may_answer = threading.Event()
        self._may_answer.set()

    def __enter__(self) -> "Mailbox":
        self.come_back()
        return self

    def come_back(self) -> None:
        """Listen, again where it listened before."""
        self._controller = Controller(self, hostname=ports.LOOPBACK, port=self.port)
        self._controller.start()

    def go_away(self) -> None:
        """Hang up on everybody."""
        self._controller.stop()

    def hold(self) -> None:
        """Take the next messages, but do not say so yet; `held` tells that one came."""
        self._may_answer.clear()

    def let_go(self) -> None:
        """Answer again."""
        self._may_answer.set()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.let_go()
        self.go_away()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Accept a message, or whatever `answer` says."""
        if not self.answer.startswith("2"):
            return self.answer
        content = (
            envelope.content if isinstance(envelope.content, bytes) else (envelope.content or "").encode()
        )
        self.messages.append(message_from_bytes(content, policy=policy.default))  # type: ignore[arg-type]
        self.held.set()
        await asyncio.to_thread(self._may_answer.wait, 60)
        return self.answer

    def sent_to(self, address: str) -> list[EmailMessage]:
        """Return what one address was sent."""
        return [message for message in self.messages if address in str(message["To"])]

    def wait_for(self, address: str, *, count: int = 1, seconds: float = 30) -> EmailMessage:
        """Return the newest message to the address once it has been sent so many."""
        deadline = time.monotonic() + seconds
        while len(found := self.sent_to(address)) < count:
            if time.monotonic() > deadline:
                raise AssertionError(f"{len(found)} messages instead of {count} within {seconds} seconds")
            time.sleep(0.05)
        return found[-1]


def text_of(mail: EmailMessage) -> str:
    """Return the plain text of a message, its lines ended as the sender did."""
    body = mail.get_body(("plain",))
    return body.get_content() if body is not None else ""
