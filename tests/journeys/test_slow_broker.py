"""The broker is slow, or takes what is sent and never answers: no page waits for it, and nothing is lost."""

import statistics
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import redis

from requests_app.correspondence.models import Message
from requests_app.leases.models import WorkState
from requests_app.lifecycle.models import SubjectRequest
from tests.bad_line import BadLine
from tests.invariants import check_invariants
from tests.journeys.sweeping import sweep_until
from tests.mailbox import Mailbox
from tests.waiting import wait_until
from tests.web import RealWeb, Visitor
from tests.worker import RealWorker

pytestmark = pytest.mark.timeout(240)
VISITORS = 4


@pytest.fixture
def line(broker: redis.Redis, broker_address: str) -> Iterator[BadLine]:
    with BadLine(broker_address) as line:
        yield line


@pytest.fixture
def web(transactional_db: None, line: BadLine, tmp_path: Path) -> Iterator[RealWeb]:
    web = RealWeb(broker_url=line.url, log=tmp_path / "web.log")
    web.start()
    yield web
    web.stop()


def _slow(line: BadLine) -> None:
    line.delay = 5.0


def _half_open(line: BadLine) -> None:
    line.is_deaf = True


@pytest.mark.parametrize(
    "fault",
    [pytest.param(_half_open, id="half open"), pytest.param(_slow, id="slow", marks=pytest.mark.slow)],
)
def test_no_page_waits_for_the_broker(
    fault: Callable[[BadLine], None],
    line: BadLine,
    web: RealWeb,
    broker: redis.Redis,
    hire_worker: Callable[[], RealWorker],
    mailbox: Mailbox,
) -> None:
    first = Visitor(web)
    first.ask("first@example.org")
    wait_until(lambda: broker.llen("prompt"))
    assert line.connections
    fault(line)

    visitors = [Visitor(web) for _each in range(VISITORS)]
    at_once = [
        threading.Thread(target=each.ask, args=(f"ada{number}@example.org",))
        for number, each in enumerate(visitors)
    ]
    for thread in at_once:
        thread.start()
    for thread in at_once:
        thread.join()

    took = [seconds for each in visitors for seconds in each.took]
    assert SubjectRequest.objects.count() == VISITORS + 1
    assert statistics.quantiles(took, n=20)[-1] < 1, sorted(took)[-10:]
    line.mend()
    hire_worker()
    sweep_until(lambda: not Message.objects.exclude(work_state=WorkState.DONE).exists())
    assert len(mailbox.messages) == Message.objects.count() == VISITORS + 1
    check_invariants(mailbox)
    for each in (first, *visitors):
        each.leave()
