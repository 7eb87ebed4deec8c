"""A worker dies while a source changes: the change happens once, and the receipt says what is so."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import redis
from django.utils import timezone

from fulfillment import tasks as work
from fulfillment.changes.by_connector.models import SourceChange
from fulfillment.changes.holding import hold_changes, lift_hold
from fulfillment.changes.rehearsals.models import Rehearsal
from fulfillment.sources.connect import connect_source
from requests_app.audit.actors import Actor
from requests_app.audit.models import AuditEntry
from requests_app.leases.models import WorkState
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.states import RequestState
from tests.databases import source_database
from tests.factories import NOON, SYSTEM, a_request_in, rosa
from tests.fulfillment.changes.shop import approve, propose
from tests.fulfillment.connectors.sql_changes.shop import TABLES, Shop, shop_yaml
from tests.invariants import check_invariants
from tests.journeys.sweeping import sweep_until, sweep_until_in
from tests.mailbox import Mailbox
from tests.servers import TestServers
from tests.waiting import wait_until
from tests.wire import Wire
from tests.worker import RealWorker

# The end of a transaction; temporary tables have the word in the middle of theirs.
COMMIT = "COMMIT\0"
pytestmark = [pytest.mark.timeout(400), pytest.mark.slow]


@pytest.fixture
def worker_environment() -> dict[str, str]:
    """What a killed worker held is free again after a moment."""
    return {"STEP_LEASE_SECONDS": "2"}


@pytest.fixture
def shop(running_servers: TestServers) -> Iterator[Shop]:
    with source_database(TABLES.format(json="jsonb")) as url:
        yield Shop(url)


@pytest.fixture
def wire(shop: Shop) -> Iterator[Wire]:
    with Wire(shop.url) as wire:
        yield wire


def _connected(shop: Shop, wire: Wire) -> None:
    connect_source(
        key="shop",
        kind="postgresql",
        label="Shop",
        settings={"url": shop.url, "change_url": wire.url},
        map_yaml=shop_yaml(),
        by=SYSTEM,
        at=NOON,
    )


def _begun(stop_at: Callable[[], None]) -> SubjectRequest:
    """Ann's deletion, as its waiting period ends; the look beforehand, which tries everything, has passed the wire."""
    asked = a_request_in(RequestState.FULFILLING, right="deletion", email="ann@club.example")
    sweep_until_in(RequestState.CHECKING, asked)
    sweep_until(Rehearsal.objects.filter(subject_request=asked, work_state=WorkState.DONE).exists)
    stop_at()
    propose(asked)
    approve(asked)
    over = timezone.now() - timedelta(seconds=1)
    SubjectRequest.objects.filter(pk=asked.pk).update(waits_until=over)
    sweep_until_in(RequestState.EXECUTING, asked)
    return asked


def _once(shop: Shop, asked: SubjectRequest, mailbox: Mailbox) -> SourceChange:
    row = SourceChange.objects.select_related("change").get(change__subject_request=asked)
    assert shop.rows("select id from visits") == [(3,)]
    assert shop.rows("select name from people order by id") == [(None,), ("Jo Ann",)]
    assert row.work_state == WorkState.DONE
    assert row.receipt is not None
    assert {line.collection: line.rows for line in row.receipt.lines} == {
        "places": 1, "people": 1, "invoices": 1, "visits": 2,
    }  # fmt: skip
    assert AuditEntry.objects.filter(event="change.done").count() == 1
    check_invariants(mailbox)
    return row


@pytest.mark.parametrize(
    ("word", "deaf", "was_noted", "became_final"),
    [
        pytest.param("DELETE FROM visits", False, False, False, id="before the note"),
        pytest.param(COMMIT, False, True, False, id="between the note and the end of the change"),
        pytest.param(COMMIT, True, True, True, id="after the change became final and before we knew"),
    ],
)
def test_a_worker_killed_while_a_source_changes(
    shop: Shop,
    wire: Wire,
    worker: RealWorker,
    mailbox: Mailbox,
    word: str,
    deaf: bool,
    was_noted: bool,
    became_final: bool,
) -> None:
    _connected(shop, wire)
    # Each attempt tries it in full first, and takes that back.
    asked = _begun(lambda: wire.stop_at(word, passing=int(word != COMMIT), deaf=deaf))
    sweep_until(wire.reached.is_set)
    worker.kill()
    if became_final:
        wait_until(lambda: shop.rows("select id from visits") == [(3,)])
    else:
        assert len(shop.rows("select id from visits")) == 3
    held = SourceChange.objects.get()
    assert (held.noted is not None) is was_noted
    assert held.receipt is None
    check_invariants(mailbox)

    wire.cut()
    worker.start()
    sweep_until_in(RequestState.CONFIRMING, asked)
    row = _once(shop, asked, mailbox)
    assert row.attempts >= 2
    if became_final:
        # The first attempt's own receipt: nothing was changed a second time.
        assert row.receipt == held.noted


def _asked_for(broker: redis.Redis) -> int:
    """How many tasks the broker holds, waiting or with a worker."""
    return int(broker.llen("work")) + int(broker.hlen("unacked"))


def test_a_message_that_comes_three_times_changes_a_source_once(
    shop: Shop,
    wire: Wire,
    hire_worker: Callable[[], RealWorker],
    worker_environment: dict[str, str],
    broker: redis.Redis,
    mailbox: Mailbox,
) -> None:
    # Nobody dies here: whoever holds a row keeps it for as long as it stands at the wire.
    worker_environment["STEP_LEASE_SECONDS"] = "60"
    hire_worker(), hire_worker()
    _connected(shop, wire)
    asked = _begun(lambda: wire.stop_at("DELETE FROM visits", passing=1))
    sweep_until(wire.reached.is_set)
    row = SourceChange.objects.get()
    for _again in range(3):
        work.change_source.delay(row_id=str(row.pk))
    # They are taken up while the first one still changes, and put down: it is left alone.
    wait_until(lambda: _asked_for(broker) == 1)
    assert len(shop.rows("select id from visits")) == 3
    wire.let_go()
    sweep_until_in(RequestState.CONFIRMING, asked)
    done = _once(shop, asked, mailbox)

    # And however often it comes afterwards.
    for _again in range(3):
        work.change_source.delay(row_id=str(row.pk))
    wait_until(lambda: _asked_for(broker) == 0)
    after = _once(shop, asked, mailbox)
    assert (after.receipt, after.attempts) == (done.receipt, done.attempts)


def test_a_hold_set_while_a_source_changes_leaves_everything_as_it_was(
    shop: Shop, wire: Wire, worker: RealWorker, mailbox: Mailbox
) -> None:
    _connected(shop, wire)
    asked = _begun(lambda: wire.stop_at("DELETE FROM visits", passing=1))
    sweep_until(wire.reached.is_set)
    by = Actor.staff(rosa())
    hold_changes(subject_request_id=asked.pk, why="A dispute in court.", by=by, at=timezone.now())
    wire.let_go()
    held = SourceChange.objects.filter(last_error__contains="holds", leased_until=None)
    sweep_until(held.exists)
    assert len(shop.rows("select id from visits")) == 3
    assert held.get().noted is None

    lift_hold(subject_request_id=asked.pk, by=by, at=timezone.now())
    sweep_until_in(RequestState.CONFIRMING, asked)
    _once(shop, asked, mailbox)
