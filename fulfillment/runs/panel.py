"""The sources of a case while they are searched, for every place that shows them."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from fulfillment.runs.models import FulfillmentRun
from fulfillment.runs.selectors import ENDED, Progress, latest_run, progress
from fulfillment.runs.states import RunPurpose, RunState, SourceState
from fulfillment.runs.table import source_rows
from fulfillment.runs.time_left import run_time_left
from fulfillment.sources.time_left import in_words
from requests_app.accounts.permissions import staff_member
from requests_app.lifecycle.known_rights import right
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.rights.base import Operation
from requests_app.roles import Permission


def sources_panel(request: HttpRequest, subject_request: SubjectRequest) -> dict[str, Any] | None:
    """Return what the table of sources is drawn with, or None before the first search."""
    run = latest_run(subject_request)
    if run is None:
        return None
    found = progress(run)
    is_running = run.state == RunState.RUNNING
    return {
        "reference": subject_request.reference,
        "run": run,
        "about": _about(run, subject_request),
        "rows": source_rows(found),
        "ended": found.ended,
        "total": len(found.tasks),
        "records": found.rows,
        "records_said": f"{found.rows:,}",
        "left": _left(found) if is_running and found.is_running else "",
        "is_running": is_running,
        "may_settle": is_running and staff_member(request).may(Permission.WORK_CASES),
    }


def _left(found: Progress) -> str:
    """How long it still takes; a person who was asked has a day for it, and no rate."""
    if all(task.source_state in ENDED | {SourceState.ASKED} for task in found.tasks):
        return _("waits for a person")
    return in_words(run_time_left(found, at=timezone.now()))


def _about(run: FulfillmentRun, subject_request: SubjectRequest) -> str:
    if run.purpose == RunPurpose.VERIFICATION:
        return _("The second search: it shows whether what should be gone is gone. Nothing is changed.")
    if right(subject_request.right).operation is Operation.ERASE:
        return _("The dry run: it counts what would be deleted. Nothing is changed.")
    return ""
