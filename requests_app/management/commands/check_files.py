"""`manage.py check_files [--json]`: does every file belong to a row, and has every row its file?"""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from requests_app.errors import DomainError
from requests_app.identity.forget import due_evidence
from requests_app.leases.clock import database_now
from requests_app.retention.scan import StoreScan, scan_store

_NAMED = 20


class Command(BaseCommand):
    """Exit code 1 where a row names a file that is gone, or a proof of identity is kept beyond its day."""

    help = "Compare the file store with the rows that name its files; nothing is changed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """In which form it is printed."""
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Look, and print."""
        at = database_now()
        try:
            found = scan_store(at=at)
        except DomainError as refused:
            raise CommandError(refused.sentence) from refused
        overdue = due_evidence(at=at).count()
        if options["json"]:
            self.stdout.write(json.dumps({**asdict(found), "proofs_beyond_their_day": overdue}))
        else:
            self._tell(found, overdue)
        if found.lost or overdue:
            raise CommandError(
                f"Rows whose file is gone: {len(found.lost)}; proofs beyond their day: {overdue}."
            )

    def _tell(self, found: StoreScan, overdue: int) -> None:
        for each in found.lost[:_NAMED]:
            self.stdout.write(f"{each.table} {each.key}: its file is not in the store.")
        for words, count in (
            ("Files in the store", found.files),
            ("Files that no row names, to be removed by the next daily run", found.nameless),
            ("Files that no row names yet, younger than a day", found.young),
            ("Files that were never written to their end", found.unfinished),
            ("Files that are named to be removed", found.doomed),
            ("Rows whose file is gone", len(found.lost)),
            ("Proofs of identity beyond their day", overdue),
        ):
            self.stdout.write(f"{words}: {count:,}")
