"""End a bundle before its time: its key goes at once, in the same transaction; its file follows on commit."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from fulfillment.bundles.models import Bundle, BundleState
from fulfillment.ledger.entries import EntryKind, Written
from fulfillment.ledger.write import write_entry
from requests_app.audit.actors import Actor
from requests_app.audit.record import record
from requests_app.encryption.store import current_store
from requests_app.leases.models import WorkState
from requests_app.lifecycle.models import SubjectRequest

SYSTEM = Actor.system("fulfillment")
LIVING = (BundleState.BUILDING, BundleState.COMPLETE, BundleState.FAILED)


def discard_unreleased(*, subject_request: SubjectRequest, at: datetime) -> int:
    """Discard every copy that nobody released, and stop a build under way. Returns how many."""
    with transaction.atomic():
        unreleased = Bundle.objects.select_for_update().filter(
            subject_request=subject_request, state__in=LIVING, released_at=None
        )
        found = list(unreleased)
        for bundle in found:
            end_bundle(bundle, state=BundleState.REVOKED, at=at)
            record(event="bundle.discarded", target=subject_request, by=SYSTEM, at=at)
    return len(found)


def revoke_released(*, subject_request: SubjectRequest, by: Actor, at: datetime) -> int:
    """Take back every released copy: from now on nobody can fetch it. Returns how many."""
    with transaction.atomic():
        released = Bundle.objects.select_for_update().filter(
            subject_request=subject_request, state=BundleState.COMPLETE, released_at__isnull=False
        )
        found = list(released)
        for bundle in found:
            end_bundle(bundle, state=BundleState.REVOKED, at=at)
            record(event="bundle.revoked", target=subject_request, by=by, at=at)
    return len(found)


def end_bundle(bundle: Bundle, *, state: BundleState, at: datetime) -> None:
    """Make a locked bundle unreadable for ever, and delete its file once that is certain."""
    bundle.state, bundle.ended_at, bundle.wrapped_key = state, at, b""
    if bundle.work_state == WorkState.WAITING:
        bundle.work_state, bundle.leased_until = WorkState.CANCELLED, None
    bundle.save(update_fields=["state", "ended_at", "wrapped_key", "work_state", "leased_until"])
    if bundle.released_at is not None:
        _tell_the_ledger(bundle, at=at)
    transaction.on_commit(lambda: delete_file(bundle.pk))


def end_again(keys: Iterable[str], *, at: datetime) -> int:
    """End copies that had ended before the database came back from a backup. Returns how many could be fetched."""
    with transaction.atomic():
        open_again = Bundle.objects.select_for_update().filter(
            pk__in=[UUID(key) for key in keys], state__in=LIVING
        )
        found = list(open_again)
        for bundle in found:
            end_bundle(bundle, state=BundleState.REVOKED, at=at)
            record(event="bundle.revoked", target=bundle.subject_request, by=SYSTEM, at=at)
    return len(found)


def _tell_the_ledger(bundle: Bundle, *, at: datetime) -> None:
    """A copy that has ended stays so when the database comes back from an older backup."""
    reference = bundle.subject_request.reference
    written = Written(kind=EntryKind.COPY_ENDED, key=str(bundle.pk), at=at, reference=reference)
    write_entry(written, target=bundle.subject_request)


def delete_file(bundle_id: UUID) -> None:
    """Delete the file of an ended bundle; the clean-up calls it again for files that a crash left."""
    with transaction.atomic():
        bundle = Bundle.objects.select_for_update().get(pk=bundle_id)
        if bundle.ended_at is not None and bundle.store_name:
            current_store().delete(bundle.store_name)
            bundle.store_name = ""
            bundle.save(update_fields=["store_name"])
