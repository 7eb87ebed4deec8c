"""A mail server inside the test: whatever is sent can be read."""

import time
from email import message_from_bytes, policy
from email.message import EmailMessage
from types import TracebackType

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from omne_dsar.embedded import ports


class Mailbox:
    """Keeps every message it is given."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self.port = ports.free_port()
        self._controller = Controller(self, hostname=ports.LOOPBACK, port=self.port)

    def __enter__(self) -> "Mailbox":
        self._controller.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._controller.stop()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Accept a message."""
        content = (
            envelope.content if isinstance(envelope.content, bytes) else (envelope.content or "").encode()
        )
        self.messages.append(message_from_bytes(content, policy=policy.default))  # type: ignore[arg-type]
        return "250 OK"

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
