"""Where a request stands, for the terminal: how far work is, and what it waits for, in true sentences."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format

from fulfillment.changes.by_connector.models import SourceChange
from fulfillment.changes.by_connector.progress import how_far as how_far_changed
from fulfillment.changes.rehearsals.models import Rehearsal
from fulfillment.management.drive import Kind, open_work, waits_for_a_person
from fulfillment.runs.models import SourceTask
from fulfillment.runs.selectors import latest_run, progress
from fulfillment.runs.states import RunState
from fulfillment.runs.time_left import run_time_left
from fulfillment.sources.models import DataSource
from fulfillment.sources.time_left import in_words
from fulfillment.sweeps.check import unfinished_checks
from fulfillment.sweeps.models import Sweep
from fulfillment.sweeps.progress import how_far as how_far_swept
from requests_app.leases.models import LeasedWork, WorkState
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.states import RequestState
from requests_app.review.next_step import what_is_next

DECIDES_BY_THE_LOOK = frozenset({RequestState.CHECKING, RequestState.AWAITING_APPROVAL})


def how_far(subject_request: SubjectRequest, *, at: datetime) -> list[str]:
    """What is being done at this moment, a line each, with counts and the time left where they are known."""
    lines = list(_search(subject_request, at))
    for kind, source, row in open_work(subject_request):
        if _is_at_work(row, at) and not isinstance(row, SourceTask):
            lines.append(f"{source.label}: {_said(kind, row, at)}")
    return lines


def what_it_waits_for(subject_request: SubjectRequest, *, at: datetime) -> list[str]:
    """Why it does not go on at this moment, most particular first; the last sentence is that of its page."""
    asked = SubjectRequest.objects.get(pk=subject_request.pk)
    said = [*_looks_in_the_way(asked), *_waiting(asked, at), *_unfinished(asked)]
    title, text = what_is_next(asked)
    return [*dict.fromkeys(said), f"{title}. {text}"]


def _search(subject_request: SubjectRequest, now: datetime) -> Iterator[str]:
    run = latest_run(subject_request)
    if run is None or run.state != RunState.RUNNING:
        return
    found = progress(run)
    left = f", {in_words(run_time_left(found, at=now))}" if found.is_running else ""
    yield f"{found.ended} of {len(found.tasks)} sources, {found.rows} rows{left}"


def _said(kind: Kind, row: Any, now: datetime) -> str:
    if isinstance(row, SourceChange):
        return how_far_changed(row, at=now)
    if isinstance(row, Sweep):
        return f"swept, {how_far_swept(row, at=now)}"
    return f"{kind.name} is under way."


def _is_at_work(row: LeasedWork, now: datetime) -> bool:
    return row.leased_until is not None and row.leased_until > now


def _looks_in_the_way(subject_request: SubjectRequest) -> Iterator[str]:
    if subject_request.state in DECIDES_BY_THE_LOOK:
        rows = Rehearsal.objects.filter(subject_request=subject_request).select_related("source")
        # One that waits still is told with what else waits.
        yield from (row.in_the_way for row in rows if row.in_the_way and row.work_state != WorkState.WAITING)


def _waiting(subject_request: SubjectRequest, now: datetime) -> Iterator[str]:
    for kind, source, row in open_work(subject_request):
        if isinstance(row, SourceTask) and row.waits_for:
            yield f"{source.label}: {row.waits_for} was asked and has not answered."
        elif waits_for_a_person(row):
            yield f"{source.label}: {row.last_error}"
        elif _is_at_work(row, now):
            yield f"{source.label} ({kind.name}): a worker is at it."
        elif (why := _put_off(source, row, now)) is not None:
            yield f"{source.label} ({kind.name}): {why}"


def _put_off(source: DataSource, row: LeasedWork, now: datetime) -> str | None:
    if row.next_attempt_at <= now:
        return None
    again = date_format(timezone.localtime(row.next_attempt_at), "j F Y, H:i:s")
    if source.rests_until is not None and source.rests_until > now:
        return f"it failed {source.failures_in_row} times in a row and is left alone; it is tried again at {again}."
    return f"{row.last_error} Tried again at {again}." if row.last_error else f"its turn comes at {again}."


def _unfinished(subject_request: SubjectRequest) -> Iterator[str]:
    if subject_request.is_closed:
        return
    for sweep in unfinished_checks(subject_request):
        if not sweep.is_waiting:
            why = f"it was not gone through to its end beyond its map. {sweep.last_error}".strip()
            yield f"{sweep.source.label}: {why} Under “Traces” it can be tried again."
