"""Wren Notes as it answers: an offer, an upload, the question how far it is."""

import base64
import hashlib
import json
import re
import ssl
import sys
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from omne_dsar.demo.wren.callers import Call, KeysAway, NotThem, Sender, digest_said
from omne_dsar.demo.wren.places import CLOSED, OPEN
from omne_dsar.demo.wren.shelf import Shelf

MOST_BYTES = 200_000_000
_LARGEST_OFFER = 64 * 1024
_UPLOAD = re.compile(rf"^{OPEN}/([0-9a-f-]{{36}})$")
_BLOCK = 64 * 1024


class Refused(Exception):
    """A call that is answered with a status and a sentence."""

    def __init__(self, status: HTTPStatus, sentence: str, *, retry_after: int = 0) -> None:
        super().__init__(sentence)
        self.status, self.sentence, self.retry_after = status, sentence, retry_after


class WrenServer(ThreadingHTTPServer):
    """Wren Notes, listening on this machine only, behind TLS. `tell` is told of each copy that arrived."""

    daemon_threads = True

    def __init__(
        self,
        *,
        port: int,
        tls: ssl.SSLContext,
        signs: Ed25519PrivateKey,
        sender: Sender,
        shelf: Shelf,
        tell: Callable[[str], object],
    ) -> None:
        self.sender, self.shelf, self.tell = sender, shelf, tell
        self.receipt_key = base64.b64encode(signs.public_key().public_bytes_raw()).decode()
        super().__init__(("127.0.0.1", port), WrenHandler)
        # The handshake takes place in the thread of its own call: a caller that stays silent holds nobody else up.
        self.socket = tls.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)

    def handle_error(self, request: object, client_address: object) -> None:
        """A caller who hangs up early, or does not trust us, is no error of ours."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class WrenHandler(BaseHTTPRequestHandler):
    """Answers one connection."""

    server: WrenServer
    protocol_version = "HTTP/1.1"
    timeout = 60
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        """Say how far the copy of one key is."""
        self._answered(self._state)

    def do_POST(self) -> None:
        """Take an offer, or the copy that was offered."""
        self._answered(self._offer if self.path == OPEN else self._upload)

    def _answered(self, find: Callable[[], tuple[HTTPStatus, dict[str, Any]]]) -> None:
        try:
            self._let_in()
            status, said = find()
            self._answer(status, said)
        except KeysAway:
            away = "Your keys cannot be read just now."
            self._refuse(Refused(HTTPStatus.SERVICE_UNAVAILABLE, away, retry_after=5))
        except NotThem as refusal:
            self._refuse(Refused(HTTPStatus.FORBIDDEN, str(refusal)))
        except Refused as refusal:
            self._refuse(refusal)

    def _let_in(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        if self.path.startswith(CLOSED):
            raise Refused(HTTPStatus.GONE, "Copies are not taken here any more.")
        self.server.sender.check(Call(self.command, f"https://{headers.get('host', '')}{self.path}", headers))

    def _offer(self) -> tuple[HTTPStatus, dict[str, Any]]:
        content = self.rfile.read(self._length(most=_LARGEST_OFFER))
        if hashlib.sha256(content).hexdigest() != digest_said(self._headers):
            raise Refused(HTTPStatus.BAD_REQUEST, "The offer is not the one whose digest was signed.")
        key = self.headers.get("idempotency-key", "")
        try:
            self.server.shelf.note_offer(key, json.loads(content))
        except ValueError:
            raise Refused(HTTPStatus.BAD_REQUEST, "The offer cannot be read.") from None
        place = f"{OPEN}/{key}"
        said = {"accept": True, "upload": place, "status": place, "max_bytes": MOST_BYTES}
        return HTTPStatus.ACCEPTED, {**said, "receipt_key": self.server.receipt_key}

    def _upload(self) -> tuple[HTTPStatus, dict[str, Any]]:
        key = self._key()
        offer = self.server.shelf.offered(key)
        if offer is None or key != self.headers.get("idempotency-key"):
            raise Refused(HTTPStatus.NOT_FOUND, "This copy was not offered.")
        sha256, size = self._taken(key)
        promised = offer.get("package", {})
        if {sha256} != {promised.get("sha256"), digest_said(self._headers)} or size != promised.get("size"):
            self.server.shelf.draft(key).unlink()
            raise Refused(HTTPStatus.CONFLICT, "What arrived is not what was offered.", retry_after=5)
        receipt = self.server.shelf.keep(key, sha256=sha256, size=size)
        self.server.tell(f"took a copy of {size:,} bytes: signed by its sender, and whole; gave a receipt.")
        return HTTPStatus.CREATED, receipt

    def _taken(self, key: str) -> tuple[str, int]:
        left, size, digest = self._length(most=MOST_BYTES), 0, hashlib.sha256()
        with self.server.shelf.draft(key).open("wb") as file:
            while left and (block := self.rfile.read(min(left, _BLOCK))):
                left, size = left - len(block), size + len(block)
                digest.update(block)
                file.write(block)
        return digest.hexdigest(), size

    def _state(self) -> tuple[HTTPStatus, dict[str, Any]]:
        key = self._key()
        if receipt := self.server.shelf.receipt(key):
            return HTTPStatus.OK, {"state": "received", **receipt}
        if self.server.shelf.offered(key) is None:
            raise Refused(HTTPStatus.NOT_FOUND, "Nothing is known of this copy.")
        return HTTPStatus.OK, {"state": "uploading", "received": 0}

    def _key(self) -> str:
        found = _UPLOAD.match(self.path)
        if found is None:
            raise Refused(HTTPStatus.NOT_FOUND, "There is nothing at this address.")
        return found[1]

    def _length(self, *, most: int) -> int:
        said = self.headers.get("content-length", "")
        if not said.isascii() or not said.isdigit():
            raise Refused(HTTPStatus.LENGTH_REQUIRED, "The length of the content is missing.")
        if int(said[:12]) > most:
            raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "That is more than we take.")
        return int(said)

    @property
    def _headers(self) -> dict[str, str]:
        return {name.lower(): value for name, value in self.headers.items()}

    def _refuse(self, refusal: Refused) -> None:
        # What was not read of the call would be taken for the next one.
        self.close_connection = True
        self._answer(refusal.status, {"reason": refusal.sentence}, retry_after=refusal.retry_after)

    def _answer(self, status: HTTPStatus, said: dict[str, Any], *, retry_after: int = 0) -> None:
        body = json.dumps(said).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        if retry_after:
            self.send_header("Retry-After", str(retry_after))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the base class names it
        """Keep quiet: `tell` says what matters."""
