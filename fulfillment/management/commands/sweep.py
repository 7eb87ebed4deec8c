"""Go through a source from end to end for one person, wherever no map leads."""

import json
from argparse import ArgumentParser
from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from fulfillment.sources.connection import open_connector
from fulfillment.sources.models import DataSource
from fulfillment.sources.selectors import source_by_key
from fulfillment.sweeps.engine import Found, Listing, Stretch, Task, sweep
from fulfillment.sweeps.keep import not_listed
from fulfillment.sweeps.models import Sweep
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
        try:
            source = source_by_key(words[-1])
            person = KnownPerson.by(
                *map(_identity, options["identity"]), plus_is_same=options["plus_is_same"]
            )
            found, unread = (
                self._for_request(words[0], source) if len(words) == 2 else self._for_anybody(source, person)
            )
        except DomainError as refused:
            raise CommandError(refused.sentence) from refused
        self._show(source, found, unread, options)

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
            row.refresh_from_db()
            raise CommandError(
                row.last_error or "A worker is going through this source for the request already."
            )
        if not ended.is_done:
            raise CommandError(ended.last_error)
        return found_of(ended), ended.said_unread

    def _for_anybody(self, source: DataSource, person: KnownPerson) -> tuple[list[Found], list[str]]:
        task = Task(person, source.label, "sweep", source.map_in_force.data_map)
        found: list[Found] = []
        unread: dict[str, None] = {}
        done = total = 0
        for each in sweep(open_connector(source), task):
            if isinstance(each, Listing):
                total = sum(not table.why for table in each.tables)
                unread.update((said, None) for said in not_listed(each))
                continue
            found += each.found
            unread.update(dict.fromkeys((*each.unread, *each.unread_objects)))
            done += each.position is None
            self._say(done, total, each)
        return found, list(unread)

    def _watch(self, row: Sweep, stretch: Stretch) -> None:
        self._say(row.tables_done, row.tables_total, stretch)

    def _say(self, done: int, total: int, stretch: Stretch) -> None:
        self.stderr.write(f"{done} of {total} tables, {stretch.table.name}: {len(stretch.found)} found")

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


def _identity(written: str) -> tuple[str, str]:
    kind, equals, value = written.partition("=")
    if equals and kind.isidentifier():
        return kind, value
    if "@" in written:
        return "email", written
    raise CommandError(f"Say what {written!r} is, as kind=value: name, phone_number, customer_number, iban …")
