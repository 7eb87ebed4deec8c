"""End transmissions with their request or their copy, and drop what was packed for them."""

from datetime import datetime

from django.db import transaction

from fulfillment.bundles.download import open_bundle_of
from fulfillment.transmissions.models import Sending, Transmission
from fulfillment.transmissions.settle import SYSTEM, drop_package, tell_the_person
from fulfillment.transmissions.states import OPEN, TransmissionState, Why
from requests_app.audit.record import record
from requests_app.leases.models import WorkState
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.perform import locked
from requests_app.lifecycle.states import CLOSED


def stop_transmissions(
    *, subject_request: SubjectRequest, why: Why, at: datetime, is_told: bool = True
) -> int:
    """End whatever is still open for a request that the caller holds; a worker at it finds its lease gone."""
    with transaction.atomic():
        found = list(
            Transmission.objects.select_for_update().filter(subject_request=subject_request, state__in=OPEN)
        )
        for each in found:
            _stop(each, why, at, is_told=is_told and each.state != TransmissionState.NAMED)
    return len(found)


def left_without_copy(*, at: datetime) -> list[SubjectRequest]:
    """The requests that have ended, and whose copy has, while a service still waits for it."""
    closed = SubjectRequest.objects.filter(state__in=sorted(CLOSED), transmissions__state__in=sorted(OPEN))
    return [each for each in closed.distinct() if open_bundle_of(each, at=at) is None]


def end_without_copy(*, at: datetime) -> int:
    """End those, and tell the person. Returns how many transmissions; safe to repeat."""
    ended = 0
    for each in left_without_copy(at=at):
        with transaction.atomic():
            subject_request = locked(each.pk)
            ended += stop_transmissions(subject_request=subject_request, why=Why.COPY_GONE, at=at)
    return ended


def old_packages(*, at: datetime) -> list[Sending]:
    """What was packed of copies that have ended meanwhile."""
    packed = Sending.objects.exclude(store_name="").select_related("bundle", "transmission__subject_request")
    return [each for each in packed if not each.bundle.is_open(at=at)]


def drop_old_packages(*, at: datetime) -> int:
    """Drop them. Returns how many; a worker at one finds that it can read it no more."""
    found = old_packages(at=at)
    for each in found:
        with transaction.atomic():
            drop_package(Sending.objects.select_for_update().get(pk=each.pk))
    return len(found)


def _stop(found: Transmission, why: Why, at: datetime, *, is_told: bool) -> None:
    for sending in Sending.objects.select_for_update().filter(transmission=found):
        sending.work_state, sending.leased_until = WorkState.CANCELLED, None
        sending.save(update_fields=["work_state", "leased_until"])
        drop_package(sending)
    found.state, found.why, found.ended_at = TransmissionState.FAILED, why, at
    # Nothing here is for a person of ours: the copy or the request is what ended.
    found.seen_at = at
    found.save(update_fields=["state", "why", "ended_at", "seen_at"])
    record(
        event="transmission.stopped",
        target=found.subject_request,
        by=SYSTEM,
        at=at,
        facts={"number": found.number},
    )
    if is_told:
        tell_the_person(found, at=at)
