"""The SMTP side: takes every mail for anybody and keeps it."""

from datetime import UTC, datetime

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from omne_dsar.demo.mailbox.folder import MailFolder

MOST_BYTES = 30 * 1024 * 1024


class Sink:
    """Stores each mail it is handed."""

    def __init__(self, folder: MailFolder) -> None:
        self.folder = folder

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Keep the mail; what cannot be kept is refused for now, so that the sender tries again."""
        content = envelope.content or b""
        raw = content.encode() if isinstance(content, str) else content
        try:
            self.folder.keep(raw, envelope.rcpt_tos, at=datetime.now(UTC))
        except OSError:
            return "451 The mail could not be stored, try again later"
        return "250 Kept"


def start_sink(folder: MailFolder, port: int) -> Controller:
    """Listen on this machine only; raises OSError when the port is taken."""
    controller = Controller(
        Sink(folder), hostname="127.0.0.1", port=port, data_size_limit=MOST_BYTES, enable_SMTPUTF8=True
    )
    controller.start()
    return controller
