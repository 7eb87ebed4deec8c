"""Walk the audit chain, hold it against every anchor, and say whether anybody changed it."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from requests_app.audit.check import AuditReport, check_audit


class Command(BaseCommand):
    """`manage.py verify_audit [--json] [--anchor FILE]…`: exit 1 and name the first entry that does not fit."""

    help = "Verify the audit chain from its first entry to its last, and every anchor of it."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("--json", action="store_true", dest="as_json", help="print one JSON object")
        parser.add_argument(
            "--anchor",
            metavar="FILE",
            type=Path,
            action="append",
            default=[],
            help="an anchor that was kept elsewhere: its file, or the mail it came with (may be repeated)",
        )

    def handle(self, *_args: Any, as_json: bool, anchor: list[Path], **_options: Any) -> None:
        """Walk, print, and fail when a flaw was found."""
        try:
            report = check_audit(anchor)
        except OSError:
            raise CommandError("A file of --anchor cannot be read.") from None
        if as_json:
            self.stdout.write(json.dumps(_as_json(report)))
        if report.flaw:
            raise CommandError(report.flaw)
        if not as_json:
            self._tell(report)

    def _tell(self, report: AuditReport) -> None:
        chain, reached = report.chain, report.reached
        self.stdout.write(f"The audit chain is intact: {chain.entries} entries, head {chain.head[:16]}….")
        if reached.checkpoints:
            self.stdout.write(
                f"{len(reached.checkpoints)} anchors fit, {reached.stamps} of them with a timestamp; the last is of "
                f"entry {chain.anchored}, {reached.checkpoints[-1].in_words()}."
            )
        else:
            self.stdout.write("Nothing is anchored yet: a chain that was written anew would look the same.")
        for restore in reached.restores:
            self.stdout.write(
                f"A restored backup was acknowledged on {restore.in_words()}: "
                f"{len(restore.statement.let_go)} anchors after it hold no more."
            )
        for warning in reached.warnings:
            self.stderr.write(warning)


def _as_json(report: AuditReport) -> dict[str, object]:
    chain, reached = report.chain, report.reached
    return {
        "intact": not report.flaw,
        "entries": chain.entries,
        "head": chain.head,
        "flaw": report.flaw,
        "flaws": [each for each in (chain.flaw, *reached.flaws) if each],
        "anchors": len(reached.checkpoints),
        "timestamps": reached.stamps,
        "anchored_up_to": chain.anchored,
        "lost_anchors": list(report.lost),
        "restores": [
            {
                "at": each.statement.at.isoformat(),
                "position": each.statement.stood.position,
                "anchors_let_go": len(each.statement.let_go),
            }
            for each in reached.restores
        ],
        "warnings": reached.warnings,
    }
