"""The machine of a worker has the wrong time: the database's clock decides, and the work is done all the same."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from fulfillment.changes.models import ChangeTask
from requests_app.audit.actors import Actor
from requests_app.audit.models import AuditEntry
from requests_app.correspondence.models import Message
from requests_app.leases.models import WorkState
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.states import RequestState
from tests.beat import RealBeat
from tests.clocks import clock_off_by
from tests.factories import a_request_in, ada_asks, rosa
from tests.invariants import check_invariants, check_store
from tests.mailbox import Mailbox
from tests.reviewing import finish_review
from tests.sources import connect_shop
from tests.waiting import wait_until
from tests.worker import RealWorker

pytestmark = [pytest.mark.timeout(300), pytest.mark.slow]
SOON = timedelta(hours=1)


@pytest.fixture
def beat(broker_address: str, tmp_path: Path) -> Iterator[RealBeat]:
    """Pokes by the right clock, so that whatever a worker does with them is seen."""
    beat = RealBeat(broker_url=broker_address, folder=tmp_path, name="beat")
    yield beat
    beat.stop()


@pytest.mark.parametrize(
    "off",
    [
        pytest.param(timedelta(hours=2), id="two hours ahead"),
        pytest.param(timedelta(hours=-2), id="two hours behind"),
        pytest.param(timedelta(days=1), id="a day ahead"),
        pytest.param(timedelta(days=-1), id="a day behind"),
    ],
)
def test_a_worker_whose_clock_is_wrong_does_what_the_database_says(
    off: timedelta,
    beat: RealBeat,
    hire_worker: Callable[..., RealWorker],
    worker_environment: dict[str, str],
    mailbox: Mailbox,
) -> None:
    shifted = clock_off_by(int(off.total_seconds()))
    told = subprocess.check_output(
        [sys.executable, "-c", "import time; print(time.time())"], env={**os.environ, **shifted}
    )
    assert float(told) - time.time() == pytest.approx(off.total_seconds(), abs=30)
    connect_shop()
    began = timezone.now()
    asked = a_request_in(RequestState.FULFILLING, at=began - timedelta(minutes=5))
    waits = a_request_in(RequestState.WAITING_PERIOD, email="bo@example.org", at=began - timedelta(days=2))
    SubjectRequest.objects.filter(pk=waits.pk).update(waits_until=began + SOON)
    ada_asks(email="cy@example.org", at=began)

    before = AuditEntry.objects.latest("id").pk
    beat.start()
    hire_worker(environment={**worker_environment, **shifted})
    _state_is(asked, RequestState.CHECKING)
    by = Actor.staff(rosa())
    finish_review(asked, by=by, at=timezone.now())
    _state_is(asked, RequestState.AWAITING_RELEASE)
    wait_until(lambda: not Message.objects.filter(work_state=WorkState.WAITING).exists())
    poked = beat.pokes
    wait_until(lambda: beat.pokes >= poked + 4)

    waits.refresh_from_db()
    assert waits.state == RequestState.WAITING_PERIOD, "a deletion began before its day"
    assert not ChangeTask.objects.exists()
    done_by_the_worker = AuditEntry.objects.filter(id__gt=before, actor_kind="system")
    assert done_by_the_worker.filter(event="source.searched").exists()
    for entry in done_by_the_worker:
        assert abs(entry.at - entry.recorded_at) < timedelta(minutes=10), entry.event
    check_invariants(mailbox)
    check_store()


def _state_is(subject_request: SubjectRequest, state: RequestState) -> None:
    wait_until(SubjectRequest.objects.filter(pk=subject_request.pk, state=state).exists, seconds=90)
