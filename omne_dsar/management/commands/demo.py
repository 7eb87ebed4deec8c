"""`manage.py demo`: run the whole product with the demo company."""

import os
import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    """Hands over to the supervisor, which is light because it is not Django."""

    help = "Runs everything with the demo company: servers, pages, jobs, mailbox. Ctrl-C stops it."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the one option."""
        parser.add_argument("--reset", action="store_true", help="forget everything first")

    def handle(self, *args: Any, reset: bool, **options: Any) -> None:
        """Become the supervisor."""
        if settings.PRODUCTION:
            raise CommandError("The demo is not for production: its passwords are printed.")
        os.chdir(settings.BASE_DIR)
        command = [sys.executable, "-m", "omne_dsar.embedded", "demo", *(["--reset"] if reset else [])]
        os.execv(command[0], command)  # noqa: S606 - our own command line
