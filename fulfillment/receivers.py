"""What this app does when a request moves: start or cancel a run, begin or discard a copy; tasks on commit."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from fulfillment import tasks
from fulfillment.bundles.discard import discard_unreleased
from fulfillment.bundles.start import start_bundle
from fulfillment.runs.cancel import cancel_runs
from fulfillment.runs.start import start_run, waiting_task_ids
from requests_app.audit.actors import Actor
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.states import RequestState
from requests_app.signals import state_changed
from requests_app.tasks import offer


@receiver(state_changed)
def search_the_sources(
    *, subject_request: SubjectRequest, target: RequestState, by: Actor, at: datetime, **_announcement: Any
) -> None:
    """Entering FULFILLING starts a run."""
    if target is RequestState.FULFILLING:
        run = start_run(subject_request=subject_request, by=by, at=at)
        for task_id in waiting_task_ids(run.pk):
            offer(tasks.search_source, task_id=str(task_id))


@receiver(state_changed)
def build_the_copy(
    *, subject_request: SubjectRequest, target: RequestState, at: datetime, **_announcement: Any
) -> None:
    """Entering PREPARING begins the copy."""
    if target is RequestState.PREPARING:
        bundle = start_bundle(subject_request=subject_request, at=at)
        offer(tasks.build_bundle, bundle_id=str(bundle.pk))


@receiver(state_changed)
def stop_what_is_no_longer_wanted(
    *,
    subject_request: SubjectRequest,
    source: RequestState | None,
    target: RequestState,
    at: datetime,
    **_announcement: Any,
) -> None:
    """Leaving the search other than by its end cancels it; a copy that was not released is discarded."""
    if source is RequestState.FULFILLING and target is not RequestState.CHECKING:
        cancel_runs(subject_request=subject_request, at=at)
    unreleased = (RequestState.PREPARING, RequestState.AWAITING_RELEASE)
    if source in unreleased and target not in (RequestState.AWAITING_RELEASE, RequestState.READY):
        discard_unreleased(subject_request=subject_request, at=at)
