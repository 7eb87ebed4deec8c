"""Go through one finding for other people: under a lease, a stretch at a time, from where the last attempt stopped."""

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import chain
from time import monotonic
from uuid import UUID

from django.conf import settings
from django.db.models import F
from django.db.models.functions import Now

from fulfillment.findings.decisions.selectors import standing_at
from fulfillment.findings.models import Finding
from fulfillment.findings.release.finder import others_in
from fulfillment.findings.release.places import as_text, read_record
from fulfillment.findings.selectors import MappedFinding, findings_of
from fulfillment.findings.store import FindingsLost, blocks_of
from fulfillment.findings.suggestions.duty import is_copied
from fulfillment.findings.suggestions.models import Suggestion, SuggestionScan
from fulfillment.findings.suggestions.others import Others
from fulfillment.findings.suggestions.people import People, people_in
from fulfillment.findings.suggestions.settle import settle
from fulfillment.findings.suggestions.written import write_down
from requests_app.encryption.errors import StoreAway
from requests_app.leases.held import is_poison, poison_reason
from requests_app.leases.lease import Lease, LeaseLost, paced, take
from requests_app.leases.models import WorkState
from requests_app.lifecycle.models import SubjectRequest

log = logging.getLogger(__name__)
CUT_OFF = "Looking for other people was cut off several times. Please look at the worker."
AT_ONCE = 1000
_ANEW = (
    "people",
    "work_state",
    "attempts",
    "last_error",
    "rows_seen",
    "next_byte",
    "leased_until",
    "ended_at",
    "waived_at",
    "waived_by",
)
# Then whatever else waits for a worker has its turn.
TURN_SECONDS = 3.0


def start_scans(subject_request: SubjectRequest) -> list[UUID]:
    """Have every finding that is read by somebody gone through; those that were already are left alone."""
    if not is_copied(subject_request):
        return []
    filled = _filled(subject_request)
    SuggestionScan.objects.bulk_create(
        [SuggestionScan(finding=finding) for finding in filled], ignore_conflicts=True
    )
    return _waiting(filled)


def start_again(subject_request: SubjectRequest, *, finding_id: UUID | None = None) -> list[UUID]:
    """Have findings, or one of them, gone through anew: whom the person is known by has changed, or it broke off.

    What is no longer true goes away, what was answered stays answered. The caller holds the request's lock.
    """
    filled = [each for each in _filled(subject_request) if finding_id in (None, each.pk)]
    for scan in SuggestionScan.objects.filter(finding__in=filled):
        scan.people = {}
        scan.work_state, scan.attempts, scan.last_error = WorkState.WAITING, 0, ""
        scan.rows_seen = scan.next_byte = 0
        scan.leased_until = scan.ended_at = scan.waived_at = scan.waived_by = None
        scan.save(update_fields=_ANEW)
        # Whoever goes through it at this moment does so by what is no longer true.
        SuggestionScan.objects.filter(pk=scan.pk).update(fence=F("fence") + 1, next_attempt_at=Now())
    start_scans(subject_request)
    return _waiting(filled)


def _filled(subject_request: SubjectRequest) -> list[Finding]:
    return [
        each.finding
        for part in findings_of(subject_request)
        for each in part.findings
        if each.finding.row_count
    ]


def _waiting(findings: list[Finding]) -> list[UUID]:
    """The smallest first."""
    waiting = SuggestionScan.objects.filter(finding__in=findings, work_state=WorkState.WAITING)
    return list(waiting.order_by("finding__row_count").values_list("pk", flat=True))


def scan_finding(*, scan_id: UUID | str, at: datetime, turn: float = TURN_SECONDS) -> bool:
    """Work on one scan for a turn, so that searches wait for no large person; returns whether there is more to do.

    Two workers, or a redelivered message, do no harm.
    """
    lease = take(SuggestionScan, scan_id, length=timedelta(seconds=settings.STEP_LEASE_SECONDS))
    if lease is None:
        return False
    scan = SuggestionScan.objects.select_related(
        "finding__task__run__subject_request", "finding__task__source", "finding__task__map_version"
    ).get(pk=scan_id)
    if is_poison(lease, scan.last_error):
        lease.give_up(error=poison_reason(scan.last_error, cut_off=CUT_OFF))
        return False
    try:
        if not _go_through(scan, lease, turn=turn):
            lease.not_yet(after=timedelta(0))
            return True
        with lease.settled():
            # What was decided while the last records were looked at.
            settle(scan.finding, standing_at(scan.finding))
            lease.done(ended_at=at)
    except LeaseLost:
        log.warning("A scan was overtaken by a later attempt", extra={"scan": str(scan.pk)})
        return False
    except StoreAway as trouble:
        with suppress(LeaseLost):
            lease.again(after=timedelta(minutes=1), error=str(trouble))
        return False
    except FindingsLost as lost:
        with suppress(LeaseLost):
            lease.give_up(error=lost.sentence)
    return False


def _go_through(scan: SuggestionScan, lease: Lease, *, turn: float) -> bool:
    """Whether it came to the end before its turn was over."""
    begun = monotonic()
    finding, number, at = scan.finding, scan.rows_seen, scan.next_byte
    collection = finding.task.map_version.data_map.collection(finding.collection)
    asked = finding.task.run.subject_request
    others = others_in(asked, MappedFinding(finding, collection), _people(scan, lease))
    lines = (block.split(b"\n") for block in blocks_of(finding, start=at))
    for batch in _batches(lines):
        found = [
            suggestion
            for line, content in enumerate(batch, start=number + 1)
            for suggestion in _suggested(finding, line, content, others)
        ]
        first, number = number + 1, number + len(batch)
        at += sum(map(len, batch)) + len(batch)
        # What was found and how far it got stand there together, or neither does.
        with lease.settled():
            write_down(finding, found, lines=(first, number))
            lease.write(rows_seen=number, next_byte=at, leased_until=Now() + lease.length)
        if monotonic() - begun > turn and at < finding.byte_length:
            return False
    return True


def _people(scan: SuggestionScan, lease: Lease) -> People:
    """Whom the records of the request name, gathered once: by this scan, or by another one of the same search."""
    if scan.people:
        return People.read(scan.people)
    task = scan.finding.task
    others = SuggestionScan.objects.filter(finding__task__run=task.run_id, rows_seen__gt=0)
    held = next((each.people for each in others.exclude(pk=scan.pk).iterator() if each.people), None)
    scan.people = held or _gathered(task.run.subject_request, paced(lease)).stored()
    with lease.settled():
        scan.save(update_fields=["people"])
    return People.read(scan.people)


def _gathered(subject_request: SubjectRequest, beat: Callable[[], None]) -> People:
    found = (each for part in findings_of(subject_request) for each in part.findings)
    looked = ((each, others_in(subject_request, each, People())) for each in found if each.finding.row_count)
    named = ((each, others.named) for each, others in looked if others.names_people)
    return people_in(named, read=read_record, beat=beat)


def _batches(blocks: Iterator[list[bytes]]) -> Iterator[Sequence[bytes]]:
    batch: list[bytes] = []
    for line in chain.from_iterable(blocks):
        batch.append(line)
        if len(batch) == AT_ONCE:
            yield batch
            batch = []
    if batch:
        yield batch


def _suggested(finding: Finding, line: int, content: bytes, others: Others) -> Iterator[Suggestion]:
    for spot in others.spots(read_record(content)):
        place = as_text(spot.place)
        yield Suggestion(
            finding=finding,
            line=line,
            place=place,
            start=spot.start,
            end=spot.end,
            kind=spot.kind,
            why=spot.why,
        )
