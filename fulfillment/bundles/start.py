"""Begin a copy: a row that says it is to be built; and begin it again after it failed."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce, Now

from fulfillment.bundles.errors import BundleNotReady
from fulfillment.bundles.models import Bundle, BundleState
from requests_app.audit.actors import Actor
from requests_app.audit.record import record
from requests_app.leases.models import WorkState
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.perform import locked


def start_bundle(*, subject_request: SubjectRequest, at: datetime) -> Bundle:
    """A new version of the answer, out of the latest run, to be built. Raises BundleNotReady."""
    copies = Bundle.objects.filter(subject_request=OuterRef("subject_request")).order_by("-number")
    runs = subject_request.runs.annotate(copies=Coalesce(Subquery(copies.values("number")[:1]), 0))
    run = runs.order_by("-number").first()
    if run is None:
        raise BundleNotReady("Nothing has been searched yet, so there is nothing to put together.")
    return Bundle.objects.create(
        subject_request=subject_request, run=run, number=run.copies + 1, created_at=at
    )


def retry_bundle(*, bundle_id: UUID, by: Actor, at: datetime) -> Bundle:
    """Try a failed build again, by hand. Raises BundleNotReady unless it has failed."""
    with transaction.atomic():
        bundle = Bundle.objects.get(pk=bundle_id)
        subject_request = locked(bundle.subject_request_id)
        bundle = Bundle.objects.select_for_update().get(pk=bundle_id)
        if bundle.state != BundleState.FAILED:
            raise BundleNotReady("Only a copy that could not be put together is tried again.")
        Bundle.objects.filter(pk=bundle_id).update(
            state=BundleState.BUILDING,
            work_state=WorkState.WAITING,
            attempts=0,
            last_error="",
            next_attempt_at=Now(),
        )
        record(event="bundle.retried", target=subject_request, by=by, at=at)
        bundle.refresh_from_db()
        return bundle
