"""Walk the audit chain and say whether anybody changed it."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from requests_app.audit.verify import verify_chain


class Command(BaseCommand):
    """`manage.py verify_audit [--json]`: exit 1 and name the first entry that does not fit."""

    help = "Verify the audit chain from its first entry to its last."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("--json", action="store_true", dest="as_json", help="print one JSON object")

    def handle(self, *_args: Any, as_json: bool, **_options: Any) -> None:
        """Walk, print, and fail when a flaw was found."""
        report = verify_chain()
        if as_json:
            found = {
                "intact": report.intact,
                "entries": report.entries,
                "head": report.head,
                "flaw": report.flaw,
            }
            self.stdout.write(json.dumps(found))
        if not report.intact:
            raise CommandError(report.flaw)
        if not as_json:
            self.stdout.write(
                f"The audit chain is intact: {report.entries} entries, head {report.head[:16]}…."
            )
