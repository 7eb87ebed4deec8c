"""Say that the database came back from a backup, so that anchors made after it are let go."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from requests_app.audit.actors import Actor
from requests_app.audit.anchors.restore import acknowledge_restore
from requests_app.errors import DomainError


class Command(BaseCommand):
    """`manage.py acknowledge_restore`: recorded in the log, signed, and left in every place that keeps anchors."""

    help = (
        "Acknowledge that a backup was restored: the audit log goes on from here, and the lost end is named."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("--json", action="store_true", dest="as_json", help="print one JSON object")

    def handle(self, *_args: Any, as_json: bool, **_options: Any) -> None:
        """Do it, and print."""
        try:
            anchor = acknowledge_restore(by=Actor.system("acknowledge_restore"), at=timezone.now())
        except DomainError as refused:
            raise CommandError(refused.sentence) from refused
        if as_json:
            self.stdout.write(json.dumps({"position": anchor.position, "digest": anchor.digest}))
            return
        self.stdout.write(
            f"Acknowledged: the log goes on from entry {anchor.position}. The statement is left in every place that "
            "keeps anchors; what the lost entries told is in no log any more."
        )
