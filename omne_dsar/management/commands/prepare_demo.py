"""`manage.py prepare_demo`: bring the database up to date and load the demo company; safe to run again."""

import subprocess
import time
from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from omne_dsar import environment
from omne_dsar.demo import accounts, sources, stories, welcome
from omne_dsar.demo.company.load import load_company
from omne_dsar.embedded import children, programs
from omne_dsar.embedded.programs import DATABASE_UP_TO_DATE

_COMPANY = "company"
_HALF = "half"


class Command(BaseCommand):
    """The supervisor runs this before the pages start, unless nothing changed since the last time."""

    help = "Brings the database up to date and loads the demo company."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take what the command tells its own second process."""
        parser.add_argument("--only", choices=(_COMPANY, _HALF), help="do this part, for the command itself")

    def handle(self, *args: Any, only: str | None, **options: Any) -> None:
        """Take the steps in order, each with the seconds it took."""
        if settings.PRODUCTION:
            raise CommandError("The demo company is not for production: its passwords are printed.")
        if only == _COMPANY:
            self._load_company()
        elif only == _HALF:
            stories.tell_stories(part=1, parts=2)
        else:
            self._prepare()

    def _prepare(self) -> None:
        """A second process has the systems of the company ready by the time our own database is."""
        company = self._beside(_COMPANY)
        self._step(DATABASE_UP_TO_DATE, lambda: call_command("migrate", verbosity=0, interactive=False))
        self._step("staff accounts", accounts.ensure_staff)
        self._step("demo company loaded", lambda: self._wait_for(company))
        self._step("three sources connected", lambda: sources.connect_sources(self._reader_password()))
        self._step("requests of every right", self._walk)
        self._step("welcome page", lambda: welcome.write(settings.VAR_DIR / "demo" / "welcome.txt"))

    def _step(self, name: str, work: Callable[[], object]) -> None:
        began_at = time.monotonic()
        work()
        self.stdout.write(f"{name} ({time.monotonic() - began_at:.1f} s)")

    def _load_company(self) -> None:
        load_company(
            settings.DATABASE_URL,
            reader_password=self._reader_password(),
            folder=settings.VAR_DIR / "demo",
            as_of=timezone.now(),
        )

    def _walk(self) -> None:
        """Searching and setting letters is work for two cores: a second process walks every other request."""
        second = self._beside(_HALF)
        stories.tell_stories(part=0, parts=2)
        self._wait_for(second)

    @staticmethod
    def _beside(part: str) -> subprocess.Popen[bytes]:
        return children.launch(programs.preparation(f"--only={part}"))

    @staticmethod
    def _wait_for(process: subprocess.Popen[bytes]) -> None:
        if process.wait() != 0:
            raise CommandError("A part of the demo could not be prepared; the lines above say why.")

    @staticmethod
    def _reader_password() -> str:
        return environment.secret("OMNE_ERP_PASSWORD", settings.VAR_DIR / "keys")
