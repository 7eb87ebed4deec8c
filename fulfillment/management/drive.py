"""Carry on what is due of one request in this process, beside the workers and under the same leases.

Nothing is decided here: a row is worked on when it is due, and whatever follows from its end follows as it does in a
worker.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from fulfillment.changes.begin import begin_deletion, due_deletions
from fulfillment.changes.by_connector.carry import carry_out
from fulfillment.changes.by_connector.end import HELD
from fulfillment.changes.by_connector.models import SourceChange
from fulfillment.changes.finish import finish_changes
from fulfillment.changes.hold_days import end_hold, holds_that_may_be_over
from fulfillment.changes.read_backs.look import read_back
from fulfillment.changes.read_backs.models import ReadBackWork
from fulfillment.changes.rehearsals.look import look_beforehand
from fulfillment.changes.rehearsals.models import Rehearsal
from fulfillment.findings.gather import search_source
from fulfillment.findings.suggestions.models import SuggestionScan
from fulfillment.findings.suggestions.scan import scan_finding
from fulfillment.runs.finish import finish_run
from fulfillment.runs.models import SourceTask
from fulfillment.runs.selectors import latest_run
from fulfillment.sources.models import DataSource
from fulfillment.sweeps.models import Sweep
from fulfillment.sweeps.work import work_on_sweep
from requests_app.leases.clock import database_now
from requests_app.leases.lease import free_work
from requests_app.leases.models import LeasedWork, WorkState
from requests_app.lifecycle.models import SubjectRequest


@dataclass(frozen=True)
class Kind:
    """One kind of work at a source: its rows, the ways from them to request and source, and what is done."""

    name: str
    model: type[LeasedWork]
    request: str
    source: str
    do: Callable[[UUID, datetime], object]

    def rows_of(self, subject_request: SubjectRequest) -> "QuerySet[Any]":
        """What is still to be done of a request."""
        rows = self.model._default_manager.filter(
            **{self.request: subject_request}, work_state=WorkState.WAITING
        )
        return rows.select_related(self.source.replace(".", "__")).order_by("next_attempt_at")

    def source_of(self, row: Any) -> DataSource:
        """Where it is done."""
        found = row
        for step in self.source.split("."):
            found = getattr(found, step)
        assert isinstance(found, DataSource)  # noqa: S101 - rows of work are written for sources only
        return found


KINDS = (
    Kind(
        "search",
        SourceTask,
        "run__subject_request",
        "source",
        lambda pk, at: search_source(task_id=pk, at=at),
    ),
    Kind(
        "look beforehand",
        Rehearsal,
        "subject_request",
        "source",
        lambda pk, at: look_beforehand(row_id=pk, at=at),
    ),
    Kind(
        "change",
        SourceChange,
        "change__subject_request",
        "change.source",
        lambda pk, at: carry_out(row_id=pk, at=at),
    ),
    Kind(
        "read back",
        ReadBackWork,
        "change__subject_request",
        "change.source",
        lambda pk, at: read_back(row_id=pk, at=at),
    ),
    Kind(
        "look for other people",
        SuggestionScan,
        "finding__task__run__subject_request",
        "finding.task.source",
        lambda pk, at: scan_finding(scan_id=pk, at=at),
    ),
    Kind("sweep", Sweep, "subject_request", "source", lambda pk, at: work_on_sweep(sweep_id=pk, at=at)),
)


def carry_on(subject_request: SubjectRequest) -> bool:
    """Do whatever is due now, each row once. Returns whether anything was."""
    if subject_request.pk in holds_that_may_be_over(at=database_now()):
        end_hold(subject_request_id=subject_request.pk, at=database_now())
    if subject_request.pk in due_deletions():
        begin_deletion(subject_request_id=subject_request.pk, at=database_now())
    due = [(kind, row.pk) for kind in KINDS for row in kind.rows_of(subject_request).filter(free_work())]
    for kind, pk in due:
        kind.do(pk, database_now())
        _finish(subject_request)
    _finish(subject_request)
    return bool(due)


def goes_on_within(subject_request: SubjectRequest, time: timedelta) -> bool:
    """Whether something is at work, or is tried again by itself, so soon that it can be waited for.

    What waits for a person is not: an answer that is asked of somebody, a change that is held back.
    """
    soon = Q(leased_until__gt=Now()) | Q(next_attempt_at__lte=Now() + time)
    return any(
        not waits_for_a_person(row) for kind in KINDS for row in kind.rows_of(subject_request).filter(soon)
    )


def waits_for_a_person(row: LeasedWork) -> bool:
    """Whether a row can go on only once somebody has done something."""
    if isinstance(row, SourceTask):
        return bool(row.waits_for)
    return isinstance(row, SourceChange) and row.last_error == HELD


def open_work(subject_request: SubjectRequest) -> Iterator[tuple[Kind, DataSource, Any]]:
    """Everything that is still to be done of a request, with where."""
    for kind in KINDS:
        for row in kind.rows_of(subject_request):
            yield kind, kind.source_of(row), row


def _finish(subject_request: SubjectRequest) -> None:
    """What follows when a row was the last one; safe to ask at any time."""
    run = latest_run(subject_request)
    if run is not None:
        finish_run(run_id=run.pk, at=database_now())
    finish_changes(subject_request_id=subject_request.pk, at=database_now())
