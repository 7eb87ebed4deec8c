"""Another company's server behind real TLS: takes offers and uploads, and is as rude as a test wants."""

import hashlib
import json
import ssl
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from tests.fulfillment.transmissions.authority import Certified

Answer = tuple[int, Any] | tuple[int, Any, Mapping[str, str]]
OFFER, UPLOAD, STATUS = "offer", "upload", "status"


@dataclass
class Heard:
    """One call as it arrived; of an upload's body the hash and the length."""

    what: str
    method: str
    url: str
    headers: dict[str, str]
    said: Any = None
    sha256: str = ""
    size: int = 0


@dataclass
class Manners:
    """How the server behaves; each may be changed between two calls.

    `answers` come before anything else, one by one, for a kind of call; `before_answer` is called when an upload has
    been read and nothing was said yet, `before_terms` when an offer has.
    """

    terms: dict[str, Any] = field(default_factory=dict)
    answers: dict[str, list[Answer]] = field(default_factory=dict)
    receipt: Callable[[dict[str, Any]], Any] = lambda receipt: {"receipt": receipt}
    before_answer: Callable[[], None] = lambda: None
    before_terms: Callable[[], None] = lambda: None
    most_read: int | None = None
    # Called after each byte of an answer, which then goes out one by one.
    drip: Callable[[], object] | None = None


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Somebody hung up: that is what some tests are about."""


class Receiver:
    """Serves while it is entered; `heard` are the calls, `held` what was received by transmission."""

    def __init__(self, certified: Certified, *, host: str = "localhost") -> None:
        self.manners = Manners()
        self.heard: list[Heard] = []
        self.held: dict[str, bytearray] = {}
        self._server = _Server(("127.0.0.1", 0), type("Handler", (_Handler,), {"receiver": self}))
        self.port: int = self._server.server_address[1]
        self._server.socket = _lazily(certified.context, self._server)
        self.place = f"{host}:{self.port}"
        self.url = f"https://{self.place}/import"

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=lambda: self._server.serve_forever(0.02), daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def calls(self, what: str) -> list[Heard]:
        """The calls of one kind."""
        return [each for each in self.heard if each.what == what]

    def answer(self, heard: Heard) -> Answer:
        """What this call is answered with."""
        waiting = self.manners.answers.get(heard.what, [])
        if waiting:
            return waiting.pop(0)
        if heard.what == OFFER:
            key = heard.said["transmission"]
            terms = {"accept": True, "upload": f"/import/{key}", "status": f"/import/{key}"}
            return 202, {**terms, **self.manners.terms}
        key = heard.url.rpartition("/")[2]
        if heard.what == STATUS:
            return self._status(key)
        if heard.headers.get("upload-complete") == "?0":
            return 200, {"received": len(self.held[key])}
        return 201, self.manners.receipt(self._receipt(key))

    def _status(self, key: str) -> Answer:
        offer = next((each.said for each in self.heard if each.what == OFFER), None)
        if offer is None:
            return 404, {}
        held = self.held.get(key, b"")
        if len(held) == offer["package"]["size"]:
            return 200, {"state": "received", **self.manners.receipt(self._receipt(key))}
        return 200, {"state": "uploading", "received": len(held)}

    def _receipt(self, key: str) -> dict[str, Any]:
        held = self.held[key]
        return {"transmission": key, "sha256": hashlib.sha256(held).hexdigest(), "size": len(held)}


class _Handler(BaseHTTPRequestHandler):
    """One connection; `receiver` is whose."""

    protocol_version = "HTTP/1.1"
    receiver: Receiver

    def do_POST(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        heard = Heard(self._kind(), self.command, f"https://{headers['host']}{self.path}", headers)
        self._read(heard)
        self.receiver.heard.append(heard)
        if heard.what == UPLOAD:
            self.receiver.manners.before_answer()
        elif heard.what == OFFER:
            self.receiver.manners.before_terms()
        self._send(*self.receiver.answer(heard))

    do_PATCH = do_GET = do_POST

    def _kind(self) -> str:
        if self.command == "GET":
            return STATUS
        return OFFER if self.path == "/import" else UPLOAD

    def _read(self, heard: Heard) -> None:
        left = int(heard.headers.get("content-length", 0))
        if heard.what == UPLOAD:
            self._take(heard, left)
        elif left:
            heard.said = json.loads(self.rfile.read(left))

    def _take(self, heard: Heard, left: int) -> None:
        digest, most = hashlib.sha256(), self.receiver.manners.most_read
        held = self.receiver.held.setdefault(heard.url.rpartition("/")[2], bytearray())
        del held[int(heard.headers.get("upload-offset", 0)) :]
        ends = left if most is None else min(left, most)
        while heard.size < ends and (block := self.rfile.read(min(ends - heard.size, 65536))):
            digest.update(block)
            held += block
            heard.size += len(block)
        heard.sha256 = digest.hexdigest()
        if ends < left:
            # Hangs up in the middle, as a machine that goes down does.
            self.close_connection = True
            raise ConnectionAbortedError

    def _send(self, status: int, said: Any, more: Mapping[str, str] | None = None) -> None:
        body = said if isinstance(said, bytes) else json.dumps(said).encode()
        self.send_response(status)
        for name, value in (more or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        drip = self.receiver.manners.drip
        for part in [body] if drip is None else [bytes([each]) for each in body]:
            self.wfile.write(part)
            if drip is not None:
                self.wfile.flush()
                drip()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Keep quiet."""


def _lazily(context: ssl.SSLContext, server: ThreadingHTTPServer) -> ssl.SSLSocket:
    """A handshake in the thread of its own call: a client that does not go on holds nobody else up."""
    return context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
