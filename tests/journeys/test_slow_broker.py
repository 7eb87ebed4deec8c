"""The broker is slow, or takes what is sent and never answers: no page waits for it, and nothing is lost."""

import statistics
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
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

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]
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
    [pytest.param(_half_open, id="half open"), pytest.param(_slow, id="slow")],
)
def test_no_page_waits_for_the_broker(
    fault: Callable[[BadLine], None],
    line: BadLine,
    web: RealWeb,
    broker: redis.Redis,
    hire_worker: Callable[[], RealWorker],
    mailbox: Mailbox,
) -> None:
    # How long pages take that nothing keeps waiting is the machine's matter.
    plain = _nineteen_of_twenty(web, "ada")
    wait_until(lambda: broker.llen("prompt"))
    assert line.connections
    fault(line)

    took = _nineteen_of_twenty(web, "bea")
    assert SubjectRequest.objects.count() == 2 * VISITORS
    assert took < 1 + plain, f"{took:.2f} s, and {plain:.2f} s with a broker that is well"
    line.mend()
    hire_worker()
    sweep_until(lambda: not Message.objects.exclude(work_state=WorkState.DONE).exists())
    assert len(mailbox.messages) == Message.objects.count() == 2 * VISITORS
    check_invariants(mailbox)


def _nineteen_of_twenty(web: RealWeb, name: str) -> float:
    """Some people ask at once; within so many seconds nineteen of twenty pages answered."""
    visitors = [Visitor(web) for _each in range(VISITORS)]
    with ThreadPoolExecutor(VISITORS) as at_once:
        asked = [
            at_once.submit(each.ask, f"{name}{number}@example.org") for number, each in enumerate(visitors)
        ]
        for each in asked:
            each.result()
    for visitor in visitors:
        visitor.leave()
    return statistics.quantiles([seconds for each in visitors for seconds in each.took], n=20)[-1]
