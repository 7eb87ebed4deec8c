"""Say what a mail asks for; nothing is stored."""

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from requests_app.intake.email.apart.read_apart import read_apart
from requests_app.intake.email.apart.reader import ReaderNotStarted
from requests_app.intake.email.limits import DEFAULT_LIMITS
from requests_app.intake.inbox.classify import classified

BAD_INPUT = 2


class Command(BaseCommand):
    """`manage.py classify_mail < MESSAGE`, or `--batch DIR`; no server needed."""

    help = "Read one raw message from standard input and print what it says and asks for as one line of JSON."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument(
            "--batch", metavar="DIR", type=Path, help="print one line for each file in a folder"
        )

    def handle(self, *_args: Any, batch: Path | None, **_options: Any) -> None:
        """Classify one message or a folder of them; what cannot be read is a sentence and exit 2."""
        try:
            if batch is None:
                self._classify_one()
            else:
                self._classify_folder(batch)
        except ReaderNotStarted as broken:
            raise CommandError(str(broken)) from broken

    def _classify_one(self) -> None:
        # One byte more than is read tells an oversize mail, however long it is.
        raw = sys.stdin.buffer.read(DEFAULT_LIMITS.message + 1)
        if not raw.strip():
            raise CommandError(
                "Nothing came on standard input: give one raw message, or --batch and a folder.",
                returncode=BAD_INPUT,
            )
        self._print(classified(read_apart(raw)))

    def _classify_folder(self, folder: Path) -> None:
        try:
            files = sorted(path for path in folder.iterdir() if path.is_file())
        except OSError as refused:
            raise CommandError(
                f"{folder} is not a folder that can be read.", returncode=BAD_INPUT
            ) from refused
        for path in files:
            try:
                with path.open("rb") as file:
                    raw = file.read(DEFAULT_LIMITS.message + 1)
            except OSError:
                self._print({"file": path.name, "error": "This file cannot be read."})
                continue
            self._print({"file": path.name, **classified(read_apart(raw))})

    def _print(self, answer: Any) -> None:
        self.stdout.write(json.dumps(answer))
