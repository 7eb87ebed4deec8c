"""Forget on time: expired copies, files of ended ones, and what killed writers left in the store."""

from contextlib import suppress
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from fulfillment.bundles.discard import SYSTEM, delete_file, end_bundle
from fulfillment.bundles.models import Bundle, BundleState
from fulfillment.bundles.selectors import outcome_of
from requests_app.audit.record import record
from requests_app.encryption.store import current_store
from requests_app.lifecycle.errors import MoveNotAllowed
from requests_app.lifecycle.moves import Move
from requests_app.lifecycle.perform import perform
from requests_app.lifecycle.states import RequestState

# Nobody writes an hour long without writing a byte.
ABANDONED_SECONDS = 3600


def expire_bundles(*, at: datetime) -> int:
    """End every copy whose time is over, close its request, and tidy the store. Returns how many ended.

    Safe at any time: a request whose copy ended, but which a crash left open, is closed by the next clean-up.
    """
    expired = expired_bundles(at=at).values_list("pk", flat=True)
    ended = sum(_expire(bundle_id, at=at) for bundle_id in list(expired))
    for bundle_id in list(_left_behind()):
        _close_request(bundle_id, at=at)
    for bundle_id in (
        Bundle.objects.filter(ended_at__isnull=False).exclude(store_name="").values_list("pk", flat=True)
    ):
        delete_file(bundle_id)
    current_store().delete_unfinished(older_than_seconds=ABANDONED_SECONDS)
    return ended


def expired_bundles(*, at: datetime) -> QuerySet[Bundle, Bundle]:
    """Every copy whose time is over and that is still there."""
    return Bundle.objects.filter(state=BundleState.COMPLETE, expires_at__lte=at)


def _expire(bundle_id: UUID, *, at: datetime) -> int:
    with transaction.atomic():
        bundle = (
            Bundle.objects.select_for_update(skip_locked=True, of=("self",))
            .select_related("subject_request")
            .filter(pk=bundle_id, state=BundleState.COMPLETE, expires_at__lte=at)
            .first()
        )
        if bundle is None:
            return 0
        end_bundle(bundle, state=BundleState.EXPIRED, at=at)
        record(event="bundle.expired", target=bundle.subject_request, by=SYSTEM, at=at)
        return 1


def _left_behind() -> QuerySet[Bundle, UUID]:
    """The copies that ended unfetched while their request still waits for somebody to fetch them, and no other one."""
    found = Bundle.objects.filter(state=BundleState.EXPIRED, subject_request__state=RequestState.READY)
    found = found.exclude(subject_request__bundles__state=BundleState.COMPLETE)
    return found.values_list("pk", flat=True)


def _close_request(bundle_id: UUID, *, at: datetime) -> None:
    bundle = Bundle.objects.select_related("subject_request").get(pk=bundle_id)
    # The last byte may go out at this very moment: then the person has it, and nothing is left to close.
    with suppress(MoveNotAllowed):
        perform(
            subject_request_id=bundle.subject_request_id,
            move=Move.CLOSE_UNFETCHED,
            by=SYSTEM,
            at=at,
            given={"outcome": outcome_of(bundle)},
        )
