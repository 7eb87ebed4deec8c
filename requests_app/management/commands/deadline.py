"""Say when something is due under a law, and why."""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from requests_app.deadlines.cases import TextCase, answer_lines, as_values, read_event
from requests_app.deadlines.explain import for_staff
from requests_app.deadlines.result import Measure
from requests_app.errors import DomainError
from requests_app.jurisdictions.load import LawFileInvalid

BAD_INPUT = 2


class Command(BaseCommand):
    """`manage.py deadline --regime … --right … --received …`, or `--batch`; no server needed."""

    help = "Print the date a law sets and the steps that lead to it."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("--regime", help="the law, such as eu-gdpr")
        parser.add_argument("--right", help="the right exercised, such as access")
        parser.add_argument("--received", help="when it reached us, such as 2026-09-03T10:00:00+02:00")
        parser.add_argument("--place", help="where the person lives, after ISO 3166, such as DE-BE")
        parser.add_argument("--event", action="append", default=[], dest="events", metavar="TYPE@TIME[@DAY]")
        parser.add_argument(
            "--measure", default=Measure.RESPONSE.value, help="which date; response if not given"
        )
        parser.add_argument("--json", action="store_true", dest="as_json", help="print one JSON object")
        parser.add_argument("--batch", action="store_true", help="read a JSON case from each line of stdin")

    def handle(self, *_args: Any, batch: bool, **options: Any) -> None:
        """Answer one case or many; a case that cannot be answered is a sentence and exit 2."""
        try:
            if batch:
                self._answer_batch()
            else:
                self._answer_one(options)
        except DomainError as refused:
            raise CommandError(refused.sentence, returncode=BAD_INPUT) from refused
        except LawFileInvalid as broken:
            raise CommandError(str(broken)) from broken

    def _answer_batch(self) -> None:
        for answer in answer_lines(sys.stdin.buffer):
            self.stdout.write(answer)

    def _answer_one(self, options: dict[str, Any]) -> None:
        missing = [name for name in ("regime", "right", "received") if not options[name]]
        if missing:
            raise CommandError(f"Say --{', --'.join(missing)}.", returncode=BAD_INPUT)
        found = TextCase(
            regime=options["regime"],
            right=options["right"],
            received_at=options["received"],
            measure=options["measure"],
            place=options["place"],
            events=tuple(read_event(text) for text in options["events"]),
        ).answer()
        if options["as_json"]:
            self.stdout.write(json.dumps(as_values(found)))
        else:
            self.stdout.write(f"{found.due.isoformat()}\n{for_staff(found)}")
