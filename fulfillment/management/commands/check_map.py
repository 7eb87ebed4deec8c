"""Check a data map: by itself, and against the live source when one is named."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from fulfillment.connectors.base import CheckReport
from fulfillment.connectors.sql import SqlConnector
from fulfillment.datamaps.errors import MapRefused, Problem, Severity
from fulfillment.datamaps.read import load_map, map_text, read_map
from fulfillment.introspection.drift import live_problems
from fulfillment.sources.connection import open_connector
from fulfillment.sources.selectors import source_by_key
from requests_app.errors import DomainError


class Command(BaseCommand):
    """`manage.py check_map FILE [--dataset KEY] [--source KEY]`; without a source no server is needed."""

    help = "Say what is wrong with a data map, each thing with its line."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--dataset", help="the key of the Dataset that is meant, where the file holds several"
        )
        parser.add_argument("--source", help="the key of a connected source to compare the map with")
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Print every problem; errors end in one sentence and a non-zero exit."""
        path: Path = options["file"]
        try:
            text = map_text(path)
            reading = read_map(text, options["dataset"])
            problems = reading.problems
            connector = open_connector(source_by_key(options["source"])) if options["source"] else None
            if isinstance(connector, SqlConnector) and reading.data_map and not reading.has_errors:
                problems += live_problems(connector, reading.data_map)
            self._show(path, problems, options)
            if any(each.severity is Severity.ERROR for each in problems):
                raise MapRefused(path.name, problems)
            data_map = load_map(text, path.name, options["dataset"])
            report = connector.check(data_map) if connector else None
        except MapRefused as refused:
            raise CommandError(refused.sentence, returncode=1) from refused
        except DomainError as refused:
            raise CommandError(refused.sentence) from refused
        if not options["as_json"]:
            self.stdout.write(_summary(path, problems, report))

    def _show(self, path: Path, problems: tuple[Problem, ...], options: dict[str, Any]) -> None:
        if options["as_json"]:
            rows = [
                {"line": each.line, "severity": each.severity, "sentence": each.sentence} for each in problems
            ]
            self.stdout.write(json.dumps({"file": str(path), "problems": rows}, ensure_ascii=False, indent=2))
            return
        for problem in problems:
            self.stdout.write(problem.at(str(path)))


def _summary(path: Path, problems: tuple[Problem, ...], report: CheckReport | None) -> str:
    warnings = sum(problem.severity is Severity.WARNING for problem in problems)
    said = [f"{path.name} can be used{f', with {warnings} warnings' if warnings else ''}."]
    if report is not None:
        said += [report.sentence, *report.warnings]
    return "\n".join(said)
