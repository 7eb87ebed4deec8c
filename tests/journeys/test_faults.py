"""What else can go wrong around one request, with a real worker: sources, mail server, disk."""

import resource

import pytest
from django.test import Client

from fulfillment.bundles.models import Bundle, BundleState
from fulfillment.runs.models import SourceTask
from fulfillment.runs.settle import exclude_source, retry_source
from fulfillment.runs.states import SourceState
from requests_app.audit.actors import Actor
from requests_app.correspondence.models import Message
from requests_app.encryption.store import current_store
from requests_app.leases.models import WorkState
from requests_app.lifecycle.states import RequestState
from tests.factories import NOON, a_request_in, ada_asks, rosa
from tests.fulfillment.changes.shop import fresh
from tests.gated_shop import GatedShop
from tests.invariants import check_invariants, check_store
from tests.journeys.sweeping import make_due, sweep_until, sweep_until_in
from tests.mailbox import Mailbox
from tests.reviewing import finish_review
from tests.sources import connect_shop
from tests.worker import RealWorker

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


def _a_moment_passes() -> None:
    make_due(SourceTask, Bundle, Message)


def test_a_source_that_answers_500_is_tried_again_while_the_others_finish(
    gated_shop: GatedShop, worker: RealWorker, mailbox: Mailbox
) -> None:
    connect_shop()
    gated_shop.connected()
    gated_shop.gate.set()
    gated_shop.status = 500
    asked = a_request_in(RequestState.FULFILLING)
    put_off = SourceTask.objects.filter(source__key="slow_shop").exclude(last_error="")
    sweep_until(put_off.exists)
    sweep_until(SourceTask.objects.filter(source__key="shop", work_state=WorkState.DONE).exists)
    assert put_off.get().source_state in (SourceState.RETRYING, SourceState.SEARCHING)
    assert fresh(asked).state == RequestState.FULFILLING

    gated_shop.status = 200
    _a_moment_passes()
    sweep_until_in(RequestState.CHECKING, asked)
    check_invariants(mailbox)


def test_a_dead_source_waits_with_its_reason_until_a_person_decides(
    gated_shop: GatedShop, worker: RealWorker, mailbox: Mailbox
) -> None:
    connect_shop("shop")
    connect_shop("dead_shop", fails="fatal")
    asked, left_out = (a_request_in(RequestState.FULFILLING) for _each in range(2))
    dead = SourceTask.objects.filter(source__key="dead_shop", work_state=WorkState.DEAD)
    sweep_until(lambda: dead.count() == 2)
    sweep_until(lambda: SourceTask.objects.filter(work_state=WorkState.DONE).count() == 2)
    assert "no use" in dead.filter(run__subject_request=asked).get().last_error
    check_invariants(mailbox)

    by = Actor.staff(rosa())
    exclude_source(
        task_id=dead.get(run__subject_request=left_out).pk, reason="It is being replaced.", by=by, at=NOON
    )
    sweep_until_in(RequestState.CHECKING, left_out)
    source = dead.get(run__subject_request=asked).source
    source.settings_sealed = {**source.settings_sealed, "fails": ""}
    source.save()
    retry_source(task_id=dead.get(run__subject_request=asked).pk, by=by, at=NOON)
    sweep_until_in(RequestState.CHECKING, asked)
    check_invariants(mailbox)


def test_the_mail_server_goes_away_and_comes_back(worker: RealWorker, mailbox: Mailbox) -> None:
    mailbox.go_away()
    asked = ada_asks()
    put_off = Message.objects.exclude(last_error="")
    sweep_until(put_off.exists)
    assert put_off.get().last_error == "The mail server cannot be reached."
    check_invariants()

    mailbox.come_back()
    mailbox.answer = "451 Greylisted, come back later"
    _a_moment_passes()
    sweep_until(lambda: put_off.get().last_error == "The mail server answered 451.")
    mailbox.answer = "250 OK"
    _a_moment_passes()
    sweep_until(Message.objects.filter(work_state=WorkState.DONE).exists)
    assert len(mailbox.sent_to(asked.subject_email)) == 1
    check_invariants(mailbox)


def test_a_full_disk_keeps_the_copy_back_and_takes_requests(
    client: Client, worker: RealWorker, mailbox: Mailbox
) -> None:
    connect_shop(orders=2000)
    asked = a_request_in(RequestState.FULFILLING)
    sweep_until_in(RequestState.CHECKING, asked)
    _let_write(worker, 20_000)
    finish_review(asked, by=Actor.staff(rosa()), at=NOON)
    full = Bundle.objects.filter(last_error__startswith="The file store is full.")
    sweep_until(full.exists)

    assert full.get().state == BundleState.BUILDING
    assert current_store().delete_unfinished(older_than_seconds=0) == 0
    newcomer = ada_asks(email="newcomer@example.org")
    assert newcomer.reference in str(mailbox.wait_for("newcomer@example.org")["Subject"])
    check_invariants(mailbox)
    check_store()

    _let_write(worker, resource.RLIM_INFINITY)
    _a_moment_passes()
    sweep_until_in(RequestState.AWAITING_RELEASE, asked)
    check_invariants(mailbox)
    check_store()


def _let_write(worker: RealWorker, size: int) -> None:
    """No file of the worker may become larger: the kernel refuses the rest, as a full disk does."""
    for process in worker.processes:
        process.rlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
