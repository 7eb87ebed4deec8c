"""Propose a data map by looking at a live database; the map goes to standard output, everything else does not."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from fulfillment.connectors.base import CONNECTORS
from fulfillment.connectors.sql import SqlConnector
from fulfillment.introspection.propose import key_from, propose_map
from fulfillment.sources.connection import open_connector
from fulfillment.sources.selectors import source_by_key
from requests_app.errors import DomainError

_SAMPLE, _MOST = 500, 10_000
_KINDS = {"postgres": "postgresql", "mysql": "mariadb"}


class Command(BaseCommand):
    """`manage.py introspect URL [--sample 500] > map.yaml`; instead of a URL the key of a connected source, or -."""

    help = "Propose the data map of a database: keys, references, categories, identities, secrets, each with a reason."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument(
            "url", help="its address, the key of a connected source, or - to read it from stdin"
        )
        parser.add_argument(
            "--sample", type=int, default=_SAMPLE, help="rows to look at per table; 0 reads none"
        )
        parser.add_argument(
            "--schema", action="append", default=[], help="look at this schema only; can be repeated"
        )
        parser.add_argument("--key", default="", help="the key of the map; the database's name when left out")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Write the map; a refusal is one sentence, without the address, and a non-zero exit."""
        if not 0 <= options["sample"] <= _MOST:
            raise CommandError(f"A sample has between 0 and {_MOST:,} rows.")
        try:
            connector, key, label = _connector(options["url"])
            text = propose_map(
                connector,
                key=key_from(options["key"] or key),
                label=label,
                sample=options["sample"],
                at=timezone.now(),
                schemas=options["schema"],
                progress=self._progress,
            )
        except DomainError as refused:
            raise CommandError(refused.sentence) from refused
        self.stdout.write(text, ending="")

    def _progress(self, step: str, done: int, of: int) -> None:
        if done == of or done % 50 == 0:
            self.stderr.write(f"{step} {done} of {of}" if of else step, style_func=str)


def _connector(url: str) -> tuple[SqlConnector, str, str]:
    """A connector for what was named, with the key and the label of its map."""
    if url == "-":
        url = sys.stdin.readline().strip()
    if "://" not in url:
        source = source_by_key(url)
        return _sql_only(open_connector(source)), source.key, source.label
    try:
        address = make_url(url)
    except (ArgumentError, ValueError):
        raise CommandError("This is no address such as postgresql://user:password@host:5432/name.") from None
    kind = _KINDS.get(address.get_backend_name(), address.get_backend_name())
    values = {"path": address.database} if kind == "sqlite" else {"url": url}
    name = (address.database or "source").rpartition("/")[2].partition(".")[0]
    return (
        _sql_only(CONNECTORS.get(kind).from_settings(values)),
        name,
        name.replace("_", " ").capitalize(),
    )


def _sql_only(connector: object) -> SqlConnector:
    if not isinstance(connector, SqlConnector):
        raise CommandError("Only a database can be looked at in this way.")
    return connector
