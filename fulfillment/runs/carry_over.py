"""Take what unconcerned sources gave in the last search over into the next one, decisions included."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID, uuid4

from fulfillment.runs.models import FulfillmentRun, SourceTask
from fulfillment.runs.rounds import changed_since
from fulfillment.runs.states import RunPurpose, RunState
from fulfillment.sources.models import DataSource
from requests_app.leases.models import WorkState

_COPIED = ("rows_seen", "store_name", "wrapped_key", "ended_at", "asked_kinds", "asked_by_hash", "attempts")


def kept_from_last_search(
    runs: Iterable[FulfillmentRun], sources: Sequence[DataSource]
) -> dict[UUID, SourceTask]:
    """By source, the rows of work that a further round need not do again; none where all is searched anew.

    `runs` are those of the request so far, the newest first. It is a further round when other identities reach some
    source since the last search; otherwise somebody wants to know what sources hold now.
    """
    last = next((each for each in runs if each.purpose == RunPurpose.SEARCH), None)
    if last is None or last.state != RunState.FINISHED:
        return {}
    changed = changed_since(last)
    if not changed:
        return {}
    maps = {each.pk: each.map_in_force.pk for each in sources}
    done = last.tasks.filter(work_state=WorkState.DONE).exclude(store_name="")
    return {
        each.source_id: each
        for each in done
        if each.source_id not in changed and maps.get(each.source_id) == each.map_version_id
    }


def carry_over(run: FulfillmentRun, kept: Mapping[UUID, SourceTask]) -> None:
    """Give new rows of work the results of earlier ones: the same sealed file, its findings and their decisions."""
    for task in run.tasks.filter(source_id__in=kept):
        earlier = kept[task.source_id]
        for name in _COPIED:
            setattr(task, name, getattr(earlier, name))
        task.work_state = WorkState.DONE
        task.save()
        for finding in earlier.findings.all():
            _copy(finding, task)
        for file in earlier.files.all():
            file.pk, file.task = uuid4(), task
            file.save(force_insert=True)


def _copy(finding: Any, task: SourceTask) -> None:
    # Opened before it is sealed anew: it is sealed for one row alone.
    note = finding.reason_note
    finding.pk, finding.task, finding.reason_note = uuid4(), task, note
    finding.save(force_insert=True)
