"""`manage.py fulfill REF`: carry on what is due of a request from the terminal, and say what it waits for."""

import json
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Event, Thread
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.utils import timezone

from fulfillment.changes.selectors import changes_of
from fulfillment.management.drive import carry_on, goes_on_within
from fulfillment.management.standing import how_far, what_it_waits_for
from fulfillment.runs.approve import approve_search
from fulfillment.runs.models import SourceTask
from fulfillment.runs.selectors import latest_run, progress
from fulfillment.runs.states import RunState
from fulfillment.sweeps.selectors import sweeps_of
from requests_app.accounts.models import StaffMember
from requests_app.audit.actors import Actor
from requests_app.errors import DomainError
from requests_app.lifecycle.known_rights import machine_of
from requests_app.lifecycle.machine import moves_from
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.moves import Move
from requests_app.lifecycle.selectors import by_reference

LOOKS_EVERY_SECONDS = 1.0


class Command(BaseCommand):
    """Works beside the workers under the same leases, so that both may run; decides nothing that a person decides."""

    help = (
        "Carry on what is due of a request: its searches, looks, changes and sweeps. Ends when nothing goes on by "
        "itself, and says what the request waits for."
    )

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
        """Approve where that is asked for, work, and say what was done and what is waited for."""
        self._told: set[str] = set()
        try:
            asked = by_reference(reference)
            self._approve(asked, options["by"], options["maps"])
        except DomainError as refused:
            raise CommandError(refused.sentence) from refused
        is_over = self._followed(asked, until=time.monotonic() + options["wait"])
        self._report(asked, as_json=options["as_json"])
        if not is_over:
            raise CommandError("It still runs. Nothing is lost: the workers go on with it.")

    def _approve(self, asked: SubjectRequest, by: str | None, maps: str | None) -> None:
        """Let the search begin where somebody says so; a request that nobody has approved is not begun."""
        if Move.APPROVE not in moves_from(machine_of(asked), asked.state):
            return
        if not by:
            raise CommandError(
                "Nobody has approved the search yet. Say --by, or approve it on the case's page."
            )
        actor = _actor(by)
        if not maps:
            raise CommandError(
                "Say --maps: `manage.py plan` shows the plan, and what to say to approve that and no other."
            )
        approve_search(subject_request_id=asked.pk, maps=maps, by=actor, at=timezone.now())

    def _followed(self, asked: SubjectRequest, *, until: float) -> bool:
        """Work on what is due and wait for what others work on. Returns whether nothing goes on by itself any more."""
        while True:
            with following(asked, self._say):
                worked = carry_on(asked)
            self._say(how_far(asked, at=timezone.now()))
            if worked:
                continue
            left = until - time.monotonic()
            if not goes_on_within(asked, timedelta(seconds=max(left, 0))):
                return True
            if left <= 0:
                return False
            time.sleep(LOOKS_EVERY_SECONDS)

    def _say(self, lines: Iterable[str]) -> None:
        """A line each, and only what is new."""
        for line in lines:
            if line not in self._told:
                self._told.add(line)
                self.stderr.write(line, style_func=str)

    def _report(self, asked: SubjectRequest, *, as_json: bool) -> None:
        run = latest_run(asked)
        found = progress(run) if run is not None else None
        rows = [*_searched(found.tasks if found else ()), *_changed(asked), *_swept(asked)]
        lines = (
            f"{row['work']:8} {row['source']:20} {row['state']:12} {row['rows']:>8}  {row['why']}".rstrip()
            for row in rows
        )
        self.stdout.write(json.dumps(rows, indent=2) if as_json else "\n".join(lines))
        for sentence in what_it_waits_for(asked, at=timezone.now()):
            (self.stderr if as_json else self.stdout).write(sentence)
        if found and found.failed and found.run.state == RunState.RUNNING:
            names = ", ".join(task.source.label for task in found.failed)
            raise CommandError(
                f"{names}: a person has to look; try again or leave it out on the case's page."
            )


def _searched(tasks: Iterable[SourceTask]) -> Iterator[dict[str, Any]]:
    for task in tasks:
        state = task.source_state.value
        yield _row("search", task.source.key, state, task.rows_seen, task.last_error)


def _changed(asked: SubjectRequest) -> Iterator[dict[str, Any]]:
    for task in changes_of(asked):
        row = getattr(task, "by_connector", None)
        source = task.source.key if task.source else ""
        yield _row("change", source, task.state, task.records_changed or 0, row.last_error if row else "")


def _swept(asked: SubjectRequest) -> Iterator[dict[str, Any]]:
    for sweep in sweeps_of(asked):
        yield _row("sweep", sweep.source.key, sweep.work_state, sum(sweep.counts.values()), sweep.last_error)


def _row(work: str, source: str, state: str, rows: int, why: str) -> dict[str, Any]:
    return {"work": work, "source": source, "state": state, "rows": rows, "why": why}


@contextmanager
def following(asked: SubjectRequest, say: Callable[[Iterable[str]], None]) -> Iterator[None]:
    """Say how far it is every few seconds, while this process is busy with a source."""
    ended = Event()

    def follow() -> None:
        while not ended.wait(LOOKS_EVERY_SECONDS * 3):
            try:
                say(how_far(asked, at=timezone.now()))
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
