"""Sources that are busy, broken, gone, endless or wrong, with real workers: others go on, and a person sees why."""

import time
from collections.abc import Callable, Iterator
from datetime import timedelta

import psutil
import pytest
from django.db.models.functions import Now
from django.test import Client

from fulfillment.findings.models import Finding
from fulfillment.runs.models import SourceTask
from fulfillment.runs.states import SourceState
from fulfillment.sources.check import FAILURES_BEFORE_REST
from fulfillment.sources.models import DataSource
from requests_app.encryption.store import current_store
from requests_app.leases.models import WorkState
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.states import RequestState
from tests.bad_line import BadLine
from tests.desk import signed_in
from tests.endless_shop import EndlessShop
from tests.factories import a_request_in, rosa
from tests.gated_shop import GatedShop, connect_api
from tests.invariants import check_invariants, check_store
from tests.journeys.sweeping import make_due, poke, sweep_until, sweep_until_in
from tests.json_server import Answer, Asked
from tests.mailbox import Mailbox
from tests.sources import connect_shop
from tests.waiting import wait_until
from tests.worker import RealWorker

pytestmark = [pytest.mark.timeout(300), pytest.mark.slow]
Reach = Callable[[str], None]
SLOW = SourceTask.objects.filter(source__key="slow_shop")
MOST_BYTES = 200 * 1024 * 1024


@pytest.fixture
def staff_pages(transactional_db: None) -> Client:
    return signed_in(rosa())


def _sources_page(client: Client, asked: SubjectRequest) -> str:
    return client.get(f"/staff/requests/{asked.reference}/sources/").content.decode()


class BusyShop(GatedShop):
    """Answers the first calls 429 and says how long to wait; `heard` is when it was asked."""

    WAIT, REFUSALS = 2.0, 2

    def __init__(self) -> None:
        super().__init__()
        self.gate.set()
        self.heard: list[float] = []
        self.refused: list[float] = []

    def _answer(self, asked: Asked) -> Answer:
        now = time.monotonic()
        self.heard.append(now)
        if len(self.refused) < self.REFUSALS and all(now > last + self.WAIT for last in self.refused):
            self.refused.append(now)
            return Answer({"error": "busy"}, status=429, headers={"Retry-After": str(int(self.WAIT))})
        return super()._answer(asked)


@pytest.fixture
def busy_shop(reach: Reach) -> Iterator[BusyShop]:
    with BusyShop() as shop:
        reach(shop.url)
        yield shop


def test_no_worker_asks_a_source_that_wants_us_to_wait(
    busy_shop: BusyShop, hire_worker: Callable[[], RealWorker], mailbox: Mailbox
) -> None:
    hire_worker(), hire_worker()
    busy_shop.connected()
    connect_shop()
    many = [a_request_in(RequestState.FULFILLING, email=f"ada{number}@example.org") for number in range(4)]
    sweep_until_in(RequestState.CHECKING, *many, seconds=120)

    assert len(busy_shop.refused) == BusyShop.REFUSALS
    for refused in busy_shop.refused:
        # A call that was on its way already is nobody's fault.
        too_soon = [each for each in busy_shop.heard if refused + 0.5 < each < refused + BusyShop.WAIT]
        assert too_soon == []
    # Two calls a search; what was refused is asked again; what was on its way when it was refused, too.
    assert len(busy_shop.heard) <= 2 * len(many) + 4 * BusyShop.REFUSALS
    assert SLOW.filter(work_state=WorkState.DONE, attempts=1).count() == len(many)
    check_invariants(mailbox)


@pytest.fixture
def broken_shop(gated_shop: GatedShop, reach: Reach) -> Iterator[tuple[BadLine, GatedShop]]:
    """A shop that answers 500, and the line that counts who asks it."""
    gated_shop.gate.set()
    with BadLine(gated_shop.url) as line:
        reach(line.url)
        gated_shop.status = 500
        yield line, gated_shop


def test_a_source_that_fails_again_and_again_is_left_alone_and_says_until_when(
    broken_shop: tuple[BadLine, GatedShop], worker: RealWorker, mailbox: Mailbox, staff_pages: Client
) -> None:
    line, shop = broken_shop
    source = connect_api(line.url)
    connect_shop()
    asked = a_request_in(RequestState.FULFILLING)
    sweep_until(SLOW.exclude(last_error="").exists)
    assert SLOW.get().source_state == SourceState.RETRYING
    assert "again at" in _sources_page(staff_pages, asked)
    sweep_until(SourceTask.objects.filter(source__key="shop", work_state=WorkState.DONE).exists)

    def _rests() -> bool:
        source.refresh_from_db()
        return source.rests_until is not None

    wait_until(_rests, seconds=120, meanwhile=_hurry)
    assert source.failures_in_row >= FAILURES_BEFORE_REST
    calls = line.connections
    waits = SLOW.filter(next_attempt_at__gt=Now() + timedelta(seconds=20))
    wait_until(waits.exists, meanwhile=_hurry)
    assert line.connections == calls, "a source that rests was asked"

    shop.status = 200
    DataSource.objects.filter(pk=source.pk).update(rests_until=Now())
    wait_until(
        lambda: SubjectRequest.objects.filter(pk=asked.pk, state=RequestState.CHECKING), meanwhile=_hurry
    )
    check_invariants(mailbox)
    check_store()


def _hurry() -> None:
    """What is put off for a moment is due; a source that rests is left to rest."""
    if not DataSource.objects.filter(rests_until__gt=Now(), failures_in_row__gte=FAILURES_BEFORE_REST):
        make_due(SourceTask)
    poke()


def test_an_answer_without_an_end_meets_its_limits_and_not_our_memory(
    reach: Reach, hire_worker: Callable[[], RealWorker]
) -> None:
    with EndlessShop() as shop:
        reach(shop.url)
        connect_api(shop.url)
        connect_shop()
        worker = hire_worker()
        asked = a_request_in(RequestState.FULFILLING)
        most = [0]

        def ended() -> bool:
            most[0] = max(most[0], *(_bytes_of(each) for each in worker.processes))
            return SLOW.exclude(last_error="").exists()

        sweep_until(ended, seconds=150)
        assert most[0] < MOST_BYTES, f"{most[0] / 1e6:.0f} MB"
        assert shop.sent < 4 * 30_000_000
        task = SLOW.get()
        assert task.work_state == WorkState.DEAD
        assert task.last_error.endswith(".")
        assert (task.rows_seen, Finding.objects.filter(task=task).count()) == (0, 0)
        assert asked.state == RequestState.FULFILLING
        check_invariants()


def _bytes_of(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.NoSuchProcess:
        return 0


class WrongShop(GatedShop):
    """Answers with something else than it was asked for."""

    answer: object = None

    def _answer(self, asked: Asked) -> Answer:
        return Answer(self.answer)


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(
            {"items": [{"id": 2, "email": "joan@example.org", "name": "Joan"}]}, id="somebody else's record"
        ),
        pytest.param({"people": []}, id="another list"),
        pytest.param({"items": ["ada"]}, id="no records"),
    ],
)
def test_an_answer_that_is_wrong_is_kept_out_and_the_case_says_so(
    answer: object, reach: Reach, worker: RealWorker, staff_pages: Client, mailbox: Mailbox
) -> None:
    with WrongShop() as shop:
        shop.answer = answer
        reach(shop.url)
        shop.connected()
        asked = a_request_in(RequestState.FULFILLING)
        dead = SLOW.filter(work_state=WorkState.DEAD)
        sweep_until(dead.exists)

        page = _sources_page(staff_pages, asked)
        assert dead.get().last_error in page.replace("&#x27;", "'").replace("&quot;", '"')
        assert f"sources/{dead.get().pk}/retry/" in page
        assert Finding.objects.count() == 0
        assert list(current_store().names()) == []
        assert "joan" not in worker.log.read_text(encoding="utf-8").lower()
        check_invariants(mailbox)
        check_store()
