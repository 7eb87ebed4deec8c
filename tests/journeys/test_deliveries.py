"""Messages come three times, come back, come late, in any order, or from a version of tomorrow: one result."""

import random
import time
import uuid
from collections.abc import Callable

import pytest
import redis
from django.conf import settings
from django.db import connection

from fulfillment import tasks as work
from fulfillment.bundles.models import Bundle
from fulfillment.findings.models import Finding
from fulfillment.runs.models import SourceTask
from omne_dsar.celery import app
from requests_app import tasks as case
from requests_app.audit.actors import Actor
from requests_app.audit.models import AuditEntry
from requests_app.correspondence.models import Message
from requests_app.leases.models import WorkState
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.states import RequestState
from tests.factories import NOON, a_request_in, rosa
from tests.gated_shop import GatedShop
from tests.invariants import check_invariants, check_store
from tests.journeys.sweeping import sweep_until, sweep_until_in
from tests.mailbox import Mailbox
from tests.reviewing import finish_review
from tests.sources import connect_shop
from tests.thrice import thrice
from tests.waiting import wait_until
from tests.worker import RealWorker

# As tests/hasty_worker.py has it.
VISIBILITY_SECONDS = 3
pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
Hire = Callable[..., RealWorker]
QUEUES = [each.name for each in settings.CELERY_TASK_QUEUES]


def _everything_of(*requests: SubjectRequest) -> None:
    """From the search to a copy that waits for its release."""
    sweep_until_in(RequestState.CHECKING, *requests)
    by = Actor.staff(rosa())
    for each in requests:
        finish_review(each, by=by, at=NOON)
    sweep_until_in(RequestState.AWAITING_RELEASE, *requests)
    sweep_until(lambda: not Message.objects.filter(work_state=WorkState.WAITING).exists())


def _times(event: str) -> int:
    return AuditEntry.objects.filter(event=event).count()


def test_every_message_comes_three_times_to_two_workers(
    hire_worker: Hire, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app.amqp, "send_task_message", thrice)
    hire_worker(app="tests.thrice_worker"), hire_worker(app="tests.thrice_worker")
    connect_shop("shop_a", orders=30)
    connect_shop("shop_b")
    many = [a_request_in(RequestState.FULFILLING, email=f"ada{number}@example.org") for number in range(4)]
    _everything_of(*many)

    assert (_times("source.searched"), _times("bundle.built")) == (8, 4)
    assert len(mailbox.messages) == Message.objects.count() == _times("message.sent")
    check_invariants(mailbox)
    check_store()


def test_a_message_that_comes_back_while_its_worker_is_slow_is_done_once(
    gated_shop: GatedShop,
    hire_worker: Hire,
    worker_environment: dict[str, str],
    broker: redis.Redis,
    mailbox: Mailbox,
) -> None:
    """Nobody sweeps: the broker itself takes the message back and gives it to the other one."""
    worker_environment["STEP_LEASE_SECONDS"] = "2"
    hire_worker(app="tests.hasty_worker")
    gated_shop.connected()
    asked = a_request_in(RequestState.FULFILLING)
    assert gated_shop.reached.wait(60)
    ((_tag, taken_at),) = broker.zrange("unacked_index", 0, -1, withscores=True)
    # A worker looks for what others have had for too long when it starts, and then seldom; by now the lease is over.
    wait_until(lambda: time.time() > taken_at + 2 * VISIBILITY_SECONDS)
    hire_worker(app="tests.hasty_worker")
    wait_until(lambda: gated_shop.searches >= 2, seconds=60)
    gated_shop.gate.set()
    wait_until(SubjectRequest.objects.filter(pk=asked.pk, state=RequestState.CHECKING).exists)

    (task,) = SourceTask.objects.all()
    assert task.fence == gated_shop.searches
    assert (_times("source.searched"), Finding.objects.count()) == (1, 2)
    check_invariants(mailbox)


@pytest.mark.parametrize("seed", [1, 2])
def test_old_messages_in_any_order_change_nothing(
    seed: int, hire_worker: Hire, broker: redis.Redis, mailbox: Mailbox
) -> None:
    hire_worker()
    connect_shop("shop_a")
    connect_shop("shop_b")
    asked = [a_request_in(RequestState.FULFILLING, email=f"ada{number}@example.org") for number in range(2)]
    _everything_of(*asked)
    before = _as_it_stands()
    old = [
        *((work.search_source, {"task_id": str(each.pk)}) for each in SourceTask.objects.all()),
        *((work.build_bundle, {"bundle_id": str(each.pk)}) for each in Bundle.objects.all()),
        *((case.deliver_message, {"message_id": str(each.pk)}) for each in Message.objects.all()),
        *((task, {}) for task in (work.sweep, work.carry_on, case.sweep_messages)),
    ] * 3
    random.Random(seed).shuffle(old)  # noqa: S311 - drawn again from the same seed
    for task, ids in old:
        task.apply_async(kwargs=ids)
    wait_until(lambda: not _waits_in(broker))

    assert _as_it_stands() == before, f"seed {seed}"
    check_invariants(mailbox)


def test_messages_of_a_later_version_and_a_wider_schema_stop_no_worker(
    hire_worker: Hire, mailbox: Mailbox
) -> None:
    """A deploy brings the schema first, and the web may be newer than the worker for a while."""
    with connection.cursor() as cursor:
        cursor.execute(
            "ALTER TABLE fulfillment_sourcetask ADD COLUMN of_tomorrow text NOT NULL DEFAULT 'new';"
            "ALTER TABLE requests_app_subjectrequest ADD COLUMN of_tomorrow integer NOT NULL DEFAULT 1;"
            "CREATE TABLE of_tomorrow (id integer)"
        )
    worker = hire_worker()
    connect_shop()
    for _again in range(3):
        app.send_task("fulfillment.of_tomorrow", kwargs={"thing_id": "1"}, queue="work")
        work.search_source.delay(task_id=str(uuid.uuid4()), thing_id="1")
    asked = a_request_in(RequestState.FULFILLING)
    _everything_of(asked)
    assert not worker.has_ended
    assert "fulfillment.of_tomorrow" in worker.log.read_text(encoding="utf-8")
    check_invariants(mailbox)
    check_store()


def _as_it_stands() -> list[object]:
    """Every row of work with what became of it."""
    rows: list[object] = [
        *SourceTask.objects.order_by("pk").values_list("pk", "work_state", "fence", "store_name"),
        *Bundle.objects.order_by("pk").values_list("pk", "state", "fence", "sha256"),
        *Message.objects.order_by("pk").values_list("pk", "work_state", "fence"),
        *SubjectRequest.objects.order_by("pk").values_list("pk", "state", "version"),
        *Finding.objects.order_by("pk").values_list("pk", "row_count"),
    ]
    return rows


def _waits_in(broker: redis.Redis) -> int:
    """How many messages wait, or are being worked on."""
    return sum(broker.llen(name) for name in QUEUES) + broker.hlen("unacked")
