"""A further round of a search: once more for sources that another identity reaches, and what others gave stays."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Now

from fulfillment.connectors.query import SubjectQuery
from fulfillment.identities.decide import accept_identity, refuse_identity
from fulfillment.identities.models import KnownIdentity
from fulfillment.identities.selectors import fingerprints, query_for
from fulfillment.runs.models import FulfillmentRun, SourceTask
from fulfillment.runs.selectors import tasks_of_latest_search
from fulfillment.runs.states import RunPurpose, RunState
from requests_app.audit.actors import Actor
from requests_app.leases.models import WorkState
from requests_app.lifecycle.attempt import Attempt
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.states import RequestState

STALE = (
    "What the person is known by has changed since the search. Search again first: only the sources that it concerns "
    "are asked."
)


def accept_and_search(
    *, identity_id: UUID, evidence: str, is_shared: bool = False, by: Actor, at: datetime
) -> KnownIdentity:
    """Accept an identity; sources of a search that runs are asked by it as well. Raises as `accept_identity`."""
    with transaction.atomic():
        row = accept_identity(identity_id=identity_id, evidence=evidence, is_shared=is_shared, by=by, at=at)
        ask_again(row.subject_request, kinds=[row.kind])
    return row


def refuse_and_search(*, identity_id: UUID, evidence: str, by: Actor, at: datetime) -> KnownIdentity:
    """Refuse an identity; a search that runs forgets what it found by it. Raises as `refuse_identity`."""
    with transaction.atomic():
        row = refuse_identity(identity_id=identity_id, evidence=evidence, by=by, at=at)
        ask_again(row.subject_request, kinds=[row.kind])
    return row


def ask_again(subject_request: SubjectRequest, *, kinds: Iterable[str]) -> int:
    """Let the sources of a running search that know these kinds be asked anew; returns how many.

    The caller holds the request's lock. What such a source has given so far is replaced; whoever asks it at this
    moment loses the lease, as it asks by what is no longer all.
    """
    wanted = frozenset(kinds)
    running = FulfillmentRun.objects.filter(
        subject_request=subject_request, state=RunState.RUNNING, purpose=RunPurpose.SEARCH
    )
    tasks = SourceTask.objects.filter(run__in=running).exclude(work_state=WorkState.CANCELLED)
    concerned = [
        each.pk
        for each in tasks.select_related("map_version").order_by("pk")
        if wanted & each.map_version.data_map.identity_kinds
    ]
    return SourceTask.objects.filter(pk__in=concerned).update(
        work_state=WorkState.WAITING,
        next_attempt_at=Now(),
        attempts=0,
        last_error="",
        leased_until=None,
        fence=F("fence") + 1,
        ended_at=None,
    )


def changed_since(run: FulfillmentRun) -> frozenset[UUID]:
    """The sources of a run that would be asked by something else now."""
    return _changed(run.tasks.all(), query_for(run.subject_request))


def search_is_of_all_that_is_known(attempt: Attempt) -> str | None:
    """Nothing is answered or erased by half: what was accepted, or refused, after the search is searched first."""
    subject_request = attempt.subject_request
    if subject_request.state != RequestState.CHECKING:
        return None
    changed = _changed(tasks_of_latest_search(subject_request), query_for(subject_request))
    return STALE if changed else None


def _changed(tasks: QuerySet[SourceTask], query: SubjectQuery) -> frozenset[UUID]:
    asked = tasks.select_related("map_version").exclude(work_state=WorkState.CANCELLED)
    return frozenset(
        each.source_id
        for each in asked
        if each.asked_by_hash and each.asked_by_hash not in fingerprints(query, each.map_version.data_map)
    )
