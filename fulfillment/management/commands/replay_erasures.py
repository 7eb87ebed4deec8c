"""`manage.py replay_erasures`: after a source was restored from a backup, erase again what was erased before."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from fulfillment.bundles.discard import end_again
from fulfillment.changes.after_restore import close_doors
from fulfillment.changes.by_connector.replay import Replayed, replay_erasures
from fulfillment.ledger.errors import LedgerAway, LedgerBroken
from fulfillment.ledger.verify import verify_ledger
from requests_app.audit.actors import Actor
from requests_app.audit.anchors.errors import PlaceAway, StatementBroken


class Command(BaseCommand):
    """One line for each erasure; exit code 1 where one could not be repeated."""

    help = "Carry confirmed erasures out again after a backup was restored; what is still gone is left alone."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Since when, whether only to look, and in which form."""
        parser.add_argument(
            "--since", metavar="DATE", help="only erasures of this day (UTC) or later, as 2026-11-03"
        )
        parser.add_argument("--dry-run", action="store_true", help="only count what is there again")
        parser.add_argument("--json", action="store_true", help="print one JSON list")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, and print."""
        try:
            self._replay(options)
        except (LedgerAway, LedgerBroken, PlaceAway, StatementBroken) as refused:
            raise CommandError(refused.sentence) from refused

    def _replay(self, options: dict[str, Any]) -> None:
        lines, since = [], _day(options["since"])
        self._close_doors(options)
        by, now = Actor.system("replay_erasures"), timezone.now()
        for each in replay_erasures(since=since, dry_run=options["dry_run"], by=by, at=now):
            lines.append(each)
            if not options["json"]:
                self.stdout.write(_in_words(each, dry_run=options["dry_run"]))
        if options["json"]:
            self.stdout.write(json.dumps([asdict(each) for each in lines], default=str))
        failed = sum(bool(each.trouble) for each in lines)
        if failed:
            raise CommandError(f"{failed} of {len(lines)} erasures could not be repeated.")

    def _close_doors(self, options: dict[str, Any]) -> None:
        """Before anything else: what had ended when the backup was older than it ends again."""
        if options["dry_run"]:
            verify_ledger()
            return
        restored = close_doors(at=timezone.now())
        copies = end_again(restored.copies, at=timezone.now())
        if restored.is_older and not options["json"]:
            older = (
                f"{restored.behind} entries behind the ledger"
                if restored.behind
                else "older than its anchors"
            )
            self.stdout.write(
                f"The database is {older}: sessions and mailed codes were ended, "
                f"{copies} copies revoked, and every source is to be checked."
            )


def _in_words(each: Replayed, *, dry_run: bool) -> str:
    where = f"{each.reference}  {each.source}"
    if each.trouble:
        return f"{where}: not repeated. {each.trouble}"
    if each.by_hand:
        again = f" What the person was known by is there again ({each.found})." if each.found else ""
        return f"{where}: was erased by hand; a person has to look there.{again}"
    if not each.found:
        return f"{where}: still gone."
    return f"{where}: {each.found} records are there again{'' if dry_run else f', {each.erased} erased'}."


def _day(written: str | None) -> datetime | None:
    if written is None:
        return None
    try:
        return datetime.strptime(written, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        raise CommandError(f"“{written}” is no day; write it as 2026-11-03.") from None
