"""Connect, check and list data sources."""

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from fulfillment.connectors.base import CONNECTORS
from fulfillment.datamaps.read import map_text
from fulfillment.sources.check import check_source
from fulfillment.sources.connect import connect_source
from fulfillment.sources.models import DataSource
from fulfillment.sources.selectors import connected_sources, source_by_key
from requests_app.audit.actors import Actor
from requests_app.errors import DomainError

ACTOR = Actor.system("command line")


class Command(BaseCommand):
    """`manage.py source add|check|list`; settings come from a file or standard input, not from arguments."""

    help = "Connect a data source, check whether it answers as its map says, or list all of them."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the three verbs."""
        verbs = parser.add_subparsers(dest="verb", required=True)
        add = verbs.add_parser("add", help="connect a source")
        add.add_argument("key", help="a short name such as omne_erp")
        add.add_argument("--kind", required=True, help=f"one of {', '.join(CONNECTORS.keys())}")
        add.add_argument("--label", default="", help="what people read; the map's own label when left out")
        add.add_argument("--map", required=True, type=Path, help="the data map's file")
        add.add_argument(
            "--settings",
            required=True,
            dest="connector_settings",
            metavar="FILE",
            help="JSON; - reads standard input",
        )
        check = verbs.add_parser("check", help="check one source, or all")
        check.add_argument("key", nargs="?")
        listing = verbs.add_parser("list", help="list the sources")
        for verb in (add, check, listing):
            verb.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Do the verb; a refusal is one sentence and a non-zero exit."""
        try:
            getattr(self, f"_{options['verb']}")(options)
        except DomainError as refused:
            raise CommandError(refused.sentence) from refused

    def _add(self, options: dict[str, Any]) -> None:
        source = connect_source(
            key=options["key"],
            kind=options["kind"],
            label=options["label"],
            settings=_read_settings(options["connector_settings"]),
            map_yaml=map_text(options["map"]),
            by=ACTOR,
            at=timezone.now(),
        )
        self._say(options, {"source": source.key, "label": source.label}, f"{source.label} is connected.")

    def _check(self, options: dict[str, Any]) -> None:
        sources = [source_by_key(options["key"])] if options["key"] else list(connected_sources())
        failed = 0
        for source in sources:
            failed += self._checked(source, options)
        if failed:
            raise CommandError("A source cannot be searched as it is.")

    def _checked(self, source: DataSource, options: dict[str, Any]) -> bool:
        try:
            report = check_source(source=source, at=timezone.now())
        except DomainError as failure:
            said = {"source": source.key, "ok": False, "sentence": str(failure), "warnings": []}
            self._say(options, said, f"{source.key}: {failure}")
            return True
        said = {
            "source": source.key,
            "ok": True,
            "sentence": report.sentence,
            "warnings": list(report.warnings),
        }
        self._say(options, said, "\n".join((f"{source.key}: {report.sentence}", *report.warnings)))
        return False

    def _list(self, options: dict[str, Any]) -> None:
        rows = [_facts(source) for source in connected_sources()]
        if options["as_json"]:
            self.stdout.write(json.dumps(rows, indent=2))
            return
        for row in rows:
            state = (
                "off"
                if not row["enabled"]
                else row["last_error"] or f"answered {row['last_success_at'] or 'never'}"
            )
            self.stdout.write(f"{row['key']:20} {row['kind']:14} map {row['map']:<3} {state}")

    def _say(self, options: dict[str, Any], values: dict[str, Any], sentence: str) -> None:
        self.stdout.write(json.dumps(values) if options["as_json"] else sentence)


def _facts(source: DataSource) -> dict[str, Any]:
    """What may be told of a source: never its settings."""
    return {
        "key": source.key,
        "label": source.label,
        "kind": source.kind,
        "enabled": source.enabled,
        "map": source.map_in_force.number,
        "last_success_at": source.last_success_at and source.last_success_at.isoformat(),
        "last_error": source.last_error,
    }


def _read_settings(name: str) -> dict[str, Any]:
    try:
        text = sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8")
        values = json.loads(text)
    except OSError as error:
        raise CommandError(f"The settings {name} cannot be read: {error.strerror}.") from None
    except ValueError:
        raise CommandError("The settings must be JSON: an object of names and values.") from None
    if not isinstance(values, dict):
        raise CommandError("The settings must be JSON: an object of names and values.")
    return values
