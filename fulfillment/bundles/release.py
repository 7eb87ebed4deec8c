"""Let a bundle go: a second person's act, pinned to one recipient, for a limited time."""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction

from fulfillment.bundles.errors import BundleNotReady
from fulfillment.bundles.models import Bundle, BundleState
from requests_app.audit.actors import Actor
from requests_app.lifecycle.moves import Move
from requests_app.lifecycle.perform import locked, perform


def release_bundle(
    *, bundle_id: UUID, by: Actor, at: datetime, expected_version: int | None = None
) -> Bundle:
    """Release a complete bundle to the person's confirmed address, for BUNDLE_DAYS.

    Raises BundleNotReady, and what `perform` raises: a preparer is refused, and so is a page that is out of
    date.
    """
    with transaction.atomic():
        bundle = Bundle.objects.get(pk=bundle_id)
        subject_request = locked(bundle.subject_request_id)
        bundle = Bundle.objects.select_for_update().get(pk=bundle_id)
        if bundle.state != BundleState.COMPLETE or bundle.is_released:
            raise BundleNotReady("This copy is not waiting for a release. Open the case again.")
        bundle.released_at = at
        bundle.expires_at = at + timedelta(days=settings.BUNDLE_DAYS)
        # Pinned here: a later change of the address does not open this copy to anybody else.
        bundle.recipient_index = subject_request.address_indexes[0]
        bundle.save(update_fields=["released_at", "expires_at", "recipient_index"])
        perform(
            subject_request_id=subject_request.pk,
            move=Move.RELEASE,
            by=by,
            at=at,
            expected_version=expected_version,
        )
        return bundle
