"""Listen for the mail server of this machine."""

import asyncio
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from requests_app.errors import DomainError
from requests_app.intake.inbox.doors.lmtp import read_place, serve

BAD_INPUT = 2


class Command(BaseCommand):
    """`manage.py serve_lmtp 127.0.0.1:2424`, until it is told to stop."""

    help = "Take mail from the mail server of this machine by LMTP: each is stored before it is answered."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to listen."""
        parser.add_argument("place", metavar="PLACE", help="unix:/path/of/a/socket, or 127.0.0.1:2424")

    def handle(self, *_args: Any, place: str, **_options: Any) -> None:
        """Listen; what is being stored when it is told to stop is still stored and answered."""
        try:
            asyncio.run(serve(read_place(place), ready=self._say))
        except DomainError as refused:
            raise CommandError(refused.sentence, returncode=BAD_INPUT) from refused
        except OSError as failure:
            raise CommandError(f"Nobody can listen at {place}: {failure.strerror}.") from failure

    def _say(self, where: str) -> None:
        self.stdout.write(f"Mail is taken at {where}.")
        self.stdout.flush()
