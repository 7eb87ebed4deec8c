"""Search one source for one person: under a lease, into one sealed file, all or nothing."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now

from fulfillment.connectors.base import Document
from fulfillment.connectors.errors import ConnectorError, Retryable, Waiting
from fulfillment.findings.decisions.carry_over import carry_over
from fulfillment.findings.files import sealed_file
from fulfillment.findings.meeting import Meeting
from fulfillment.findings.models import Finding, FoundFile
from fulfillment.findings.store import FindingsWriter, Stretch
from fulfillment.identities.add import NewIdentity, propose
from fulfillment.identities.selectors import accepted_identities, fingerprint, query_by, query_for
from fulfillment.owners.answer import forget_uploads
from fulfillment.owners.ask import Asked, OwnersAsked
from fulfillment.owners.models import Purpose
from fulfillment.runs.models import SourceTask
from fulfillment.runs.rounds import ask_again
from fulfillment.runs.states import RunPurpose
from fulfillment.sources.check import note_failure, note_success
from fulfillment.sources.connection import open_connector
from fulfillment.sources.turns import is_its_turn, put_off
from requests_app.audit.actors import Actor
from requests_app.audit.record import record
from requests_app.encryption.errors import StoreAway, StoreFull
from requests_app.encryption.files import create_sealed, wrapped_file_key
from requests_app.encryption.store import current_store, new_name
from requests_app.leases.held import is_poison, poison_reason
from requests_app.leases.lease import Lease, LeaseLost, take
from requests_app.lifecycle.perform import locked

log = logging.getLogger(__name__)
SYSTEM = Actor.system("fulfillment")
CUT_OFF = "The search was cut off several times without leaving a reason. Please look at the worker."
# A person's answer is told at once; this look is for the case that the telling was lost.
WAIT_FOR_A_PERSON = timedelta(hours=1)


@dataclass(frozen=True)
class Harvest:
    """What a search brought: the sealed file and its stretches, one per collection, and original files."""

    store_name: str
    wrapped_key: bytes
    stretches: tuple[Stretch, ...]
    files: tuple[FoundFile, ...] = ()
    asked_kinds: tuple[str, ...] = ()
    asked_by_hash: str = ""
    met: tuple[NewIdentity, ...] = ()
    # Whether a person gave it, whose files were kept until now.
    by_a_person: bool = False

    @property
    def rows(self) -> int:
        """How many records were found in all."""
        return sum(stretch.row_count for stretch in self.stretches)


def search_source(*, task_id: UUID | str, at: datetime) -> SourceTask | None:
    """Work on one row. Returns it when it is finished now; None when it was not ours or will be tried again.

    Two workers, a redelivered message or a holder that was too slow do no harm: only the last lease may write.
    """
    lease = take(SourceTask, task_id, length=timedelta(seconds=settings.STEP_LEASE_SECONDS))
    if lease is None:
        return None
    task = SourceTask.objects.select_related("run__subject_request", "source", "map_version").get(pk=task_id)
    if not task.run.is_wanted:
        lease.give_up(error="The run was stopped.")
        return None
    if is_poison(lease, task.last_error):
        lease.give_up(error=poison_reason(task.last_error, cut_off=CUT_OFF))
        return task
    if not is_its_turn(lease, task.source):
        return None
    try:
        harvest = _harvest(task, lease, at=at)
    except LeaseLost:
        log.warning("A search was overtaken by a later attempt", extra={"task": str(task.pk)})
        return None
    except (StoreFull, StoreAway) as trouble:
        # Our own store, and no fault of the source.
        with suppress(LeaseLost), lease.settled():
            lease.again(after=timedelta(minutes=1), error=str(trouble))
        return None
    except Waiting as waiting:
        _wait_for(waiting, lease, task)
        return None
    except Retryable as failure:
        put_off(lease, task.source, failure, at=at)
        return None
    except ConnectorError as failure:
        _give_up(lease, task, str(failure), at=at)
        return task
    return _keep(task, lease, harvest, at=at)


def _harvest(task: SourceTask, lease: Lease, *, at: datetime) -> Harvest:
    store, name = current_store(), new_name()
    key = wrapped_file_key(name=name)
    connector = open_connector(task.source)
    connector.people = OwnersAsked(_asked(task), at)
    files = []
    data_map = task.map_version.data_map
    accepted = accepted_identities(task.run.subject_request)
    query = query_by(accepted, task.run.subject_request)
    meeting = Meeting(task.run.subject_request, task.source, data_map, accepted)
    with create_sealed(store, name=name, wrapped_key=key) as sink:
        writer = FindingsWriter(sink, page_rows=Finding.PAGE_ROWS)
        for found in connector.search(query, data_map, heartbeat=_Pace(task, lease, writer)):
            if isinstance(found, Document):
                files.append(sealed_file(task, found))
                continue
            writer.take(found)
            meeting.take(found)
        stretches = writer.finished(expected=[each.name for each in data_map.collections])
    kinds = tuple(sorted(query.kinds & data_map.identity_kinds))
    return Harvest(
        name,
        key,
        stretches,
        tuple(files),
        asked_kinds=kinds,
        asked_by_hash=fingerprint(query, data_map),
        met=meeting.identities(),
        by_a_person=connector.asks_a_person,
    )


def _asked(task: SourceTask) -> Asked:
    """What a person is asked, where one answers in place of the source."""
    is_second = task.run.purpose == RunPurpose.VERIFICATION
    return Asked(
        task.owner_key,
        Purpose.LOOK_AGAIN if is_second else Purpose.SEARCH,
        task.run.subject_request,
        task.source,
        task.map_version,
    )


class _Pace:
    """A heartbeat that may be called after every batch and writes to the database only now and then.

    With its first beat, which a short search never has, the source is asked how many rows it expects.
    """

    def __init__(self, task: SourceTask, lease: Lease, writer: FindingsWriter) -> None:
        self._task, self._lease, self._writer = task, lease, writer
        self._every = lease.length.total_seconds() / 10
        self._begun = self._last = monotonic()
        self._has_beaten = False

    def __call__(self) -> None:
        """Beat, if it is time. Raises LeaseLost."""
        if monotonic() - self._last < self._every:
            return
        self._last = monotonic()
        self._lease.beat()
        mine = SourceTask.objects.filter(pk=self._task.pk, fence=self._lease.fence)
        if not self._has_beaten:
            self._has_beaten = True
            so_far = timedelta(seconds=monotonic() - self._begun)
            mine.update(searching_since=Now() - so_far, rows_expected=_expected(self._task))
        mine.update(rows_seen=self._writer.rows)


def _expected(task: SourceTask) -> int | None:
    """How many rows the source expects to give, counted or guessed within seconds; None where it cannot say."""
    with suppress(ConnectorError):
        query = query_for(task.run.subject_request)
        found = open_connector(task.source).estimate(query, task.map_version.data_map)
        return sum(each.rows for each in found) if found else None
    return None


def _keep(task: SourceTask, lease: Lease, harvest: Harvest, *, at: datetime) -> SourceTask | None:
    try:
        with transaction.atomic(), _noted(task, harvest, at=at):
            # Whoever was overtaken is refused here, before anything else is written.
            lease.done(
                store_name=harvest.store_name,
                wrapped_key=harvest.wrapped_key,
                rows_seen=harvest.rows,
                ended_at=at,
                asked_kinds=list(harvest.asked_kinds),
                asked_by_hash=harvest.asked_by_hash,
            )
            _forget_earlier(task, harvest)
            Finding.objects.bulk_create(
                Finding(
                    task=task,
                    collection=stretch.collection,
                    position=position,
                    row_count=stretch.row_count,
                    byte_offset=stretch.byte_offset,
                    byte_length=stretch.byte_length,
                    page_offsets=list(stretch.page_offsets),
                    unsearched=stretch.unsearched,
                    unmapped=list(stretch.unmapped),
                )
                for position, stretch in enumerate(harvest.stretches, start=1)
            )
            carry_over(task)
            FoundFile.objects.bulk_create(harvest.files)
            note_success(task.source, at=at)
            facts = {"source": task.source.key, "rows": harvest.rows, "collections": len(harvest.stretches)}
            record(event="source.searched", target=task.run.subject_request, by=SYSTEM, at=at, facts=facts)
    except LeaseLost:
        current_store().delete(harvest.store_name)
        return None
    return task


def _forget_earlier(task: SourceTask, harvest: Harvest) -> None:
    """What an earlier search of the same row gave, and what a person handed in for it or was awaited for."""
    if task.store_name or task.asked_by_hash:
        Finding.objects.filter(task=task).delete()
        FoundFile.objects.filter(task=task).delete()
    if harvest.by_a_person:
        forget_uploads(task.owner_key)
    if task.waits_for:
        task.waits_for = ""
        task.save(update_fields=["waits_for"])


def _wait_for(waiting: Waiting, lease: Lease, task: SourceTask) -> None:
    """Hand the row back untried: no worker is held while a person answers."""
    with suppress(LeaseLost), lease.settled():
        lease.not_yet(after=WAIT_FOR_A_PERSON)
        task.waits_for = waiting.whom
        task.save(update_fields=["waits_for"])


@contextmanager
def _noted(task: SourceTask, harvest: Harvest, *, at: datetime) -> Iterator[None]:
    """What was met on the way stands on the list with the findings, or neither does; other sources are asked by it.

    The request is locked first, as everywhere: two workers that meet something at once wait for each other here.
    """
    if not harvest.met or task.run.purpose != RunPurpose.SEARCH:
        yield
        return
    subject_request = locked(task.run.subject_request_id)
    yield
    added = propose(subject_request=subject_request, new=harvest.met, by=SYSTEM, at=at)
    kinds = {each.kind for each in added if each.is_accepted}
    if kinds:
        ask_again(subject_request, kinds=kinds)


def _give_up(lease: Lease, task: SourceTask, reason: str, *, at: datetime) -> None:
    with suppress(LeaseLost), lease.settled():
        lease.give_up(error=reason)
        note_failure(task.source, sentence=reason, at=at)
        facts = {"source": task.source.key, "why": reason}
        record(event="source.failed", target=task.run.subject_request, by=SYSTEM, at=at, facts=facts)
