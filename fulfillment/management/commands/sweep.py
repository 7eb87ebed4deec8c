"""Go through a source from end to end for one person, wherever no map leads."""

import json
import shlex
from argparse import ArgumentParser
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from time import monotonic
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from fulfillment.connectors.errors import ConnectorError
from fulfillment.connectors.sweeping import Position
from fulfillment.sources.connection import open_connector
from fulfillment.sources.models import DataSource
from fulfillment.sources.selectors import source_by_key
from fulfillment.sources.time_left import in_words
from fulfillment.sweeps.engine import Found, Listing, Stretch, Task, sweep
from fulfillment.sweeps.keep import not_listed
from fulfillment.sweeps.models import Sweep
from fulfillment.sweeps.progress import how_far, is_at_work
from fulfillment.sweeps.proposal import Place, proposed_patch
from fulfillment.sweeps.shown import found_of
from fulfillment.sweeps.start import start_sweep
from fulfillment.sweeps.work import work_on_sweep
from fulfillment.traces.person import KnownPerson
from requests_app.audit.actors import Actor
from requests_app.errors import DomainError
from requests_app.lifecycle.models import SubjectRequest

ACTOR = Actor.system("command line")


class Command(BaseCommand):
    """`manage.py sweep REF SOURCE`, or `manage.py sweep --identity VALUE… SOURCE`, which keeps nothing."""

    help = (
        "Searches every column of a source for a person, packed values too, and says what the map does not find. "
        "With a reference the traces are kept for the review, and a sweep that was cut off goes on where it was."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument(
            "words", nargs="+", metavar="[REF] SOURCE", help="the request, and the source's key"
        )
        parser.add_argument(
            "--identity",
            action="append",
            default=[],
            metavar="VALUE",
            help="kind=value, such as phone_number='+49 30 901820'; a bare value with @ is an address; repeat it",
        )
        parser.add_argument(
            "--after",
            default="",
            metavar="PLACE",
            help="with --identity: go on behind a place, as it was said where a sweep broke off",
        )
        parser.add_argument("--plus-is-same", action="store_true", help="ann+shop@ is ann@")
        parser.add_argument(
            "--patch", action="store_true", help="print only the additions to the map, as a patch"
        )
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Sweep; a refusal is one sentence and a non-zero exit. Progress goes to standard error."""
        words: list[str] = options["words"]
        if len(words) > 2 or (len(words) == 1 and not options["identity"]):
            raise CommandError(
                "Say the reference of a request and the key of a source, or --identity and a source."
            )
        if len(words) == 2 and options["identity"]:
            raise CommandError(
                "A request is swept for what was accepted on its page “Known by”: add it there, or leave the "
                "reference out."
            )
        if len(words) == 2 and options["after"]:
            raise CommandError("The sweep of a request goes on by itself from where it was cut off.")
        try:
            source = source_by_key(words[-1])
            person = KnownPerson.by(
                *map(_identity, options["identity"]), plus_is_same=options["plus_is_same"]
            )
            if len(words) == 2:
                self._show(source, *self._for_request(words[0], source), options)
            else:
                self._for_anybody(source, person, options)
        except DomainError as refused:
            raise CommandError(refused.sentence) from refused

    def _for_request(self, reference: str, source: DataSource) -> tuple[list[Found], list[str]]:
        subject_request = SubjectRequest.objects.filter(reference=reference.upper()).first()
        if subject_request is None:
            raise CommandError(f"No request has the reference {reference}.")
        waiting = Sweep.objects.filter(subject_request=subject_request, source=source, work_state="waiting")
        row = waiting.first() or start_sweep(
            subject_request=subject_request, source=source, by=ACTOR, at=timezone.now()
        )
        ended = work_on_sweep(sweep_id=row.pk, at=timezone.now(), watch=self._watch)
        if ended is None:
            row = Sweep.objects.select_related("source").get(pk=row.pk)
            raise CommandError(row.last_error or _why_it_waits(row))
        if not ended.is_done:
            raise CommandError(ended.last_error)
        return found_of(ended), ended.said_unread

    def _for_anybody(self, source: DataSource, person: KnownPerson, options: dict[str, Any]) -> None:
        """Keep nothing; where it breaks off, show what was found until then and how to go on from there."""
        table, position = read_place(options["after"])
        task = Task(
            person, source.label, "sweep", source.map_in_force.data_map, table=table, position=position
        )
        gone = Gone(place=options["after"], is_resumed=bool(table))
        try:
            for each in sweep(open_connector(source), task):
                gone.take(each)
                if isinstance(each, Stretch):
                    self.stderr.write(gone.said(each), style_func=str)
        except (ConnectorError, KeyboardInterrupt) as broken:
            self._show(source, gone.found, list(gone.unread), options)
            why = broken.sentence if isinstance(broken, ConnectorError) else "It was stopped."
            behind = f" To go on from there: --after {shlex.quote(gone.place)}" if gone.place else ""
            raise CommandError(f"{why} This is what was found until then.{behind}") from broken
        self._show(source, gone.found, list(gone.unread), options)

    def _watch(self, row: Sweep, stretch: Stretch) -> None:
        said = f"{how_far(row, at=timezone.now())}; {stretch.table.name}: {len(stretch.found)} found"
        self.stderr.write(said, style_func=str)

    def _show(
        self, source: DataSource, found: list[Found], unread: list[str], options: dict[str, Any]
    ) -> None:
        places = [Place(each.table, each.columns, each.kind, each.coverage, each.ways) for each in found]
        patch = proposed_patch(source.map_in_force.yaml, source.map_in_force.data_map, places)
        if options["patch"]:
            self.stdout.write(patch, ending="")
        elif options["as_json"]:
            rows = [each.as_json() for each in found]
            said = {"source": source.key, "found": rows, "unread": unread, "patch": patch}
            self.stdout.write(json.dumps(said, ensure_ascii=False, indent=2, default=str))
        else:
            self._table(source, found, unread)

    def _table(self, source: DataSource, found: list[Found], unread: list[str]) -> None:
        counted = Counter(
            (each.table, ", ".join(each.columns), str(each.kind), str(each.coverage)) for each in found
        )
        self.stdout.write(f"{'TABLE':28} {'COLUMNS':32} {'KIND':9} {'MAP':12} RECORDS")
        for (table, columns, kind, coverage), records in sorted(counted.items()):
            self.stdout.write(f"{table:28} {columns:32} {kind:9} {coverage:12} {records:>7}")
        outside = sum(each.coverage != "covered" for each in found)
        self.stdout.write(
            f"{source.label}: {len(found)} records hold this person, {outside} of them beyond the map."
        )
        for sentence in unread:
            self.stdout.write(f"Not read: {sentence}")


@dataclass
class Gone:
    """What came of a sweep that nothing keeps; `place` is where another one can go on."""

    place: str
    # How much lies before the place, nobody knows.
    is_resumed: bool = False
    found: list[Found] = field(default_factory=list)
    unread: dict[str, None] = field(default_factory=dict)
    tables: int = 0
    looked: int = 0
    tables_total: int = 0
    rows_total: int = 0
    began: float = field(default_factory=monotonic)

    def take(self, each: Listing | Stretch) -> None:
        """Add what came."""
        if isinstance(each, Listing):
            self.tables_total = sum(not table.why for table in each.tables)
            self.rows_total = sum(table.rows for table in each.tables)
            self.unread.update((said, None) for said in not_listed(each))
            return
        self.found += each.found
        self.unread.update(dict.fromkeys((*each.unread, *each.unread_objects)))
        self.tables += each.position is None
        self.looked += each.looked
        self.place = written_place(each.table.name, each.position)

    def said(self, stretch: Stretch) -> str:
        """How far it is; the time left at the rate so far, where that can be told."""
        said = (
            f"{self.tables} of {self.tables_total} tables, {stretch.table.name}: {len(stretch.found)} found"
        )
        if not self.rows_total:
            return said
        left = None
        if 0 < self.looked < self.rows_total and not self.is_resumed:
            rate = (monotonic() - self.began) / self.looked
            left = timedelta(seconds=rate * (self.rows_total - self.looked))
        return f"{said}, {self.looked:,} of about {self.rows_total:,} rows, {in_words(left)}"


def written_place(table: str, position: Position | None) -> str:
    """A place in a source as an argument has it: the table that is done, or how far one is."""
    return table if position is None else f"{table}={json.dumps(position, ensure_ascii=False)}"


def read_place(written: str) -> tuple[str, Position | None]:
    """The table and the position; CommandError for what is no place."""
    table, equals, position = written.partition("=")
    try:
        return table, json.loads(position) if equals else None
    except ValueError as broken:
        raise CommandError("Say the place as it was said where the sweep broke off.") from broken


def _why_it_waits(row: Sweep) -> str:
    if is_at_work(row, at=timezone.now()):
        return "A worker is going through this source for the request already."
    if row.source.rests_until is not None:
        failures = row.source.failures_in_row
        return f"{row.source.label} failed {failures} times in a row and is left alone; a worker takes it up."
    return f"{row.source.label} takes only so many at once; a worker takes it up when there is a place."


def _identity(written: str) -> tuple[str, str]:
    kind, equals, value = written.partition("=")
    if equals and kind.isidentifier():
        return kind, value
    if "@" in written:
        return "email", written
    raise CommandError(f"Say what {written!r} is, as kind=value: name, phone_number, customer_number, iban …")
