"""`manage.py verify_ledger`: whether the erasure ledger is whole, and where it ends."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from fulfillment.ledger.errors import LedgerAway, LedgerBroken
from fulfillment.ledger.verify import verify_ledger


class Command(BaseCommand):
    """One sentence; exit code 1 where an entry was changed, replaced or taken out."""

    help = "Walk the erasure ledger and compare it with the audit log."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """In which form."""
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, and print."""
        try:
            found = verify_ledger()
        except (LedgerAway, LedgerBroken) as refused:
            raise CommandError(refused.sentence) from refused
        if options["json"]:
            self.stdout.write(json.dumps(asdict(found)))
            return
        self.stdout.write(f"{found.count} entries, whole. The last is number {found.last}: {found.head}")
        if found.under_old_keys:
            self.stdout.write(
                f"{found.under_old_keys} of them were written with a key of LEDGER_OLD_KEYS, which is needed until "
                "they are forgotten."
            )
        if found.behind:
            self.stdout.write(
                f"The database does not know of {found.behind} of them: it came back from a backup. "
                "Run replay_erasures."
            )
