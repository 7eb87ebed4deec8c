"""The broker goes away, comes back, forgets everything: requests are taken, and the rows are worked on all the same."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import redis
from django.conf import settings

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
from tests.gated_shop import GatedShop, Turnstile
from tests.invariants import check_invariants, check_privacy, check_store
from tests.journeys.sweeping import poke, sweep_until, sweep_until_in
from tests.mailbox import Mailbox
from tests.sources import connect_shop
from tests.waiting import wait_until
from tests.web import RealWeb, Visitor
from tests.worker import RealWorker

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]
# So many file while the broker is away; so many are searched while it forgets everything, so many times.
PEOPLE, MANY, TIMES = 100, 50, 20
AT_ONCE = 4
# The processes of one worker.
POOL = 2
QUEUES = [each.name for each in settings.CELERY_TASK_QUEUES]


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
def turnstile(reach: Callable[[str], None]) -> Iterator[Turnstile]:
    with Turnstile() as shop:
        reach(shop.url)
        yield shop


@pytest.fixture
def web(transactional_db: None, broker_address: str, tmp_path: Path) -> Iterator[RealWeb]:
    web = RealWeb(broker_url=broker_address, log=tmp_path / "web.log")
    web.start()
    yield web
    web.stop()


def _all_ask(web: RealWeb, addresses: list[str]) -> None:
    """As many people go through the public form, a few of them at once; every page has to answer."""
    visitors = [Visitor(web) for _each in range(AT_ONCE)]
    with ThreadPoolExecutor(AT_ONCE) as at_once:
        found = [
            at_once.submit(_ask_for_each, visitor, addresses[number::AT_ONCE])
            for number, visitor in enumerate(visitors)
        ]
        for each in found:
            each.result()


def _ask_for_each(visitor: Visitor, addresses: list[str]) -> None:
    for address in addresses:
        visitor.send(address)
    visitor.leave()


def _asked_for(broker: redis.Redis) -> int:
    """How many tasks the broker holds, waiting or with a worker."""
    waiting = sum(int(broker.llen(name)) for name in QUEUES)
    return waiting + int(broker.hlen("unacked"))


def _forget_everything(servers: Servers) -> None:
    shutil.rmtree(servers.valkey.folder / "appendonlydir", ignore_errors=True)


def test_the_broker_is_down_while_many_ask_and_forgets_everything(
    servers: Servers, web: RealWeb, worker: RealWorker, mailbox: Mailbox
) -> None:
    connect_shop()
    waiting = a_request_in(RequestState.IN_REVIEW)
    written = Message.objects.count()
    servers.kill("valkey")

    _all_ask(web, [f"ada{number}@example.org" for number in range(PEOPLE)])
    by = Actor.staff(rosa())
    perform(subject_request_id=waiting.pk, move=Move.APPROVE, by=by, at=NOON)
    asked = SubjectRequest.objects.filter(state=RequestState.AWAITING_IDENTITY)
    assert asked.count() == PEOPLE
    outbox = Message.objects.filter(work_state=WorkState.WAITING)
    assert outbox.filter(subject_request__in=asked).count() == PEOPLE
    check_invariants(mailbox)
    _forget_everything(servers)
    servers.start_valkey()

    sweep_until_in(RequestState.CHECKING, waiting)
    sweep_until(lambda: not outbox.exists(), seconds=120)
    for each in asked.all():
        (mail,) = mailbox.sent_to(each.subject_email)
        assert each.reference in str(mail["Subject"])
    assert Message.objects.count() >= written + PEOPLE
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
    servers: Servers, turnstile: Turnstile, worker: RealWorker, mailbox: Mailbox
) -> None:
    turnstile.connected()
    many = [a_request_in(RequestState.FULFILLING, email=f"ada{number}@example.org") for number in range(MANY)]
    broker = redis.Redis.from_url(servers.valkey.url)
    for _time in range(TIMES):
        # While every process of the worker stands at the turnstile, nobody takes what is sent.
        sweep_until(lambda: turnstile.standing == POOL)
        poke()
        assert _asked_for(broker) > 0, "nothing is asked for, so this proves nothing"
        check_privacy(broker)
        broker.flushall()
        turnstile.let_in(POOL)

    turnstile.open()
    sweep_until_in(RequestState.CHECKING, *many, seconds=180)
    ended = FulfillmentRun.objects.filter(subject_request__in=many, state=RunState.FINISHED)
    assert ended.count() == len(many)
    check_invariants(mailbox)
    check_store()
