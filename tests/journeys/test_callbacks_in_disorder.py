"""A system calls back in any order, several times and at once, while workers take the answers up: one result each."""

import json
import random
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer

from fulfillment.connectors.webhook_signing import signed_headers
from fulfillment.runs.models import SourceTask
from fulfillment.sources.connect import connect_source
from fulfillment.sources.models import SourceAnswer
from requests_app.audit.models import AuditEntry
from requests_app.leases.models import WorkState
from requests_app.lifecycle.states import RequestState
from tests.factories import NOON, SYSTEM, a_request_in
from tests.fulfillment.callbacks.test_take import MAP, Crm
from tests.fulfillment.connectors.test_webhook_signing import SECRET
from tests.invariants import check_invariants, check_store
from tests.journeys.sweeping import sweep_until, sweep_until_in
from tests.json_server import JsonServer
from tests.mailbox import Mailbox
from tests.worker import RealWorker

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
PEOPLE, AT_ONCE = 6, 4
FINDINGS, WORD = "application/x-ndjson", "application/json"


@pytest.fixture
def crm(transactional_db: None, reach: Callable[[str], None]) -> Iterator[Crm]:
    """A system that takes searches on, connected."""
    crm = Crm()
    with JsonServer(crm) as server:
        reach(server.url)
        values = {"url": server.url, "secret": SECRET}
        connect_source(
            key="crm", kind="webhook", label="CRM", settings=values, map_yaml=MAP, by=SYSTEM, at=NOON
        )
        yield crm


def _calls_about(asked: dict[str, object]) -> list[tuple[str, str, bytes]]:
    """What the system has to say of one order, the answer three times."""
    identities = asked["identities"]
    assert isinstance(identities, list)
    row = {"id": 1, "email": identities[0]["value"]}
    lines = [{"collection": "members", "row": row}, {"end": {"members": 1}}]
    whole = "\n".join(json.dumps(each) for each in lines).encode()
    working = json.dumps({"state": "working"}).encode()
    return [(str(asked["order"]), kind, body) for kind, body in [(FINDINGS, whole), (WORD, working)] * 3]


def _call(server: LiveServer, order: str, kind: str, body: bytes) -> int:
    headers = signed_headers([SECRET], key=f"{order}-answer", body=body, at=timezone.now())
    url = f"{server.url}/callbacks/{order}"
    return httpx.post(url, content=body, headers={**headers, "content-type": kind}, timeout=60).status_code


@pytest.mark.parametrize("seed", [1, 2])
def test_the_answers_of_a_system_in_any_order_and_again_end_each_search_once(
    seed: int,
    crm: Crm,
    live_server: LiveServer,
    hire_worker: Callable[[], RealWorker],
    mailbox: Mailbox,
) -> None:
    hire_worker()
    many = [
        a_request_in(RequestState.FULFILLING, email=f"ada{number}@example.org") for number in range(PEOPLE)
    ]
    sweep_until(lambda: len(crm.orders("search")) == PEOPLE)
    orders = [each for each in crm.asked if each["type"] == "search"]
    calls = [call for each in orders for call in _calls_about(each)]
    random.Random(seed).shuffle(calls)  # noqa: S311 - drawn again from the same seed
    with ThreadPoolExecutor(AT_ONCE) as at_once:
        said = list(at_once.map(lambda call: _call(live_server, *call), calls))

    # Who says it again is thanked while the answer waits, and told afterwards that nobody waits any more.
    assert set(said) <= {200, 404}, f"seed {seed}: {said}"
    sweep_until_in(RequestState.CHECKING, *many)
    before = _as_it_stands()
    assert [_call(live_server, *call) for call in calls] == [404] * len(calls), f"seed {seed}"

    assert _as_it_stands() == before
    assert all(each.findings.get().row_count == 1 for each in SourceTask.objects.all())
    assert AuditEntry.objects.filter(event="source.searched").count() == PEOPLE
    assert not SourceTask.objects.exclude(work_state=WorkState.DONE).exists()
    assert not SourceAnswer.objects.exists()
    assert len(crm.orders("search")) == PEOPLE
    check_invariants(mailbox)
    check_store()


def _as_it_stands() -> list[object]:
    return list(SourceTask.objects.order_by("pk").values_list("pk", "work_state", "fence", "store_name"))
