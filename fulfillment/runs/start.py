"""Start a run: one row of work for every connected source."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Now

from fulfillment.runs.carry_over import carry_over, kept_from_last_search
from fulfillment.runs.models import FulfillmentRun, SourceTask
from fulfillment.runs.states import RunPurpose
from fulfillment.sources.models import DataSource
from fulfillment.sources.selectors import connected_sources, searchable_sources
from requests_app.audit.actors import Actor
from requests_app.audit.record import record
from requests_app.errors import DomainError
from requests_app.lifecycle.models import SubjectRequest


class NothingConnected(DomainError):
    """There is no source to search."""

    code = "nothing_connected"


def start_run(
    *,
    subject_request: SubjectRequest,
    by: Actor,
    at: datetime,
    purpose: RunPurpose = RunPurpose.SEARCH,
) -> list[UUID]:
    """Write the rows of a run, each with the data map in force now, in the transaction of the move that starts it.

    Returns the rows that are to be worked on. Raises NothingConnected. Where other identities reach some sources since
    the last search, only those are searched; the others keep what they gave.
    """
    sources = searchable_sources()
    if purpose is RunPurpose.VERIFICATION:
        sources += _searched_before(subject_request, besides=sources)
    if not sources:
        raise NothingConnected(
            "No source is connected yet, so there is nothing to search. Connect one first."
        )
    before = list(subject_request.runs.order_by("-number"))
    kept = {} if purpose is RunPurpose.VERIFICATION else kept_from_last_search(before, sources)
    # A failure gives the whole move up: no savepoint is needed to come back to.
    with transaction.atomic(savepoint=False):
        number = before[0].number + 1 if before else 1
        run = FulfillmentRun.objects.create(
            subject_request=subject_request, number=number, started_at=at, purpose=purpose
        )
        tasks = SourceTask.objects.bulk_create(
            SourceTask(run=run, source=source, map_version=source.map_in_force, position=position)
            for position, source in enumerate(sources, start=1)
        )
        carry_over(run, kept)
        asked = [source.key for source in sources if source.pk not in kept]
        facts = {"run": number, "sources": asked}
        record(event="run.started", target=subject_request, by=by, at=at, facts=facts)
    return [task.pk for task in tasks if task.source_id not in kept]


def _searched_before(subject_request: SubjectRequest, *, besides: list[DataSource]) -> list[DataSource]:
    """Sources that were switched off since the first search: what was to go from them is looked for all the same."""
    first = connected_sources().filter(tasks__run__subject_request=subject_request)
    return list(first.exclude(pk__in=[source.pk for source in besides]).distinct())


def waiting_task_ids(run_id: UUID) -> list[UUID]:
    """The rows of a run that are still to be worked on."""
    return list(SourceTask.objects.filter(run_id=run_id, work_state="waiting").values_list("pk", flat=True))


def wake(owner_key: str) -> list[UUID]:
    """Let the search that waits for this person's answer be due now; in the transaction that took the answer."""
    key = owner_key.removeprefix("search:")
    if key == owner_key:
        return []
    waiting = SourceTask.objects.filter(pk=key, work_state="waiting")
    waiting.update(next_attempt_at=Now())
    return list(waiting.values_list("pk", flat=True))
