"""A worker of threads, as production mails with one: short tasks follow each other without a pause."""

from collections.abc import Callable
from itertools import pairwise

import pytest

from requests_app.correspondence.models import Message
from requests_app.leases.models import WorkState
from requests_app.lifecycle.states import RequestState
from requests_app.tasks import sweep_messages
from tests.factories import a_request_in
from tests.waiting import wait_until
from tests.worker import RealWorker

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


def test_mails_follow_each_other_without_a_pause(hire_worker: Callable[..., RealWorker]) -> None:
    for number in range(12):
        a_request_in(RequestState.IN_REVIEW, email=f"ada{number}@example.org")
    Message.objects.update(work_state=WorkState.WAITING, sent_at=None)
    hire_worker(options=("--pool=threads", "--concurrency=2"))
    sweep_messages.delay()
    wait_until(lambda: not Message.objects.filter(sent_at=None).exists(), seconds=200)

    sent = list(Message.objects.order_by("sent_at").values_list("sent_at", flat=True))
    assert len(sent) >= 12
    pauses = sorted((after - before).total_seconds() for before, after in pairwise(filter(None, sent)))
    # The slowest quarter may be the machine's; a pause of two seconds after every third mail was the worker's.
    assert pauses[len(pauses) * 3 // 4] < 1.5
