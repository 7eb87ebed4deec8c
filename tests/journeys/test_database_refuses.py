"""The database takes nothing: read-only after a failover, or full. Who comes is told, and nothing is half stored."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from fulfillment.runs.models import SourceTask
from requests_app.encryption.orphans import remove_orphans
from requests_app.leases.models import WorkState
from requests_app.lifecycle.models import SubjectRequest, Submission
from requests_app.lifecycle.states import RequestState
from requests_app.policy.company import COMPANY
from tests.factories import a_request_in
from tests.gated_shop import GatedShop
from tests.invariants import check_invariants, check_store
from tests.journeys.sweeping import sweep_until_in
from tests.mailbox import Mailbox
from tests.sources import connect_shop
from tests.waiting import wait_until
from tests.web import ANSWERS
from tests.worker import RealWorker

pytestmark = [pytest.mark.timeout(240), pytest.mark.django_db(transaction=True)]
Fault = Callable[[], None]


@pytest.fixture
def worker_environment() -> dict[str, str]:
    return {"STEP_LEASE_SECONDS": "2"}


@pytest.fixture
def read_only(transactional_db: None) -> Iterator[Fault]:
    """As on a server that was demoted: every new connection may only read."""
    name = connection.settings_dict["NAME"]
    yield lambda: _set_for_all(f'ALTER DATABASE "{name}" SET default_transaction_read_only = on')
    _writable()


def _writable() -> None:
    name = connection.settings_dict["NAME"]
    connection.close()
    _set_for_all(f'ALTER DATABASE "{name}" RESET default_transaction_read_only')


def _set_for_all(statement: str) -> None:
    """For new connections, of which everybody has one now."""
    with connection.cursor() as cursor:
        cursor.execute("SET default_transaction_read_only = off")
        cursor.execute(statement)
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
    connection.close()


@pytest.fixture
def full(transactional_db: None) -> Fault:
    """What PostgreSQL answers when a table cannot grow; raised by a trigger, for a disk is nobody's to fill."""

    def _fill() -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                " RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100';"
                " END $$;"
                " CREATE TRIGGER no_room BEFORE INSERT ON requests_app_submission"
                " FOR EACH STATEMENT EXECUTE FUNCTION no_room()"
            )

    return _fill


@pytest.fixture(params=["read_only", "full"])
def refuses(request: pytest.FixtureRequest) -> Fault:
    """The database as it takes nothing."""
    found: Fault = request.getfixturevalue(request.param)
    return found


def test_who_asks_is_told_what_else_they_can_do_and_nothing_is_half_stored(
    refuses: Fault, client: Client
) -> None:
    client.raise_request_exception = False
    *before, last = ANSWERS
    for key in before:
        assert client.post(f"/ask/{key}/", ANSWERS[key]).status_code == 302
    refuses()

    page = client.post(f"/ask/{last}/", {})
    assert page.status_code == 503
    assert page.headers["Retry-After"]
    said = page.content.decode()
    assert COMPANY.contact.phone in said
    assert COMPANY.contact.post[-1] in said
    assert (SubjectRequest.objects.count(), Submission.objects.count()) == (0, 0)


def test_a_database_that_only_reads_is_said_to_whoever_watches(read_only: Fault, client: Client) -> None:
    assert client.get("/health/ready").status_code == 200
    read_only()
    waiting = client.get("/health/ready")
    assert (waiting.status_code, "read-only" in waiting.json()["reason"]) == (503, True)


@pytest.mark.slow
def test_a_search_that_meets_a_database_that_only_reads_goes_on_when_it_writes_again(
    read_only: Fault, gated_shop: GatedShop, worker: RealWorker, mailbox: Mailbox
) -> None:
    connect_shop()
    gated_shop.connected()
    asked = a_request_in(RequestState.FULFILLING)
    assert gated_shop.reached.wait(60)
    wait_until(SourceTask.objects.filter(source__key="shop", work_state=WorkState.DONE).exists)
    read_only()
    gated_shop.gate.set()
    assert SubjectRequest.objects.get().state == RequestState.FULFILLING
    _writable()
    sweep_until_in(RequestState.CHECKING, asked)
    check_invariants(mailbox)
    # What was found lay in its file each time the row could not be written: such files go a day later.
    remove_orphans(at=timezone.now() + timedelta(days=2))
    check_store()
