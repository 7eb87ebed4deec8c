"""`manage.py purge [--dry-run] [--json] [--at DATE]`: forget what has come to its day, or say what would go."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from datetime import UTC, datetime, time
from typing import Any
from uuid import uuid4

from django.core.management.base import BaseCommand, CommandError

from requests_app.errors import DomainError
from requests_app.leases.clock import database_now
from requests_app.retention.models import PurgeRun
from requests_app.retention.rehearse import Rehearsal, rehearse
from requests_app.retention.run import work_on_run

_PROGRESS_SECONDS = 5.0
_NAMED = 6


class Command(BaseCommand):
    """A table of kinds; exit code 1 where something could not be forgotten now."""

    help = "Forget what has come to the day of its law or our policy; figures and the audit chain stay."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whether only to look, on which day, and in which form."""
        parser.add_argument(
            "--dry-run", action="store_true", help="only say what would go, and change nothing"
        )
        parser.add_argument(
            "--at", metavar="DATE", help="as on this day, as 2026-11-03; later days with --dry-run"
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, and print."""
        now = database_now()
        at = _moment(options["at"]) or now
        if at > now and not options["dry_run"] and at.date() > now.date():
            raise CommandError(
                "Nothing goes before its day: a later day can only be rehearsed, with --dry-run."
            )
        try:
            if options["dry_run"]:
                self._rehearse(at, as_json=options["json"])
            else:
                self._purge(min(at, now), as_json=options["json"])
        except DomainError as refused:
            raise CommandError(refused.sentence) from refused

    def _rehearse(self, at: datetime, *, as_json: bool) -> None:
        found = rehearse(at=at)
        if as_json:
            self.stdout.write(json.dumps(_as_json(found), ensure_ascii=False))
            return
        self._table([(line.label, line.count, _some(line.references)) for line in found.lines if line.count])
        for each in found.held:
            self.stdout.write(f"{each.reference} stays ({each.stage}, due {each.day}): {each.why}")
        self.stdout.write(
            f"Requests that would be purged on {found.at:%Y-%m-%d}: {len(found.requests)}; held: "
            f"{len({each.reference for each in found.held})}. Nothing was changed."
        )

    def _purge(self, at: datetime, *, as_json: bool) -> None:
        run = PurgeRun.objects.create(slot=f"command-{uuid4().hex[:12]}", asked_at=at)
        while True:
            piece = work_on_run(run_id=run.pk, at=at, seconds=_PROGRESS_SECONDS)
            run.refresh_from_db()
            if piece is None or piece.is_over or run.last_error:
                break
            if not as_json:
                self.stdout.write(f"Requests purged so far: {run.requests} …")
        if as_json:
            said = {"run": run.slot, "requests": run.requests, "held": run.held, "counts": run.counts}
            self.stdout.write(json.dumps(said))
        else:
            self._table([(key, count, "") for key, count in sorted(run.counts.items())])
            self.stdout.write(f"Requests purged: {run.requests}; held: {run.held}.")
        if run.is_waiting:
            raise CommandError(
                run.last_error or "Another process has taken this run over, and goes on with it."
            )

    def _table(self, rows: list[tuple[str, int, str]]) -> None:
        widest = max((len(label) for label, _count, _more in rows), default=0)
        for label, count, more in rows:
            self.stdout.write(f"{label:<{widest}}  {count:>7,}  {more}".rstrip())


def _as_json(found: Rehearsal) -> dict[str, Any]:
    return {
        "at": found.at.isoformat(),
        "requests": list(found.requests),
        "kinds": [
            {"kind": line.key, "count": line.count, "references": line.references, "when": line.when}
            for line in found.lines
        ],
        "held": [{**asdict(each), "day": each.day.isoformat()} for each in found.held],
    }


def _some(references: list[str]) -> str:
    more = len(references) - _NAMED
    return ", ".join(references[:_NAMED]) + (f" and {more} more" if more > 0 else "")


def _moment(written: str | None) -> datetime | None:
    """The end of that day."""
    if written is None:
        return None
    try:
        day = datetime.strptime(written, "%Y-%m-%d").date()  # noqa: DTZ007
    except ValueError:
        raise CommandError(f"“{written}” is no day; write it as 2026-11-03.") from None
    return datetime.combine(day, time(23, 59, 59), UTC)
