"""The web side of the mailbox: a list, a mail, its source, and the same as JSON for scripts and tests."""

import json
import sys
from dataclasses import asdict
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from omne_dsar.demo.mailbox.folder import Mail, MailFolder
from omne_dsar.demo.mailbox.pages import STYLE, links_in, list_page, mail_page, missing_page

# What a mail brings along stays inert: no script, no picture from elsewhere, no frame, no form.
STRICT = "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
INERT = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'"
HTML, TEXT = "text/html; charset=utf-8", "text/plain; charset=utf-8"


class MailboxServer(ThreadingHTTPServer):
    """The pages, on this machine only."""

    daemon_threads = True

    def __init__(self, folder: MailFolder, port: int) -> None:
        self.folder = folder
        super().__init__(("127.0.0.1", port), MailboxHandler)

    def handle_error(self, request: object, client_address: object) -> None:
        """A caller who hangs up early is no error of ours."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class MailboxHandler(BaseHTTPRequestHandler):
    """Answers one connection."""

    server: MailboxServer
    timeout = 30

    def do_GET(self) -> None:
        """Show something; nothing can be changed here."""
        parts = urlsplit(self.path)
        to = parse_qs(parts.query).get("to", [""])[0]
        if not self._is_local():
            self._answer(HTTPStatus.MISDIRECTED_REQUEST, "Call this mailbox by 127.0.0.1 or localhost.", TEXT)
        elif parts.path == "/":
            self._answer(HTTPStatus.OK, list_page(self._mails(to), to), HTML)
        elif parts.path == "/messages.json":
            found = [{**asdict(mail), "links": links_in(mail.text)} for mail in self._mails(to)]
            self._answer(
                HTTPStatus.OK, json.dumps({"messages": found}, ensure_ascii=False), "application/json"
            )
        elif parts.path == "/mailbox.css":
            self._answer(HTTPStatus.OK, STYLE, "text/css; charset=utf-8")
        elif parts.path == "/health":
            self._answer(HTTPStatus.OK, "ok", TEXT)
        else:
            self._one_mail(parts.path)

    def _one_mail(self, path: str) -> None:
        folder, _, rest = path.strip("/").partition("/")
        name, _, view = rest.partition("/")
        mail = self.server.folder.mail(name) if folder == "mail" and view in {"", "html", "source"} else None
        if mail is None:
            self._answer(HTTPStatus.NOT_FOUND, missing_page(), HTML)
        elif view == "source":
            source = self.server.folder.source(name) or b""
            self._answer(HTTPStatus.OK, source.decode("utf-8", "replace"), TEXT)
        elif view == "html":
            self._answer(HTTPStatus.OK, mail.html, HTML, policy=INERT)
        else:
            self._answer(HTTPStatus.OK, mail_page(mail), HTML)

    def _mails(self, to: str) -> list[Mail]:
        return [mail for mail in self.server.folder.mails() if not to or mail.is_for(to)]

    def _is_local(self) -> bool:
        """Only our own names are answered: a page elsewhere could point its name here and read the codes."""
        return self.headers.get("Host", "").partition(":")[0] in {"127.0.0.1", "localhost"}

    def _answer(self, status: HTTPStatus, body: str, kind: str, *, policy: str = STRICT) -> None:
        payload = body.encode()
        self.send_response(status)
        for name, value in (
            ("Content-Type", kind),
            ("Content-Length", str(len(payload))),
            ("Content-Security-Policy", policy),
            ("X-Content-Type-Options", "nosniff"),
            ("Referrer-Policy", "no-referrer"),
            ("Cache-Control", "no-store"),
        ):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(payload)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the base class names it
        """Keep quiet: addresses and codes have no place in a log."""
