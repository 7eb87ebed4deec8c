"""The pages in a process of their own, and somebody who fills the public form there."""

import re
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

import httpx
from django.conf import settings

from omne_dsar.embedded import children, ports, programs
from tests.servers import database_url
from tests.waiting import wait_until
from tests.worker import shared_keys

ANSWERS: Mapping[str, Mapping[str, str]] = {
    "who": {"who": "me"},
    "where": {"place": "PT"},
    "what": {"rights": "access"},
    "about": {"name": "Ada Åström", "email": "ada@example.org"},
    "details": {"details": "", "period": ""},
    "check": {},
}
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')


class RealWeb:
    """The server of the pages, as `make demo` runs it."""

    def __init__(self, *, broker_url: str, log: Path, database: str = "") -> None:
        self.port = ports.free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = log
        plain = programs.web(self.port)
        self._program = children.Program(
            name=plain.name,
            command=plain.command,
            folder=plain.folder,
            environment={
                **plain.environment,
                "DATABASE_URL": database or database_url(),
                "REDIS_URL": broker_url,
                "WEB_PORT": str(self.port),
                "STORE_URL": settings.STORE_URL,
                "LEDGER_URL": settings.LEDGER_URL,
                **shared_keys(),
            },
        )
        self._child: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it answers."""
        with self.log.open("ab") as output:
            self._child = children.launch(self._program, output=output.fileno())
        wait_until(self._answers)

    def stop(self) -> None:
        """Stop it politely."""
        if self._child is not None:
            children.stop(self._child, self._program)
            self._child = None

    def _answers(self) -> bool:
        assert self._child is not None
        assert self._child.poll() is None, self.log.read_text(encoding="utf-8")
        try:
            return httpx.get(f"{self.url}/health/ready", timeout=5).status_code == 200
        except httpx.TransportError:
            return False


class Visitor:
    """Somebody with a browser and cookies of their own; `took` is how long each page let them wait."""

    def __init__(self, web: RealWeb) -> None:
        self._client = httpx.Client(base_url=web.url, timeout=60)
        self.took: list[float] = []
        self._sent: Mapping[str, str] = {}

    def look(self, path: str) -> httpx.Response:
        """Open a page."""
        return self._timed(self._client.build_request("GET", path))

    def answer(self, key: str, answers: Mapping[str, str]) -> httpx.Response:
        """Open a question of the form, and send the answers."""
        token = _TOKEN.search(self.look(f"/ask/{key}/").text)
        assert token is not None, key
        self._sent = {**answers, "csrfmiddlewaretoken": token[1]}
        return self._timed(self._client.build_request("POST", f"/ask/{key}/", data=self._sent))

    def answer_again(self, key: str) -> httpx.Response:
        """Press the button once more on the page that is still open, which a database that is away did not renew."""
        return self._timed(self._client.build_request("POST", f"/ask/{key}/", data=self._sent))

    def ask(self, email: str) -> None:
        """Go through the whole form, to the page after sending."""
        for key, answers in ANSWERS.items():
            changed = {"email": email} if key == "about" else {}
            assert self.answer(key, {**answers, **changed}).status_code == 302, key
        assert self.look("/ask/sent/").status_code == 200

    def send(self, email: str) -> None:
        """Only send the answers, with what the first page gave; every one is taken, and the last page thanks."""
        token = _TOKEN.search(self.look("/ask/who/").text)
        assert token is not None
        for key, answers in ANSWERS.items():
            changed = {"email": email} if key == "about" else {}
            self._sent = {**answers, **changed, "csrfmiddlewaretoken": token[1]}
            assert self.answer_again(key).status_code == 302, key
        assert self.look("/ask/sent/").status_code == 200

    def leave(self) -> None:
        """Close the browser."""
        self._client.close()

    def _timed(self, request: httpx.Request) -> httpx.Response:
        began = time.monotonic()
        response = self._client.send(request)
        self.took.append(time.monotonic() - began)
        return response
