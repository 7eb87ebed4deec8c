"""A listener for our own mail server (LMTP, RFC 2033): it hears 250 once a mail is stored, and keeps it otherwise.

The best of all doors: it knows the envelope, and the mail server retries by itself. It listens on this machine only,
for whoever reaches it may deliver anything.
"""

import asyncio
import logging
import os
import signal
import socket
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any

from aiosmtpd.lmtp import LMTP
from django.db import Error as DatabaseError
from django.db import close_old_connections

from requests_app.encryption.errors import StoreAway, StoreFull
from requests_app.errors import BadInput
from requests_app.intake.email.limits import DEFAULT_LIMITS
from requests_app.intake.inbox.models import Door
from requests_app.intake.inbox.receive import Delivery, receive
from requests_app.leases.clock import database_now

log = logging.getLogger(__name__)
LARGEST = 4 * DEFAULT_LIMITS.message
STORED = "250 2.0.0 Stored"
TRY_AGAIN = "451 4.3.0 It could not be stored, keep it and try again"
REFUSED_AS_A_WHOLE = ("552 Error: Too much mail data", "500 Line too long")
UNIX = "unix:"
# Who may write to a socket: the group that the mail server is in.
SOCKET_MODE = 0o660


@dataclass(frozen=True, slots=True)
class Place:
    """Where to listen: a socket in the file system, or a port of this machine."""

    path: str = ""
    host: str = ""
    port: int = 0


def read_place(text: str) -> Place:
    """Return where `unix:/run/omne.sock` or `127.0.0.1:2424` is. Raises BadInput."""
    if text.startswith(UNIX) and len(text) > len(UNIX):
        return Place(path=text.removeprefix(UNIX))
    host, _, port = text.rpartition(":")
    try:
        is_ours = ip_address(host.strip("[]")).is_loopback
    except ValueError:
        is_ours = host == "localhost"
    if not is_ours or not port.isdigit() or not 0 <= int(port) < 2**16:
        raise BadInput(
            "Listen at unix:/path/of/a/socket, or at a port of this machine such as 127.0.0.1:2424."
        )
    return Place(host=host.strip("[]"), port=int(port))


class Storing:
    """What aiosmtpd calls for each mail: the mail is stored, or the mail server is told to keep it."""

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        """Return the answer of each recipient: they share one mail, and so one answer."""
        answer = await asyncio.to_thread(
            stored, envelope.content, envelope.mail_from or "", envelope.rcpt_tos
        )
        return "\r\n".join([answer] * len(envelope.rcpt_tos))

    async def handle_exception(self, error: Exception) -> str:
        """Return what a peer is told when something broke that nobody foresaw: never the error's own words."""
        log.error("Taking a mail broke (%s); it stays with the mail server.", type(error).__name__)
        return TRY_AGAIN


def stored(raw: bytes, mail_from: str, rcpt_to: list[str]) -> str:
    """Store one mail; the answer to the mail server. What a mail holds can make none of this fail."""
    close_old_connections()
    try:
        now = database_now()
        delivery = Delivery(
            door=Door.LMTP, raw=raw, received_at=now, mail_from=mail_from, rcpt_to=tuple(rcpt_to)
        )
        receive(delivery, at=now)
    except (StoreFull, StoreAway, DatabaseError, OSError) as failure:
        log.warning("A mail could not be stored (%s); it stays with the mail server.", type(failure).__name__)
        return TRY_AGAIN
    finally:
        close_old_connections()
    return STORED


class Listening(LMTP):
    """aiosmtpd's LMTP, which refuses long lines that real mails have, and answers a refused mail only once."""

    line_length_limit = DEFAULT_LIMITS.message

    async def push(self, status: Any) -> None:
        """Answer each recipient where a mail as a whole is refused: the mail server waits for all of them."""
        if isinstance(status, str) and status.startswith(REFUSED_AS_A_WHOLE) and self.envelope is not None:
            status = "\r\n".join([status] * len(self.envelope.rcpt_tos))
        await super().push(status)


async def serve(place: Place, *, ready: Callable[[str], None]) -> None:
    """Listen until SIGTERM or SIGINT; `ready` is told where. What is being stored then is still stored and answered."""
    loop = asyncio.get_running_loop()
    ended = asyncio.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(each, ended.set)
    server = await _listening(loop, place)
    async with server:
        ready(_name(server, place))
        await ended.wait()
    await loop.shutdown_default_executor()


def _protocol() -> LMTP:
    return Listening(
        Storing(), data_size_limit=LARGEST, enable_SMTPUTF8=True, ident="Omne DSAR", hostname="localhost"
    )


async def _listening(loop: asyncio.AbstractEventLoop, place: Place) -> asyncio.Server:
    if not place.path:
        return await loop.create_server(_protocol, host=place.host, port=place.port)
    _remove_left_over(place.path)
    server = await loop.create_unix_server(_protocol, path=place.path)
    os.chmod(place.path, SOCKET_MODE)
    return server


def _remove_left_over(path: str) -> None:
    """Remove the socket of a listener that was killed; one that still answers keeps its own. Raises BadInput."""
    if not os.path.exists(path):
        return
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(path)
        except ConnectionRefusedError:
            os.unlink(path)
            return
        except OSError:
            pass
    raise BadInput(f"Something else is at {path} already.")


def _name(server: asyncio.Server, place: Place) -> str:
    if place.path:
        return f"{UNIX}{place.path}"
    host, port = server.sockets[0].getsockname()[:2]
    return f"{host}:{port}"
