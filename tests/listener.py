"""The product's own LMTP listener in a process of its own, and a mail server's way to speak with it."""

import os
import resource
import smtplib
import subprocess
import sys
from collections.abc import Mapping, Sequence
from typing import Self

from django.conf import settings

from tests.servers import database_url
from tests.worker import shared_keys


class Listener:
    """`manage.py serve_lmtp` on a free port, for as long as the block lasts."""

    def __init__(self, *, place: str = "127.0.0.1:0", environment: Mapping[str, str] | None = None) -> None:
        self._environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "omne_dsar.settings",
            "DATABASE_URL": database_url(),
            # Nobody is poked: the rows are what counts.
            "REDIS_URL": "redis://127.0.0.1:1/0",
            "STORE_URL": settings.STORE_URL,
            **shared_keys(),
            **(environment or {}),
        }
        self._place = place
        self.where = ""

    def __enter__(self) -> Self:
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "serve_lmtp", self._place],
            cwd=settings.BASE_DIR,
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        said = self.process.stdout.readline()
        assert said.startswith("Mail is taken at "), said
        self.where = said.removeprefix("Mail is taken at ").rstrip(".\n")
        return self

    def __exit__(self, *_error: object) -> None:
        assert "example.org" not in self.kill(), "somebody is named in the log"

    def kill(self) -> str:
        """End it as a crash does. Returns what it had logged."""
        self.process.kill()
        _said, logged = self.process.communicate()
        return logged

    def deliver(
        self, raw: bytes, *, sender: str = "ada@example.org", to: Sequence[str] = ("info@omnesoft.com",)
    ) -> list[int]:
        """Hand a mail over as Postfix does. Returns the answer for each recipient (RFC 2033, 4.2)."""
        with self.connected() as peer:
            peer.ehlo_or_helo_if_needed()
            assert peer.mail(sender)[0] == 250
            for each in to:
                assert peer.rcpt(each)[0] == 250
            first, _said = peer.data(raw)
            return [first, *(peer.getreply()[0] for _ in to[1:])]

    def connected(self) -> smtplib.LMTP:
        """A connection as a mail server makes it."""
        if self.where.startswith("unix:"):
            return smtplib.LMTP(self.where.removeprefix("unix:"))
        host, _, port = self.where.rpartition(":")
        return smtplib.LMTP(host, int(port))

    def write_no_more(self) -> None:
        """Let every file that it writes hit the end of the disk."""
        resource.prlimit(self.process.pid, resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
