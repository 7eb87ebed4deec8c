"""Mails as files: one `.eml` each, named by arrival."""

import email.policy
import os
import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import getaddresses
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail, read."""

    id: str
    at: str
    sender: str
    to: tuple[str, ...]
    subject: str
    text: str
    html: str

    def is_for(self, address: str) -> bool:
        """True when the address is among the recipients."""
        return address.strip().casefold() in (each.casefold() for each in self.to)


class MailFolder:
    """Keeps what arrives and reads it back; a mail is whole or not there."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.path.mkdir(parents=True, exist_ok=True)
        self._lock = threading.Lock()
        self._read: dict[str, Mail] = {}
        self._last = max((int(name.stem.partition("-")[0]) for name in path.glob("*-*.eml")), default=0)

    def keep(self, content: bytes, recipients: list[str], *, at: datetime) -> str:
        """Store one mail and give its id; the envelope is kept as a header, because copies name nobody."""
        with self._lock:
            self._last += 1
            name = f"{self._last:06}-{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
        envelope = ", ".join(recipients).replace("\r", " ").replace("\n", " ")
        unfinished = self.path / f".{name}.part"
        unfinished.write_bytes(b"X-Envelope-To: " + envelope.encode() + b"\r\n" + content)
        os.replace(unfinished, self.path / f"{name}.eml")
        return name

    def mails(self) -> list[Mail]:
        """Everything that arrived, the newest first."""
        names = sorted((path.stem for path in self.path.glob("*-*.eml")), reverse=True)
        return [mail for name in names if (mail := self.mail(name)) is not None]

    def mail(self, name: str) -> Mail | None:
        """One mail, or None when there is none of that name."""
        if name not in self._read:
            source = self.source(name)
            if source is None:
                return None
            self._read[name] = _parse(name, source)
        return self._read[name]

    def source(self, name: str) -> bytes | None:
        """The mail as it arrived."""
        path = self.path / f"{name}.eml"
        if path.parent != self.path or not path.is_file():
            return None
        return path.read_bytes()


def _parse(name: str, source: bytes) -> Mail:
    message = BytesParser(EmailMessage, policy=email.policy.default).parsebytes(source)
    stamp = datetime.strptime(name.partition("-")[2], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    addressed = [str(message.get(header, "")) for header in ("X-Envelope-To", "To", "Cc")]
    recipients = [address for _, address in getaddresses(addressed) if address]
    return Mail(
        id=name,
        at=stamp.isoformat(),
        sender=str(message.get("From", "")),
        to=tuple(dict.fromkeys(recipients)),
        subject=str(message.get("Subject", "")) or "(no subject)",
        text=_part(message, "plain"),
        html=_part(message, "html"),
    )


def _part(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    return str(part.get_content()).replace("\r\n", "\n") if part is not None else ""
