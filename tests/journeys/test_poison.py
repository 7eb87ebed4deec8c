"""A step that breaks on our side every time: it stops being tried, is seen with its reason, and goes on at a button."""

from collections.abc import Callable

import pytest

from fulfillment.runs.models import SourceTask
from requests_app.leases.held import MOST_BREAKS
from requests_app.leases.models import WorkState
from requests_app.lifecycle.states import RequestState
from tests.desk import signed_in
from tests.factories import a_request_in, rosa
from tests.invariants import check_invariants, check_store
from tests.journeys.sweeping import make_due, poke, sweep_until_in
from tests.mailbox import Mailbox
from tests.sources import connect_shop
from tests.waiting import wait_until
from tests.worker import RealWorker

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


def _hurry() -> None:
    make_due(SourceTask)
    poke()


def test_a_search_that_breaks_every_time_is_given_up_and_tried_again_at_a_button(
    hire_worker: Callable[..., RealWorker], mailbox: Mailbox
) -> None:
    broken = hire_worker(app="tests.broken_worker")
    connect_shop("sound_shop")
    connect_shop("odd_shop")
    asked = a_request_in(RequestState.FULFILLING)
    dead = SourceTask.objects.filter(source__key="odd_shop", work_state=WorkState.DEAD)
    wait_until(dead.exists, seconds=120, meanwhile=_hurry)

    task = dead.get()
    said = "The step broke on our side (KeyError). It was tried 6 times. Please look at the worker."
    assert (task.last_error, task.attempts) == (said, MOST_BREAKS + 1)
    desk = signed_in(rosa())
    address = f"/staff/requests/{asked.reference}/sources/"
    assert said in desk.get(address).content.decode()
    wait_until(SourceTask.objects.filter(source__key="sound_shop", work_state=WorkState.DONE).exists)
    assert not broken.has_ended
    check_invariants(mailbox)

    broken.stop()
    hire_worker()
    assert desk.post(f"{address}{task.pk}/retry/").status_code == 302
    sweep_until_in(RequestState.CHECKING, asked)
    check_invariants(mailbox)
    check_store()
