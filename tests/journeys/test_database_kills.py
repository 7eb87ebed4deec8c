"""The database is killed in the middle of a search and comes back: nothing half done, nothing lost, nothing twice."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from fulfillment.runs.models import SourceTask
from omne_dsar.embedded.servers import Servers
from requests_app.encryption.orphans import remove_orphans
from requests_app.leases.models import WorkState
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.states import RequestState
from tests.crashes import crash
from tests.factories import a_request_in
from tests.gated_shop import GatedShop
from tests.invariants import check_invariants, check_store
from tests.journeys.sweeping import sweep_until_in
from tests.mailbox import Mailbox
from tests.sources import connect_shop
from tests.waiting import wait_until
from tests.worker import RealWorker

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


@pytest.fixture
def worker_environment() -> dict[str, str]:
    return {"STEP_LEASE_SECONDS": "2"}


def test_the_database_is_killed_in_the_middle_of_a_search(
    own_postgres: Servers, gated_shop: GatedShop, worker: RealWorker, mailbox: Mailbox, client: Client
) -> None:
    connect_shop()
    gated_shop.connected()
    asked = a_request_in(RequestState.FULFILLING)
    assert gated_shop.reached.wait(60)
    wait_until(lambda: SourceTask.objects.filter(source__key="shop", work_state=WorkState.DONE).exists())

    crash(own_postgres, "postgres")
    gated_shop.gate.set()
    client.raise_request_exception = False
    page = client.post("/ask/who/", {"who": "me"})
    assert page.status_code == 503
    assert page.headers["Retry-After"]
    assert "try again" in page.content.decode().lower()
    own_postgres.start_postgres()
    connection.close()

    assert client.post("/ask/who/", {"who": "me"}).status_code == 302
    sweep_until_in(RequestState.CHECKING, asked)
    assert SubjectRequest.objects.count() == 1
    assert SourceTask.objects.count() == 2
    check_invariants(mailbox)
    # What was found lay in its file each time the row could not be written: such files go a day later.
    remove_orphans(at=timezone.now() + timedelta(days=2))
    check_store()
