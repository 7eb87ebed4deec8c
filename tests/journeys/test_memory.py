"""A worker searches for long: it holds no more memory at the end than soon after its beginning."""

from collections.abc import Callable
from itertools import pairwise

import psutil
import pytest

from fulfillment.runs.models import SourceTask
from requests_app.leases.models import WorkState
from requests_app.lifecycle.states import RequestState
from tests.factories import a_request_in
from tests.invariants import check_invariants
from tests.sources import connect_shop
from tests.waiting import wait_until
from tests.worker import RealWorker

pytestmark = [pytest.mark.slow, pytest.mark.timeout(500)]
# The first quarter of the searches loads what they need.
SOURCES, CASES = 10, 40
QUARTERS = 4


def test_a_process_that_searches_hundreds_of_times_does_not_grow(
    hire_worker: Callable[..., RealWorker],
) -> None:
    for number in range(SOURCES):
        connect_shop(f"shop_{number}", orders=200)
    # One process, which nobody replaces by a fresh one.
    worker = hire_worker(options=("--concurrency=1", "--max-tasks-per-child=1000000"))
    (process,) = (each for each in worker.processes if each.children() == [])
    held = []
    for quarter in range(QUARTERS):
        for number in range(CASES // QUARTERS):
            a_request_in(RequestState.FULFILLING, email=f"ada{quarter}-{number}@example.org")
        # Each is asked for once, when its request comes; sweeping twice a second would only fill the queue.
        wait_until(lambda: not SourceTask.objects.exclude(work_state=WorkState.DONE).exists(), seconds=240)
        held.append(_own_memory(process))

    assert SourceTask.objects.count() == SOURCES * CASES
    assert process.is_running()
    # Flat within a tenth from the end of the first quarter on, each quarter and in all.
    assert held[-1] < held[0] * 1.1, _shown(held)
    assert all(after < before * 1.1 for before, after in pairwise(held)), _shown(held)
    check_invariants()


def _own_memory(process: psutil.Process) -> int:
    return int(process.memory_info().rss)


def _shown(held: list[int]) -> str:
    return ", ".join(f"{each / 1e6:.1f} MB" for each in held)
