"""A dozen requests carried from approval to a finished copy while workers and broker are killed at random."""

import random
import shutil
import tempfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import redis
from django.utils import timezone

from fulfillment.bundles.models import Bundle, BundleState
from omne_dsar.embedded.servers import Servers
from requests_app.audit.actors import Actor
from requests_app.audit.models import AuditEntry
from requests_app.encryption.orphans import remove_orphans
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.states import RequestState
from tests.factories import NOON, a_request_in, rosa
from tests.invariants import check_invariants, check_store
from tests.journeys.sweeping import poke
from tests.mailbox import Mailbox
from tests.reviewing import finish_review
from tests.sources import connect_shop
from tests.waiting import wait_until
from tests.worker import RealWorker

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]
REQUESTS, FAULTS = 12, 10


@pytest.fixture
def worker_environment() -> dict[str, str]:
    return {"STEP_LEASE_SECONDS": "5"}


@pytest.fixture
def servers() -> Iterator[Servers]:
    """A broker that can be killed."""
    folder = Path(tempfile.mkdtemp(prefix="omne-soak-"))
    servers = Servers(folder, durable=True)
    servers.start_valkey()
    yield servers
    servers.stop()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def broker_address(servers: Servers) -> str:
    return servers.valkey.url


class Misfortune:
    """Faults drawn from a seed; each is over when it returns."""

    def __init__(self, seed: int, servers: Servers, workers: list[RealWorker]) -> None:
        self.chance = random.Random(seed)  # noqa: S311 - drawn again from the same seed
        self.servers, self.workers = servers, workers
        self.happened: list[str] = []

    def strike(self) -> None:
        """One fault."""
        fault: Callable[[], None] = self.chance.choice(
            (self._a_worker_dies, self._a_worker_dies, self._the_broker_dies, self._the_broker_forgets)
        )
        self.happened.append(fault.__name__)
        fault()

    def _a_worker_dies(self) -> None:
        worker = self.chance.choice(self.workers)
        worker.kill()
        worker.start()

    def _the_broker_dies(self) -> None:
        self.servers.kill("valkey")
        self.servers.start_valkey()

    def _the_broker_forgets(self) -> None:
        redis.Redis.from_url(self.servers.valkey.url).flushall()


@pytest.mark.parametrize("seed", [1, 2])
def test_everything_finishes_once_whatever_dies(
    seed: int, servers: Servers, hire_worker: Callable[[], RealWorker], mailbox: Mailbox
) -> None:
    misfortune = Misfortune(seed, servers, [hire_worker(), hire_worker()])
    connect_shop("shop_a", orders=3000)
    connect_shop("shop_b", orders=200)
    by = Actor.staff(rosa())
    for number in range(REQUESTS):
        a_request_in(RequestState.FULFILLING, email=f"ada{number}@example.org")
    finished = SubjectRequest.objects.filter(state=RequestState.AWAITING_RELEASE)

    def carry_on() -> bool:
        for each in SubjectRequest.objects.filter(state=RequestState.CHECKING):
            finish_review(each, by=by, at=NOON)
        return finished.count() == REQUESTS

    for _fault in range(FAULTS):
        before = AuditEntry.objects.count()
        wait_until(lambda: carry_on() or AuditEntry.objects.count() > before, meanwhile=poke)  # noqa: B023
        misfortune.strike()
        check_invariants()
    wait_until(carry_on, seconds=400, meanwhile=poke)

    said = f"seed {seed}: {misfortune.happened}"
    assert Bundle.objects.filter(state=BundleState.COMPLETE).count() == REQUESTS, said
    assert AuditEntry.objects.filter(event="source.searched").count() == 2 * REQUESTS, said
    assert AuditEntry.objects.filter(event="bundle.built").count() == REQUESTS, said
    check_invariants()
    # Nobody writes any more when what was left behind is cleared away.
    for worker in misfortune.workers:
        worker.stop()
    remove_orphans(at=timezone.now() + timedelta(days=2))
    check_store()
