"""The help desk's web service: bearer token, pages of JSON, and one door that every call goes through."""

import hmac
import json
import re
import sys
import time
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

from omne_dsar.demo.desk.manners import Doorkeeper, Manners
from omne_dsar.demo.desk.records import SEARCHED_BY, Lines, RecordsFile

TICKET = re.compile(r"^/api/v2/tickets/(\d{1,12})$")
COMMENTS = re.compile(r"^/api/v2/tickets/(\d{1,12})/comments$")
LISTS = {f"/api/v2/{kind}": kind for kind in SEARCHED_BY}
EXPORT = re.compile(r"^/api/v2/export/(\w{1,40})$")
MOST_PER_PAGE = 100
# Whoever takes everything takes it in large pieces.
MOST_PER_EXPORTED_PAGE = 2_000
DEMO_TOKEN = "omne-desk-demo-token"  # noqa: S105  opens nothing but the demo's own help desk


class Refused(Exception):
    """A call that is answered with a status and a sentence."""

    def __init__(self, status: HTTPStatus, sentence: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(sentence)
        self.status, self.sentence, self.headers = status, sentence, headers or {}


class DeskServer(ThreadingHTTPServer):
    """Omne Desk, listening on this machine only."""

    daemon_threads = True

    def __init__(self, *, port: int, records: RecordsFile, token: str, manners: Manners) -> None:
        self.records, self.token, self.manners = records, token, manners
        self.doorkeeper = Doorkeeper(manners)
        super().__init__(("127.0.0.1", port), DeskHandler)

    def handle_error(self, request: object, client_address: object) -> None:
        """A caller who hangs up early is no error of ours."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]

    @property
    def url(self) -> str:
        """Where it can be reached."""
        return f"http://127.0.0.1:{self.server_address[1]}"


class DeskHandler(BaseHTTPRequestHandler):
    """Answers one connection."""

    server: DeskServer
    protocol_version = "HTTP/1.1"
    timeout = 60
    # Headers and body leave as two writes; without this each answer waits 40 ms for the first one's receipt.
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        """Answer a question; nothing can be changed here."""
        try:
            if self.path == "/health":
                self._answer(HTTPStatus.OK, '{"status": "ok"}')
                return
            self._let_in()
            self._answer(HTTPStatus.OK, self._content())
        except Refused as refused:
            body = json.dumps({"error": refused.status.phrase, "description": refused.sentence})
            self._answer(refused.status, body, refused.headers)

    def _let_in(self) -> None:
        given = self.headers.get("Authorization", "").encode("utf-8", "replace")
        if not hmac.compare_digest(given, f"Bearer {self.server.token}".encode()):
            raise Refused(
                HTTPStatus.UNAUTHORIZED, "The token is missing or wrong.", {"WWW-Authenticate": "Bearer"}
            )
        if wait := self.server.doorkeeper.seconds_to_wait():
            raise Refused(
                HTTPStatus.TOO_MANY_REQUESTS, "Too many calls in a minute.", {"Retry-After": str(wait)}
            )
        if self.server.manners.slow_ms:
            time.sleep(self.server.manners.slow_ms / 1000)
        if self.server.doorkeeper.fails_now():
            raise Refused(HTTPStatus.INTERNAL_SERVER_ERROR, "Something went wrong. Try again.")

    def _content(self) -> str:
        parts = urlsplit(self.path)
        query = {name: values[-1] for name, values in parse_qs(parts.query, keep_blank_values=True).items()}
        records = self.server.records.current()
        if kind := LISTS.get(parts.path):
            return self._page(kind, records.search(kind, query.get(SEARCHED_BY[kind])), query)
        if (found := EXPORT.match(parts.path)) and found[1] in (*SEARCHED_BY, "comments"):
            return self._page(found[1], records.every(found[1]), query, most=MOST_PER_EXPORTED_PAGE)
        if found := COMMENTS.match(parts.path):
            if int(found[1]) not in records.tickets:
                raise Refused(HTTPStatus.NOT_FOUND, "There is no such ticket.")
            return self._page("comments", records.comments.get(int(found[1]), []), query)
        if (found := TICKET.match(parts.path)) and int(found[1]) in records.tickets:
            return f'{{"ticket": {records.tickets[int(found[1])]}}}'
        raise Refused(HTTPStatus.NOT_FOUND, "There is nothing at this address.")

    def _page(self, kind: str, lines: Lines, query: dict[str, str], *, most: int = MOST_PER_PAGE) -> str:
        page, size = _whole(query, "page", 1), min(_whole(query, "per_page", 25), most)
        shown = lines[(page - 1) * size : page * size]
        following = "null"
        if page * size < len(lines):
            path = urlsplit(self.path).path
            following = json.dumps(f"{self.server.url}{path}?{urlencode({**query, 'page': page + 1})}")
        return f'{{"{kind}": [{", ".join(shown)}], "next_page": {following}, "count": {len(lines)}}}'

    def _answer(self, status: HTTPStatus, body: str, headers: dict[str, str] | None = None) -> None:
        payload = body.encode()
        self.send_response(status)
        for name, value in {"Content-Type": "application/json; charset=utf-8", **(headers or {})}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(payload)))
        self.end_headers()
        self.wfile.write(payload)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the base class names it
        """Keep quiet: an address in a query is personal data and has no place in a log."""


def _whole(query: dict[str, str], name: str, default: int) -> int:
    text = query.get(name, str(default))
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:10]) <= 1_000_000:
        raise Refused(HTTPStatus.BAD_REQUEST, f"{name} must be a whole number from 1.")
    return int(text)
