"""Forget on time: expired copies, files of ended ones, and what killed writers left in the store."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from fulfillment.bundles.discard import SYSTEM, delete_file, end_bundle
from fulfillment.bundles.models import Bundle, BundleState
from requests_app.audit.record import record
from requests_app.encryption.store import current_store
from requests_app.lifecycle.models import SubjectRequest

# Nobody writes an hour long without writing a byte.
ABANDONED_SECONDS = 3600


def expire_bundles(*, at: datetime) -> int:
    """End every copy whose time is over, and tidy the store; safe at any time. Returns how many ended."""
    expired = Bundle.objects.filter(state=BundleState.COMPLETE, expires_at__lte=at).values_list(
        "pk", flat=True
    )
    ended = sum(_expire(bundle_id, at=at) for bundle_id in list(expired))
    for bundle_id in (
        Bundle.objects.filter(ended_at__isnull=False).exclude(store_name="").values_list("pk", flat=True)
    ):
        delete_file(bundle_id)
    current_store().delete_unfinished(older_than_seconds=ABANDONED_SECONDS)
    return ended


def forget_bundles(*, subject_request: SubjectRequest, at: datetime) -> None:
    """The request is purged: every copy ends, released or not; the rows stay for the figures."""
    with transaction.atomic():
        living = Bundle.objects.select_for_update().filter(subject_request=subject_request, ended_at=None)
        for bundle in living:
            end_bundle(bundle, state=BundleState.EXPIRED, at=at)


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
