"""A worker is asked to stop, as a deploy does: it hands back what it does not finish, and another goes on at once."""

import time
from collections.abc import Callable

import pytest
from django.db.models.functions import Now

from fulfillment.runs.models import SourceTask
from omne_dsar.celery import app
from requests_app.leases.models import WorkState
from requests_app.lifecycle.states import RequestState
from tests.factories import a_request_in
from tests.gated_shop import GatedShop
from tests.invariants import check_invariants, check_store
from tests.journeys.sweeping import sweep_until_in
from tests.mailbox import Mailbox
from tests.sources import connect_shop
from tests.waiting import wait_until
from tests.worker import RealWorker

pytestmark = [pytest.mark.timeout(240), pytest.mark.slow]
SEARCH = "fulfillment.search_source"


def _its_own_process_knows(step: str) -> bool:
    """Whether the worker has heard of its pool that the step is at work: whoever works on nothing leaves at once."""
    told = app.control.inspect(timeout=5).active() or {}
    return any(each["name"] == step for works in told.values() for each in works)


def test_a_worker_that_is_asked_to_stop_hands_a_search_back_within_half_a_minute(
    gated_shop: GatedShop, hire_worker: Callable[[], RealWorker], mailbox: Mailbox
) -> None:
    """Its lease would last for a minute: it is given back, not waited for."""
    leaving = hire_worker()
    gated_shop.connected()
    asked = a_request_in(RequestState.FULFILLING)
    assert gated_shop.reached.wait(60)
    wait_until(lambda: _its_own_process_knows(SEARCH))
    began = time.monotonic()
    leaving.ask_to_stop()
    free = SourceTask.objects.filter(leased_until=None, next_attempt_at__lte=Now())
    wait_until(free.exists, seconds=30)
    wait_until(lambda: leaving.has_ended, seconds=30)
    assert time.monotonic() - began < 30
    task = free.get()
    assert (task.work_state, task.attempts, task.last_error) == (WorkState.WAITING, 0, "")

    gated_shop.gate.set()
    hire_worker()
    sweep_until_in(RequestState.CHECKING, asked)
    assert gated_shop.searches == 2
    check_invariants(mailbox)


def test_what_ends_within_the_soft_period_is_finished_by_the_worker_that_leaves(
    gated_shop: GatedShop, worker: RealWorker, mailbox: Mailbox
) -> None:
    gated_shop.connected()
    connect_shop()
    asked = a_request_in(RequestState.FULFILLING)
    assert gated_shop.reached.wait(60)
    wait_until(lambda: _its_own_process_knows(SEARCH))
    worker.ask_to_stop()
    gated_shop.gate.set()
    wait_until(SourceTask.objects.filter(source__key="slow_shop", work_state=WorkState.DONE).exists)
    assert gated_shop.searches == 1
    # What is left of its soft period is no matter any more.
    worker.kill()
    worker.start()
    sweep_until_in(RequestState.CHECKING, asked)
    check_invariants(mailbox)
    check_store()
