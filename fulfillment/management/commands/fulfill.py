"""`manage.py fulfill REF`: search the sources of a request from the terminal, to the end or to what is in the way."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.utils import timezone

from fulfillment.findings.gather import search_source
from fulfillment.runs.approve import approve_search
from fulfillment.runs.finish import finish_run
from fulfillment.runs.models import FulfillmentRun
from fulfillment.runs.selectors import Progress, latest_run, progress
from fulfillment.runs.start import waiting_task_ids
from fulfillment.runs.states import RunState
from fulfillment.runs.time_left import run_time_left
from fulfillment.sources.time_left import in_words
from requests_app.accounts.models import StaffMember
from requests_app.audit.actors import Actor
from requests_app.errors import DomainError
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.selectors import by_reference

LOOKS_EVERY_SECONDS = 1.0


class Command(BaseCommand):
    """Works beside the workers under the same leases, so that both may run; ends when the run does."""

    help = "Search every source for a request and follow it to its end."
    _said = ""

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("reference", help="the request, such as OMN-2026-0001")
        parser.add_argument("--by", metavar="EMAIL", help="who approves the search, where nobody has yet")
        parser.add_argument(
            "--maps", metavar="KEY:NUMBER,…", help="the plan that is approved, as manage.py plan has shown it"
        )
        parser.add_argument(
            "--wait", type=int, default=3600, metavar="SECONDS", help="how long to wait for others"
        )
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *_args: Any, reference: str, **options: Any) -> None:
        """Approve where that is asked for, work, and say what was found."""
        try:
            run = self._run(by_reference(reference), options["by"], options["maps"])
        except DomainError as refused:
            raise CommandError(refused.sentence) from refused
        found = self._followed(run, until=time.monotonic() + options["wait"])
        self._report(found, as_json=options["as_json"])

    def _run(self, subject_request: SubjectRequest, by: str | None, maps: str | None) -> FulfillmentRun:
        run = latest_run(subject_request)
        if run is not None and run.state == RunState.RUNNING:
            return run
        if not by:
            raise CommandError(
                "Nobody has approved the search yet. Say --by, or approve it on the case's page."
            )
        actor = _actor(by)
        if not maps:
            raise CommandError(
                "Say --maps: `manage.py plan` shows the plan, and what to say to approve that and no other."
            )
        return approve_search(subject_request_id=subject_request.pk, maps=maps, by=actor, at=timezone.now())

    def _followed(self, run: FulfillmentRun, *, until: float) -> Progress:
        """Work on what is free, then wait for what others work on; a source that failed for good ends it too."""
        while True:
            with following(run, self._say):
                for task_id in waiting_task_ids(run.pk):
                    search_source(task_id=task_id, at=timezone.now())
            finish_run(run_id=run.pk, at=timezone.now())
            run.refresh_from_db()
            found = progress(run)
            self._say(found)
            if run.state != RunState.RUNNING or (found.failed and not waiting_task_ids(run.pk)):
                return found
            if time.monotonic() > until:
                raise CommandError("It still runs. Nothing is lost: the workers go on with it.")
            time.sleep(LOOKS_EVERY_SECONDS)

    def _say(self, found: Progress) -> None:
        """One line, and only when something is new."""
        left = f", {in_words(run_time_left(found, at=timezone.now()))}" if found.is_running else ""
        line = f"{found.ended} of {len(found.tasks)} sources, {found.rows} rows{left}"
        if line != self._said:
            self._said = line
            self.stderr.write(line, style_func=str)

    def _report(self, found: Progress, *, as_json: bool) -> None:
        rows = [
            {
                "source": task.source.key,
                "state": task.source_state.value,
                "rows": task.rows_seen,
                "why": task.last_error,
            }
            for task in found.tasks
        ]
        lines = (
            f"{row['source']:20} {row['state']:12} {row['rows']:>8}  {row['why']}".rstrip() for row in rows
        )
        self.stdout.write(json.dumps(rows, indent=2) if as_json else "\n".join(lines))
        if found.failed:
            names = ", ".join(task.source.label for task in found.failed)
            raise CommandError(
                f"{names}: a person has to look; try again or leave it out on the case's page."
            )


@contextmanager
def following(run: FulfillmentRun, say: Callable[[Progress], None]) -> Iterator[None]:
    """Say how far the run is every few seconds, while this process is busy with a source."""
    ended = Event()

    def follow() -> None:
        while not ended.wait(LOOKS_EVERY_SECONDS * 3):
            try:
                say(progress(run))
            finally:
                connection.close()

    thread = Thread(target=follow, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _actor(email: str) -> Actor:
    member = StaffMember.objects.filter(email__iexact=email.strip(), is_active=True).first()
    if member is None:
        raise CommandError("There is no active member of staff with this address.")
    return Actor.staff(member)
