"""The broker goes away, comes back, forgets everything: requests are taken, and the rows are worked on all the same."""

import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from django.test import Client

from fulfillment.runs.models import FulfillmentRun, SourceTask
from fulfillment.runs.states import RunState
from omne_dsar.embedded.servers import Servers
from requests_app.audit.actors import Actor
from requests_app.correspondence.models import Message
from requests_app.leases.models import WorkState
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.moves import Move
from requests_app.lifecycle.perform import perform
from requests_app.lifecycle.states import RequestState
from tests.factories import NOON, a_request_in, rosa
from tests.gated_shop import GatedShop
from tests.invariants import check_invariants, check_store
from tests.journeys.sweeping import sweep_until, sweep_until_in
from tests.mailbox import Mailbox
from tests.sources import connect_shop
from tests.waiting import wait_until
from tests.worker import RealWorker

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]
ANSWERS = {
    "who": {"who": "me"},
    "where": {"place": "PT"},
    "what": {"rights": ["access"]},
    "about": {"name": "Ada Åström", "email": "ada@example.org"},
    "details": {"details": "", "period": ""},
    "check": {},
}


@pytest.fixture(scope="module")
def servers() -> Iterator[Servers]:
    """A broker of this module's own, on a disk that it minds."""
    folder = Path(tempfile.mkdtemp(prefix="omne-broker-"))
    servers = Servers(folder, durable=True)
    servers.start_valkey()
    yield servers
    servers.stop()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def broker_address(servers: Servers) -> str:
    return servers.valkey.url


@pytest.fixture
def worker_environment() -> dict[str, str]:
    return {"STEP_LEASE_SECONDS": "2"}


def _is_asked(client: Client) -> SubjectRequest:
    """Ada goes through the public form."""
    before = time.monotonic()
    for key, answers in ANSWERS.items():
        assert client.post(f"/ask/{key}/", answers).status_code == 302
    assert client.get("/ask/sent/").status_code == 200
    assert time.monotonic() - before < 20, "a page waited for the broker"
    return SubjectRequest.objects.latest("received_at")


def _asked_for(broker: redis.Redis) -> int:
    """How many tasks the broker holds, waiting or with a worker."""
    waiting = sum(int(broker.llen(name)) for name in ("work", "dates", "prompt"))
    return waiting + int(broker.hlen("unacked"))


def _forget_everything(servers: Servers) -> None:
    shutil.rmtree(servers.valkey.folder / "appendonlydir", ignore_errors=True)


def test_the_broker_is_down_while_a_request_is_filed_and_forgets_everything(
    client: Client, servers: Servers, worker: RealWorker, mailbox: Mailbox
) -> None:
    connect_shop()
    waiting = a_request_in(RequestState.IN_REVIEW)
    servers.kill("valkey")

    asked = _is_asked(client)
    by = Actor.staff(rosa())
    perform(subject_request_id=waiting.pk, move=Move.APPROVE, by=by, at=NOON)
    assert asked.state == RequestState.AWAITING_IDENTITY
    assert asked.messages.get().work_state == WorkState.WAITING
    _forget_everything(servers)
    servers.start_valkey()

    sweep_until_in(RequestState.CHECKING, waiting)
    sweep_until(lambda: not Message.objects.filter(work_state=WorkState.WAITING).exists())
    assert asked.reference in str(mailbox.wait_for(asked.subject_email)["Subject"])
    check_invariants(mailbox)
    check_store()


def test_the_broker_is_killed_in_the_middle_of_a_search(
    servers: Servers, gated_shop: GatedShop, worker: RealWorker, mailbox: Mailbox
) -> None:
    connect_shop()
    gated_shop.connected()
    asked = a_request_in(RequestState.FULFILLING)
    assert gated_shop.reached.wait(60)
    servers.kill("valkey")
    _forget_everything(servers)
    gated_shop.gate.set()
    # The search goes on to its end and writes it down while there is no broker.
    searched = SourceTask.objects.filter(run__subject_request=asked, source__key="slow_shop")
    wait_until(searched.filter(work_state=WorkState.DONE).exists)
    servers.start_valkey()

    sweep_until_in(RequestState.CHECKING, asked)
    found = {
        task.source.key: task.rows_seen for task in SourceTask.objects.filter(run__subject_request=asked)
    }
    assert found["slow_shop"] == 1 + gated_shop.orders
    assert gated_shop.searches == searched.get().attempts
    check_invariants(mailbox)
    check_store()


def test_the_broker_forgets_everything_again_and_again_while_many_are_searched(
    servers: Servers, gated_shop: GatedShop, worker: RealWorker, mailbox: Mailbox
) -> None:
    gated_shop.connected()
    many = [a_request_in(RequestState.FULFILLING, email=f"ada{number}@example.org") for number in range(20)]
    broker = redis.Redis.from_url(servers.valkey.url)
    for _time in range(6):
        # Only who stands at the gate comes through each time, so that the others are still to be searched.
        sweep_until(gated_shop.reached.is_set)
        assert _asked_for(broker) > 0, "nothing is asked for, so this proves nothing"
        broker.flushall()
        gated_shop.reached.clear()
        gated_shop.gate.set()
        gated_shop.gate.clear()

    gated_shop.gate.set()
    sweep_until_in(RequestState.CHECKING, *many, seconds=120)
    ended = FulfillmentRun.objects.filter(subject_request__in=many, state=RunState.FINISHED)
    assert ended.count() == len(many)
    check_invariants(mailbox)
    check_store()
