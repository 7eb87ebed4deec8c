"""The connection to our own database ends after COMMIT was sent: it happened, or not; never twice, never half."""

import random
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection

from fulfillment.bundles.models import Bundle, BundleState
from fulfillment.runs.models import SourceTask
from requests_app.audit.actors import Actor
from requests_app.audit.models import AuditEntry
from requests_app.correspondence.models import Message
from requests_app.encryption.orphans import remove_orphans
from requests_app.intake.models import Draft
from requests_app.leases.clock import database_now
from requests_app.leases.models import WorkState
from requests_app.lifecycle.models import SubjectRequest, Submission
from requests_app.lifecycle.states import RequestState
from tests.bad_line import BadLine
from tests.factories import NOON, a_request_in, rosa
from tests.invariants import check_invariants, check_store
from tests.journeys.sweeping import make_due, poke
from tests.mailbox import Mailbox
from tests.reviewing import finish_review
from tests.servers import database_url
from tests.sources import connect_shop
from tests.waiting import wait_until
from tests.web import ANSWERS, RealWeb, Visitor
from tests.worker import RealWorker

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]
COMMIT = b"COMMIT\0"
REQUESTS = 4


@pytest.fixture
def worker_environment() -> dict[str, str]:
    return {"STEP_LEASE_SECONDS": "2"}


@pytest.fixture
def line(transactional_db: None) -> Iterator[BadLine]:
    """The way to our own database."""
    with BadLine(database_url()) as line:
        yield line


@pytest.fixture
def web(line: BadLine, broker_address: str, tmp_path: Path) -> Iterator[RealWeb]:
    web = RealWeb(broker_url=broker_address, log=tmp_path / "web.log", database=line.url)
    web.start()
    yield web
    web.stop()


def test_a_request_whose_commit_nobody_heard_of_is_there_once_when_it_is_sent_again(
    line: BadLine, web: RealWeb
) -> None:
    """The page says: try again. Whoever does finds what the first press made."""
    asking = Visitor(web)
    *before, last = ANSWERS
    for key in before:
        assert asking.answer(key, ANSWERS[key]).status_code == 302
    asking.look(f"/ask/{last}/")
    line.loses = lambda said: COMMIT in said
    answered = asking.answer(last, {})
    assert line.lost, "nothing was committed"
    line.loses = lambda _said: False

    assert answered.status_code == 503
    assert Submission.objects.count() == 1, "the first press was not committed, so this proves nothing"
    assert asking.answer_again(last).status_code == 302
    assert asking.look("/ask/sent/").status_code == 200
    assert SubjectRequest.objects.count() == Submission.objects.count() == Draft.objects.count() == 1
    assert Message.objects.count() == 1
    check_invariants()
    asking.leave()


class Losses:
    """Commits of which nobody hears, and sessions that are ended, drawn from a seed."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)  # noqa: S311 - drawn again from the same seed
        self.are_on = True
        self.ended = 0

    def loses(self, said: bytes) -> bool:
        """Whether the answer to this is lost."""
        return self.are_on and COMMIT in said and self._chance.random() < 0.1

    def end_a_session(self) -> None:
        """Now and then, as a failover or an administrator does."""
        if self.are_on and self._chance.random() < 0.3:
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
                    " AND pid <> pg_backend_pid() AND backend_type = 'client backend' LIMIT 1"
                )
                self.ended += len(cursor.fetchall())


@pytest.mark.parametrize("seed", [1, 2])
def test_whatever_commit_is_lost_everything_is_done_once(
    seed: int, line: BadLine, hire_worker: Callable[..., RealWorker], mailbox: Mailbox
) -> None:
    losses = Losses(seed)
    line.loses = losses.loses
    connect_shop("shop_a", orders=50)
    connect_shop("shop_b")
    workers = [hire_worker(database_url=line.url) for _each in range(2)]
    for number in range(REQUESTS):
        a_request_in(RequestState.FULFILLING, email=f"ada{number}@example.org")
    by = Actor.staff(rosa())
    finished = SubjectRequest.objects.filter(state=RequestState.AWAITING_RELEASE)

    def carry_on() -> bool:
        for each in SubjectRequest.objects.filter(state=RequestState.CHECKING):
            finish_review(each, by=by, at=NOON)
        losses.are_on = line.lost < 8
        return finished.count() == REQUESTS and not Message.objects.filter(work_state=WorkState.WAITING)

    def meanwhile() -> None:
        losses.end_a_session()
        make_due(SourceTask, Bundle, Message)
        poke()

    wait_until(carry_on, seconds=240, meanwhile=meanwhile)
    said = f"seed {seed}: {line.lost} commits lost, {losses.ended} sessions ended"
    assert line.lost, said
    assert Bundle.objects.filter(state=BundleState.COMPLETE).count() == REQUESTS, said
    assert AuditEntry.objects.filter(event="source.searched").count() == 2 * REQUESTS, said
    assert AuditEntry.objects.filter(event="bundle.built").count() == REQUESTS, said
    check_invariants(mailbox)
    # Nobody writes any more when what was left behind is cleared away.
    losses.are_on = False
    for worker in workers:
        worker.stop()
    remove_orphans(at=database_now() + timedelta(days=2))
    check_store()
