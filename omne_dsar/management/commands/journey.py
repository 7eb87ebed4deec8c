"""`manage.py journey`: one access request by script through the running demo, and what came back, counted."""

import json
import tempfile
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from fulfillment.sources.selectors import source_by_key
from omne_dsar.demo.accounts import PIET, ROSA
from omne_dsar.demo.company.cast import STAR
from omne_dsar.demo.journey.browser import PageUnexpected
from omne_dsar.demo.journey.compare import Comparison, rows_in_bundle
from omne_dsar.demo.journey.people import Mailbox, Person, StaffMember
from omne_dsar.demo.scan import count_person


class Command(BaseCommand):
    """Exit 1 when a page is not as expected, or when the bundle and the sources differ."""

    help = "Carries one access request through the running demo and compares the bundle with the sources."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("--email", default=STAR.email, help="who asks")
        parser.add_argument("--name", default=f"{STAR.given} {STAR.family}")
        parser.add_argument("--place", default=STAR.country, help="ISO 3166 code of the country")
        parser.add_argument("--keep", type=Path, help="keep the bundle under this name")
        parser.add_argument("--json", action="store_true", dest="as_json")
        parser.add_argument("--base-url", default=settings.PUBLIC_URL)

    def handle(
        self, *_args: Any, email: str, name: str, place: str, keep: Path | None, **options: Any
    ) -> None:
        """Walk, download, verify, compare."""
        self.seconds: dict[str, float] = {}
        mailbox = Mailbox(f"http://127.0.0.1:{settings.MAILBOX_PORT}")
        person = Person(options["base_url"], mailbox, name=name, email=email, place=place)
        with tempfile.TemporaryDirectory() as folder:
            target = keep or Path(folder) / "copy.zip"
            try:
                self._walk(person, target, options["base_url"])
            except httpx.HTTPError as failure:
                raise CommandError(
                    f"The demo does not answer at {options['base_url']} ({type(failure).__name__}). Start it with"
                    " make demo; where it runs under other ports, name them here too: WEB_PORT, MAILBOX_PORT."
                ) from None
            except PageUnexpected as surprise:
                raise CommandError(str(surprise)) from None
            call_command("verify_bundle", str(target), stdout=self.stderr)
            found = Comparison(rows_in_bundle(target), _rows_in_sources(email))
        self._report(person.reference, found, as_json=options["as_json"])

    def _walk(self, person: Person, target: Path, base_url: str) -> None:
        with self._timed("form"):
            reference = person.ask()
        with self._timed("mailed code and confirmation"):
            person.confirm()
        with self._timed("sign in, plan, approval"):
            rosa = StaffMember(base_url, ROSA, reference=reference)
            rosa.approve_search()
        with self._timed("search of three sources"):
            rosa.wait_for_stage("Reviewing findings")
        with self._timed("review"):
            rosa.finish_review()
        with self._timed("bundle"):
            rosa.wait_for_stage("For approval")
        with self._timed("release by a second person"):
            StaffMember(base_url, PIET, reference=reference).release()
        with self._timed("two codes and download"):
            person.download(target)

    def _report(self, reference: str, found: Comparison, *, as_json: bool) -> None:
        in_bundle, in_sources = found.rows
        if as_json:
            report = {
                "reference": reference,
                "rows_in_bundle": in_bundle,
                "rows_in_sources": in_sources,
                "differences": found.differences,
                "seconds": self.seconds,
            }
            self.stdout.write(json.dumps(report))
        else:
            for step, seconds in self.seconds.items():
                self.stdout.write(f"{seconds:7.2f} s  {step}")
            self.stdout.write(f"{reference}: {in_bundle} rows in the bundle, {in_sources} in the sources.")
        if found.differences:
            raise CommandError(f"The bundle and the sources differ: {found.differences}")

    @contextmanager
    def _timed(self, step: str) -> Iterator[None]:
        began_at = time.monotonic()
        yield
        self.seconds[step] = round(time.monotonic() - began_at, 3)


def _rows_in_sources(email: str) -> dict[str, int]:
    erp = source_by_key("omne_erp").settings_sealed
    demo = settings.VAR_DIR / "demo"
    counts = count_person(
        email, erp_url=_with_password(erp), desk_file=demo / "desk.jsonl", events_folder=demo / "events"
    )
    return {f"{source}/{key}": count for source, rows in counts.items() for key, count in rows.items()}


def _with_password(erp: dict[str, str]) -> str:
    scheme, _, rest = erp["url"].partition("://")
    user, _, place = rest.partition("@")
    return f"{scheme}://{user}:{erp['password']}@{place}"
