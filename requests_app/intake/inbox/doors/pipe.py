"""A mail server that starts a program for each mail: stored first, then dealt with as far as that goes at once."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from requests_app.intake.email.limits import DEFAULT_LIMITS
from requests_app.intake.inbox.models import Door
from requests_app.intake.inbox.receive import Delivery, receive
from requests_app.intake.inbox.told import told
from requests_app.intake.inbox.work import work_on_mail
from requests_app.leases.clock import database_now
from requests_app.leases.held import note_break

log = logging.getLogger(__name__)
# The largest message that is kept: four times what is read. Its mail server refuses a larger one to whoever sent it.
LARGEST = 4 * DEFAULT_LIMITS.message


@dataclass(frozen=True, slots=True)
class Piped:
    """One message as the mail server hands it over."""

    raw: bytes = field(repr=False)
    mail_from: str = field(default="", repr=False)
    rcpt_to: tuple[str, ...] = field(default=(), repr=False)


def take_in(piped: Piped) -> Mapping[str, Any]:
    """Store a message and deal with it. Returns what became of it, as JSON.

    Raises StoreFull, StoreAway, DatabaseError and OSError, all of them before it is stored: afterwards nothing fails
    any more, and what could not be done now is done by the workers.
    """
    now = database_now()
    received = receive(
        Delivery(
            door=Door.PIPE,
            raw=piped.raw,
            received_at=now,
            mail_from=piped.mail_from,
            rcpt_to=piped.rcpt_to,
        ),
        at=now,
    )
    try:
        work_on_mail(email_id=received.email_id, at=now)
        return told(received.email_id)
    # It is stored: whatever breaks now must not make the mail server send it again.
    except Exception as error:  # noqa: BLE001
        log.warning("A mail was stored; dealing with it broke (%s) and is tried again.", type(error).__name__)
        note_break(error)
        return {"outcome": "stored", "reason": "is_dealt_with_later", "requests": []}
