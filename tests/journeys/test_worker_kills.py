"""A worker is killed, or sent everything three times: nothing is lost and nothing happens twice."""

import json
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.db.models.functions import Now
from django.utils import timezone

from fulfillment import tasks as work
from fulfillment.bundles.models import Bundle, BundleState
from fulfillment.findings.models import Finding
from fulfillment.runs.models import SourceTask
from fulfillment.sources.models import DataSource, SourcePlace
from requests_app import tasks as case
from requests_app.audit.actors import Actor
from requests_app.audit.models import AuditEntry
from requests_app.correspondence.models import Message
from requests_app.encryption.store import current_store
from requests_app.leases.models import WorkState
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.states import RequestState
from tests.factories import NOON, a_request_in, ada_asks, rosa
from tests.gated_shop import GatedShop
from tests.invariants import check_invariants, check_store
from tests.journeys.sweeping import sweep_until, sweep_until_in
from tests.mailbox import Mailbox
from tests.reviewing import finish_review
from tests.sources import connect_shop
from tests.waiting import wait_until
from tests.worker import RealWorker

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]


@pytest.fixture
def worker_environment() -> dict[str, str]:
    """What a killed worker held is free again after a moment."""
    return {"STEP_LEASE_SECONDS": "2"}


def _times_searched(subject_request: SubjectRequest) -> Counter[str]:
    entries = AuditEntry.objects.filter(target_id=str(subject_request.pk), event="source.searched")
    return Counter(json.loads(entry.facts)["source"] for entry in entries)


def _finish_review(subject_request: SubjectRequest) -> Bundle:
    by = Actor.staff(rosa())
    finish_review(subject_request, by=by, at=NOON)
    return Bundle.objects.get(subject_request=subject_request)


def test_a_worker_killed_in_the_middle_of_a_search(
    gated_shop: GatedShop, worker: RealWorker, mailbox: Mailbox
) -> None:
    connect_shop()
    gated_shop.connected()
    asked = a_request_in(RequestState.FULFILLING)
    assert gated_shop.reached.wait(60)
    # The other source's file would lie alone if its search died between writing it and naming it.
    wait_until(lambda: SourceTask.objects.filter(source__key="shop", work_state=WorkState.DONE).exists())

    worker.kill()
    held = SourceTask.objects.get(source__key="slow_shop")
    assert (held.work_state, held.attempts) == (WorkState.WAITING, 1)
    gated_shop.gate.set()
    worker.start()
    sweep_until_in(RequestState.CHECKING, asked)

    assert _times_searched(asked) == {"shop": 1, "slow_shop": 1}
    assert Finding.objects.filter(task=held).count() == 2
    held.refresh_from_db()
    assert gated_shop.searches == held.attempts >= 2
    check_invariants(mailbox)
    check_store()
    assert current_store().delete_unfinished(older_than_seconds=0) == 1


def test_the_place_of_a_killed_worker_is_free_for_another_request(
    gated_shop: GatedShop, worker: RealWorker, mailbox: Mailbox
) -> None:
    DataSource.objects.filter(pk=gated_shop.connected().pk).update(most_at_once=1)
    first = a_request_in(RequestState.FULFILLING)
    assert gated_shop.reached.wait(60)
    held = SourcePlace.objects.get()
    second = a_request_in(RequestState.FULFILLING, email="bo@example.org", name="Bo")
    waits = SourceTask.objects.filter(run__subject_request=second, fence__gt=0, attempts=0)
    wait_until(waits.exists)
    assert gated_shop.searches == 1, "the only place was taken"

    worker.kill()
    assert SourcePlace.objects.get() == held
    # The first request's row is nobody's; the second must not wait for it.
    SourceTask.objects.filter(run__subject_request=first).update(next_attempt_at=Now() + timedelta(hours=1))
    gated_shop.gate.set()
    worker.start()
    sweep_until_in(RequestState.CHECKING, second)
    SourceTask.objects.filter(run__subject_request=first).update(next_attempt_at=Now())
    sweep_until_in(RequestState.CHECKING, first)

    assert not SourcePlace.objects.exists()
    check_invariants(mailbox)


def test_a_message_that_comes_three_times_has_one_effect(
    gated_shop: GatedShop,
    hire_worker: Callable[[], RealWorker],
    worker_environment: dict[str, str],
    mailbox: Mailbox,
) -> None:
    # Nobody dies here: whoever holds a row keeps it for as long as it stands at the gate.
    worker_environment["STEP_LEASE_SECONDS"] = "60"
    hire_worker(), hire_worker()
    gated_shop.connected()
    asked = a_request_in(RequestState.FULFILLING)
    assert gated_shop.reached.wait(60)
    (task,) = SourceTask.objects.all()
    for _again in range(3):
        work.search_source.delay(task_id=str(task.pk))
        for message in Message.objects.all():
            case.deliver_message.delay(message_id=str(message.pk))
    gated_shop.gate.set()
    sweep_until_in(RequestState.CHECKING, asked)
    bundle = _finish_review(asked)
    for _again in range(3):
        work.build_bundle.delay(bundle_id=str(bundle.pk))
    sweep_until_in(RequestState.AWAITING_RELEASE, asked)
    sweep_until(lambda: not Message.objects.filter(work_state=WorkState.WAITING).exists())

    assert gated_shop.searches == 1
    assert len(mailbox.messages) == Message.objects.count()
    assert Bundle.objects.count() == 1
    check_invariants(mailbox)
    check_store()


def test_a_worker_that_was_too_slow_is_overtaken_and_writes_nothing(
    gated_shop: GatedShop, hire_worker: Callable[[], RealWorker], mailbox: Mailbox
) -> None:
    hire_worker()
    gated_shop.connected()
    asked = a_request_in(RequestState.FULFILLING)
    assert gated_shop.reached.wait(60)
    hire_worker()
    sweep_until(lambda: gated_shop.searches >= 2)
    gated_shop.gate.set()
    sweep_until_in(RequestState.CHECKING, asked)

    assert _times_searched(asked) == {"slow_shop": 1}
    wait_until(lambda: len(list(current_store().names())) == 1)
    check_invariants(mailbox)


@pytest.mark.parametrize("place", ["in the middle of the file", "between the file and its row"])
def test_a_worker_killed_while_it_puts_a_copy_together(
    place: str,
    hire_worker: Callable[..., RealWorker],
    worker_environment: dict[str, str],
    tmp_path: Path,
    mailbox: Mailbox,
) -> None:
    connect_shop(orders=300)
    reached = tmp_path / "reached"
    pausing = {**worker_environment, "PAUSE_AT": place, "PAUSE_SAID_IN": str(reached)}
    worker = hire_worker(app="tests.pausing_worker", environment=pausing)
    asked = a_request_in(RequestState.FULFILLING)
    sweep_until_in(RequestState.CHECKING, asked)
    bundle = _finish_review(asked)
    sweep_until(reached.exists)

    worker.kill()
    bundle.refresh_from_db()
    assert (bundle.state, bundle.is_open(at=timezone.now())) == (BundleState.BUILDING, False)
    check_invariants(mailbox)
    hire_worker()
    sweep_until_in(RequestState.AWAITING_RELEASE, asked)

    bundle.refresh_from_db()
    assert (bundle.state, bundle.row_count, bundle.number) == (BundleState.COMPLETE, 301, 1)
    assert AuditEntry.objects.filter(event="bundle.built").count() == 1
    check_invariants(mailbox)
    check_store()


def test_a_worker_killed_again_and_again_gets_there(
    gated_shop: GatedShop, worker: RealWorker, mailbox: Mailbox
) -> None:
    gated_shop.connected()
    asked = a_request_in(RequestState.FULFILLING)
    for _death in range(3):
        sweep_until(gated_shop.reached.is_set)
        worker.kill()
        gated_shop.reached.clear()
        worker.start()
    gated_shop.gate.set()
    sweep_until_in(RequestState.CHECKING, asked)

    (task,) = SourceTask.objects.all()
    assert task.fence == task.attempts >= 3
    assert _times_searched(asked) == {"slow_shop": 1}
    check_invariants(mailbox)


def test_a_source_that_kills_its_worker_every_time_is_given_up_with_a_reason(
    gated_shop: GatedShop, worker: RealWorker
) -> None:
    """The poison step: it is not tried for ever, and a person sees it."""
    gated_shop.connected()
    connect_shop()
    asked = a_request_in(RequestState.FULFILLING)
    assert gated_shop.reached.wait(60)
    worker.kill()
    SourceTask.objects.filter(source__key="slow_shop").update(attempts=6)
    worker.start()
    dead = SourceTask.objects.filter(source__key="slow_shop", work_state=WorkState.DEAD)
    sweep_until(dead.exists)

    assert "Please look at the worker" in dead.get().last_error
    sweep_until(SourceTask.objects.filter(source__key="shop", work_state=WorkState.DONE).exists)
    asked.refresh_from_db()
    assert asked.state == RequestState.FULFILLING
    check_invariants()


def test_a_worker_killed_between_the_mail_server_and_the_row_sends_the_same_mail_again(
    worker: RealWorker, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Accepted, but not written down: the second copy has the Message-ID of the first."""
    mailbox.hold()
    ada_asks()
    assert mailbox.held.wait(60)
    worker.kill()
    mailbox.let_go()
    message = Message.objects.get()
    assert message.work_state == WorkState.WAITING
    Message.objects.filter(pk=message.pk).update(leased_until=NOON)
    worker.start()
    sweep_until(Message.objects.filter(work_state=WorkState.DONE).exists)

    ids = [str(mail["Message-ID"]) for mail in mailbox.messages]
    assert ids == [message.rfc_message_id] * 2
    check_invariants(mailbox)
