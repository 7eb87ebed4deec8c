"""The part of beat, played by the test: poke the sweeps until something is so."""

from collections.abc import Callable
from contextlib import suppress

from django.db.models.functions import Now
from kombu.exceptions import OperationalError

from fulfillment import tasks as work
from requests_app import tasks as case
from requests_app.leases.models import LeasedWork, WorkState
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.states import RequestState
from tests.waiting import wait_until


def poke() -> None:
    """What beat sends every fifteen seconds, or every minute; a broker that is away is no reason to stop."""
    for task in (work.sweep, work.carry_on, case.sweep_messages):
        with suppress(OperationalError, OSError):
            task.apply_async(retry=False)


def make_due(*models: type[LeasedWork]) -> None:
    """A moment passes: whatever is put off is due now."""
    for model in models:
        model._default_manager.filter(work_state=WorkState.WAITING).update(next_attempt_at=Now())


def sweep_until(question: Callable[[], object], *, seconds: float = 60) -> None:
    """Poke until the answer is yes."""
    wait_until(question, seconds=seconds, meanwhile=poke)


def sweep_until_in(state: RequestState, *subject_requests: SubjectRequest, seconds: float = 60) -> None:
    """Poke until every one of the requests is in the state."""
    keys = [each.pk for each in subject_requests]
    there = SubjectRequest.objects.filter(pk__in=keys, state=state)
    sweep_until(lambda: there.count() == len(keys), seconds=seconds)
