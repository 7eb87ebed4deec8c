"""Sources that are busy, broken, gone, endless or wrong, with real workers: others go on, and a person sees why."""

import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models.functions import Now
from django.test import Client

from fulfillment.findings.models import Finding
from fulfillment.runs.models import SourceTask
from fulfillment.runs.states import SourceState
from fulfillment.sources.check import FAILURES_BEFORE_REST
from fulfillment.sources.models import DataSource, SourceBudget
from requests_app.encryption.store import current_store
from requests_app.leases.models import WorkState
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.states import RequestState
from tests.bad_line import BadLine
from tests.desk import signed_in
from tests.endless_shop import EndlessShop
from tests.factories import a_request_in, rosa
from tests.fulfillment.changes.shop import fresh
from tests.gated_shop import GatedShop, connect_api
from tests.invariants import check_invariants, check_store
from tests.journeys.sweeping import make_due, poke, sweep_until, sweep_until_in
from tests.json_server import Answer, Asked
from tests.mailbox import Mailbox
from tests.sources import connect_shop
from tests.waiting import wait_until
from tests.worker import RealWorker, most_memory

pytestmark = [pytest.mark.timeout(300), pytest.mark.slow]
Reach = Callable[[str], None]
SLOW = SourceTask.objects.filter(source__key="slow_shop")
MOST_BYTES = 200 * 1024 * 1024
# Of two workers.
PROCESSES = 4
ANSWERS_500, RESET, REFUSED = "answers 500", "ends connections", "is not there"
SAID = {ANSWERS_500: "failed (it answered 500)", RESET: "broke off", REFUSED: "cannot be reached"}


@pytest.fixture
def staff_pages(transactional_db: None) -> Client:
    return signed_in(rosa())


def _now_is(source: DataSource) -> DataSource:
    return DataSource.objects.get(pk=source.pk)


def _sources_page(client: Client, asked: SubjectRequest) -> str:
    return client.get(f"/staff/requests/{asked.reference}/sources/").content.decode()


class BusyShop(GatedShop):
    """Answers the first calls 429 and says how long to wait.

    Who comes before the wait is known to all had been on the way: they are answered when it is. `heard` is when each
    call came.
    """

    WAIT, REFUSALS = 2.0, 2

    def __init__(self) -> None:
        super().__init__()
        self.gate.set()
        self.heard: list[float] = []
        self.refused: list[float] = []
        # Until when nobody asks, as the product has written it down.
        self.closed_until: Callable[[], object] = lambda: None
        self._before: object = None
        self._one_by_one = threading.Lock()

    def _answer(self, asked: Asked) -> Answer:
        now = time.monotonic()
        self.heard.append(now)
        with self._one_by_one:
            if self._is_refused(now):
                return Answer({"error": "busy"}, status=429, headers={"Retry-After": str(int(self.WAIT))})
        if self.refused and now < self.refused[-1] + self.WAIT:
            wait_until(lambda: self.closed_until() != self._before)
        return super()._answer(asked)

    def _is_refused(self, now: float) -> bool:
        is_next = len(self.refused) < self.REFUSALS and all(now > last + self.WAIT for last in self.refused)
        if is_next:
            self._before = self.closed_until()
            self.refused.append(now)
        return is_next


@pytest.fixture
def busy_shop(reach: Reach) -> Iterator[BusyShop]:
    with BusyShop() as shop:
        reach(shop.url)
        yield shop


def _closed_until() -> object:
    """Asked in a thread of the shop, with a connection of its own."""
    try:
        return SourceBudget.objects.values_list("closed_until", flat=True).first()
    finally:
        connection.close()


def test_no_worker_asks_a_source_that_wants_us_to_wait(
    busy_shop: BusyShop, hire_worker: Callable[[], RealWorker], mailbox: Mailbox
) -> None:
    hire_worker(), hire_worker()
    busy_shop.closed_until = _closed_until
    busy_shop.connected()
    connect_shop()
    many = [a_request_in(RequestState.FULFILLING, email=f"ada{number}@example.org") for number in range(8)]
    sweep_until_in(RequestState.CHECKING, *many, seconds=120)

    assert len(busy_shop.refused) == BusyShop.REFUSALS
    for refused in busy_shop.refused:
        too_soon = [each for each in busy_shop.heard if refused < each < refused + BusyShop.WAIT]
        # One call of each process but the refused one may have been on its way already, and is nobody's fault.
        assert len(too_soon) < PROCESSES
    # Two calls a search; what was refused is asked again.
    assert len(busy_shop.heard) == 2 * len(many) + BusyShop.REFUSALS
    assert SLOW.filter(work_state=WorkState.DONE, attempts=1).count() == len(many)
    check_invariants(mailbox)


class BrokenShop(GatedShop):
    """A shop that is broken in one way until it is mended, and the line that counts who asks it."""

    def __init__(self, fault: str) -> None:
        super().__init__()
        self.gate.set()
        self.line = BadLine(self.url, is_away=fault == REFUSED)
        # Ended when it has asked: before that it depends on the moment what the kernel calls it.
        self.line.loses = lambda _said: fault == RESET
        self.status = 500 if fault == ANSWERS_500 else 200
        self.fault = fault

    def mend(self) -> None:
        """It is well again."""
        self.status = 200
        self.line.loses = lambda _said: False
        if self.fault == REFUSED:
            self.line.come_back()


@pytest.fixture(params=[ANSWERS_500, RESET, REFUSED])
def broken_shop(request: pytest.FixtureRequest, reach: Reach) -> Iterator[BrokenShop]:
    shop = BrokenShop(request.param)
    with shop, shop.line:
        reach(shop.line.url)
        yield shop


def test_a_source_that_fails_again_and_again_is_left_alone_and_says_until_when(
    broken_shop: BrokenShop, worker: RealWorker, mailbox: Mailbox, staff_pages: Client
) -> None:
    source = connect_api(broken_shop.line.url)
    connect_shop()
    asked = a_request_in(RequestState.FULFILLING)
    sweep_until(SLOW.exclude(last_error="").exists)
    assert SLOW.get().source_state == SourceState.RETRYING
    page = _sources_page(staff_pages, asked)
    assert "again at" in page
    assert SAID[broken_shop.fault] in page
    sweep_until(SourceTask.objects.filter(source__key="shop", work_state=WorkState.DONE).exists)

    if broken_shop.fault != ANSWERS_500:
        # One of them fails all five times; the others spare the machine two.
        DataSource.objects.filter(pk=source.pk).update(failures_in_row=FAILURES_BEFORE_REST - 2)
    wait_until(lambda: _now_is(source).rests_until is not None, seconds=120, meanwhile=_hurry)
    assert _now_is(source).failures_in_row >= FAILURES_BEFORE_REST
    # However slow this machine is, the rest is not over before its end is what is tested.
    DataSource.objects.filter(pk=source.pk).update(rests_until=Now() + timedelta(minutes=10))
    before = SLOW.get()
    calls = broken_shop.line.connections
    make_due(SourceTask)
    sweep_until(SLOW.filter(next_attempt_at__gt=Now() + timedelta(minutes=5), leased_until=None).exists)
    after = SLOW.get()
    assert broken_shop.line.connections == calls, "a source that rests was asked"
    assert (after.fence > before.fence, after.attempts) == (True, before.attempts)
    assert "again at" in _sources_page(staff_pages, asked)

    broken_shop.mend()
    DataSource.objects.filter(pk=source.pk).update(rests_until=Now())
    checked = SubjectRequest.objects.filter(pk=asked.pk, state=RequestState.CHECKING)
    wait_until(checked.exists, meanwhile=_hurry)
    check_invariants(mailbox)
    check_store()


def _hurry() -> None:
    """What is put off for a moment is due; a source that rests is left to rest."""
    if not DataSource.objects.filter(rests_until__gt=Now(), failures_in_row__gte=FAILURES_BEFORE_REST):
        make_due(SourceTask)
    poke()


@pytest.mark.parametrize(
    ("drips", "state", "said"),
    [
        pytest.param(False, WorkState.DEAD, "answers with more bytes than its settings allow.", id="huge"),
        pytest.param(True, WorkState.WAITING, "took longer than 2 seconds to answer.", id="a byte a second"),
    ],
)
def test_an_answer_without_an_end_meets_its_limits_and_not_our_memory(
    drips: bool, state: WorkState, said: str, reach: Reach, hire_worker: Callable[[], RealWorker]
) -> None:
    with EndlessShop(drips=drips) as shop:
        reach(shop.url)
        # Each byte comes within these seconds, and all of them together never do.
        connect_api(shop.url, timeout_seconds=2 if drips else 20)
        connect_shop()
        worker = hire_worker()
        asked = a_request_in(RequestState.FULFILLING)
        sweep_until(SLOW.exclude(last_error="").exists, seconds=150)
        sweep_until(SourceTask.objects.filter(source__key="shop", work_state=WorkState.DONE).exists)

        most = max(most_memory(each) for each in worker.processes)
        assert most < MOST_BYTES, f"{most / 1e6:.0f} MB"
        # What a shop has sent lies in part still between it and us.
        assert 0 < shop.sent < 2 * 20_000_000
        task = SLOW.get()
        assert (task.work_state, task.leased_until) == (state, None)
        assert task.last_error.endswith(said)
        assert (task.rows_seen, Finding.objects.filter(task=task).count()) == (0, 0)
        assert current_store().delete_unfinished(older_than_seconds=0) == 0
        assert fresh(asked).state == RequestState.FULFILLING
        check_invariants()
        check_store()


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
