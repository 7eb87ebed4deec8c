"""The worker that is measured: the product's own, with a member of staff who agrees to every review at once."""

import os
from typing import Any

from celery import shared_task
from django.db import transaction
from django.dispatch import receiver
from django.utils import timezone

from bench.measures.cases import case_worker, leave_the_letter_out, look_through
from omne_dsar.celery import app
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.moves import Move
from requests_app.lifecycle.perform import perform
from requests_app.lifecycle.states import RequestState
from requests_app.signals import state_changed

__all__ = ["app"]

if "BENCH_LETTER" not in os.environ:
    leave_the_letter_out()


@receiver(state_changed)
def agree_at_once(*, subject_request: SubjectRequest, target: RequestState, **_announcement: Any) -> None:
    """What was found is looked through in no time."""
    if target is RequestState.CHECKING:
        transaction.on_commit(lambda: _agree(subject_request))


def _agree(subject_request: SubjectRequest) -> None:
    by = case_worker()
    look_through(subject_request, by)
    perform(subject_request_id=subject_request.pk, move=Move.FINISH_REVIEW, by=by, at=timezone.now())


@shared_task(name="bench.nothing")
def nothing(**_ids: str) -> None:
    """What a task costs that does nothing."""
