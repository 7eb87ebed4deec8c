"""Connect, check and list data sources, replace their secrets; show the presets that one can start from."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from fulfillment.connectors.base import CONNECTORS
from fulfillment.connectors.presets import KIND as PRESET_KIND
from fulfillment.connectors.presets import preset, preset_names
from fulfillment.datamaps.export import export_map
from fulfillment.datamaps.read import load_map, map_text
from fulfillment.management.given import STANDARD_INPUT, secret_from, settings_from
from fulfillment.sources.check import check_source
from fulfillment.sources.connect import connect_source, limit_source
from fulfillment.sources.models import DataSource
from fulfillment.sources.replace_secret import replace_secret
from fulfillment.sources.selectors import connected_sources, source_by_key
from requests_app.audit.actors import Actor
from requests_app.errors import DomainError

ACTOR = Actor.system("command line")
MOST = 1000


class Command(BaseCommand):
    """`manage.py source` and a verb; settings and secrets come from a file or standard input, not from arguments."""

    help = "Connect a data source, replace a secret of it, check whether it answers as its map says, or list all."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the verbs."""
        verbs = parser.add_subparsers(dest="verb", required=True)
        add = verbs.add_parser("add", help="connect a source")
        add.add_argument("key", help="a short name such as omne_erp")
        add.add_argument("--kind", default="", help=f"one of {', '.join(CONNECTORS.keys())}")
        add.add_argument("--label", default="", help="what people read; the map's own label when left out")
        add.add_argument("--map", type=Path, help="the data map's file")
        add.add_argument("--dataset", help="which Dataset is meant, where that file holds several: its key")
        add.add_argument("--preset", help=f"instead of kind and map, one of {', '.join(preset_names())}")
        add.add_argument(
            # Not --settings: Django takes that as the name of its own settings, of whichever command.
            "--config",
            required=True,
            metavar="FILE",
            help="the connector's settings as JSON; - reads standard input",
        )
        check = verbs.add_parser("check", help="check one source, or all")
        check.add_argument("key", nargs="?")
        limit = verbs.add_parser("limit", help="say how many of our workers may ask a source at once")
        limit.add_argument("key")
        limit.add_argument("most_at_once", help="a number, or none")
        secret = verbs.add_parser("secret", help="replace a secret; it is read from standard input")
        secret.add_argument("key")
        secret.add_argument("setting", help="the name of the setting, such as password or token")
        secret.add_argument(
            "--fd",
            type=int,
            default=STANDARD_INPUT,
            metavar="NUMBER",
            help="read this file descriptor instead",
        )
        listing = verbs.add_parser("list", help="list the sources")
        presets = verbs.add_parser("presets", help="list the presets, or write the map of one")
        presets.add_argument("name", nargs="?")
        presets.add_argument(
            "--config", action="store_true", dest="wants_settings", help="which settings it takes"
        )
        for verb in (add, check, limit, secret, listing, presets):
            verb.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Do the verb; a refusal is one sentence and a non-zero exit."""
        try:
            getattr(self, f"_{options['verb']}")(options)
        except DomainError as refused:
            raise CommandError(refused.sentence) from refused

    def _add(self, options: dict[str, Any]) -> None:
        kind, map_yaml = _kind_and_map(options)
        source = connect_source(
            key=options["key"],
            kind=kind,
            label=options["label"],
            settings=_preset_settings(options) | settings_from(options["config"]),
            map_yaml=map_yaml,
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

    def _limit(self, options: dict[str, Any]) -> None:
        wanted = options["most_at_once"]
        if wanted != "none" and not (wanted.isascii() and wanted.isdecimal() and 0 < int(wanted) < MOST):
            raise CommandError(f"Say a number from 1 to {MOST - 1}, or none.")
        most = None if wanted == "none" else int(wanted)
        source = limit_source(
            source=source_by_key(options["key"]), most_at_once=most, by=ACTOR, at=timezone.now()
        )
        said = f"at most {most} at once" if most else "as many as there are workers"
        self._say(options, {"source": source.key, "most_at_once": most}, f"{source.label}: {said}.")

    def _secret(self, options: dict[str, Any]) -> None:
        source = source_by_key(options["key"])
        name = options["setting"]
        replace_secret(
            source=source, name=name, secret=secret_from(options["fd"]), by=ACTOR, at=timezone.now()
        )
        said = f"{source.label}: {name} was replaced. See that it works: manage.py source check {source.key}"
        self._say(options, {"source": source.key, "replaced": name}, said)

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

    def _presets(self, options: dict[str, Any]) -> None:
        if options["name"] and options["wants_settings"]:
            self.stdout.write(preset(options["name"]).settings_text())
        elif options["name"] and not options["as_json"]:
            self.stdout.write(preset(options["name"]).text)
        else:
            names = [options["name"]] if options["name"] else preset_names()
            rows = [{"name": name, **preset(name).origin.model_dump(mode="json")} for name in names]
            lines = (
                f"{row['name']:12} {row['vendor']:12} {row['sort']:20} read {row['read_on']}" for row in rows
            )
            self.stdout.write(json.dumps(rows, indent=2) if options["as_json"] else "\n".join(lines))

    def _say(self, options: dict[str, Any], values: dict[str, Any], sentence: str) -> None:
        self.stdout.write(json.dumps(values) if options["as_json"] else sentence)


def _kind_and_map(options: dict[str, Any]) -> tuple[str, str]:
    if options["preset"]:
        if options["kind"] or options["map"]:
            raise CommandError("A preset brings its kind and its map: leave --kind and --map out.")
        return PRESET_KIND, preset(options["preset"]).text
    if not options["kind"] or not options["map"]:
        raise CommandError("Say --kind and --map, or --preset.")
    return options["kind"], _map_of(options["map"], options["dataset"])


def _map_of(path: Path, key: str | None) -> str:
    """The text of a map; of several Datasets in a file only the one that was named is kept for the source."""
    text = map_text(path)
    return text if key is None else export_map(load_map(text, path.name, key))


def _preset_settings(options: dict[str, Any]) -> dict[str, Any]:
    """The address, where the vendor has one for everybody."""
    chosen = preset(options["preset"]) if options["preset"] else None
    return {"base_url": chosen.origin.base_url} if chosen and chosen.is_complete else {}


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
