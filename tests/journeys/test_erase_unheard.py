"""A web API erases and does not answer: it is asked how it stands, and nothing is erased twice or claimed too early."""

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import yaml
from django.utils import timezone

from fulfillment.changes.by_connector.models import SourceChange
from fulfillment.changes.models import ChangeState
from fulfillment.changes.rehearsals.models import Rehearsal
from fulfillment.sources.connect import connect_source
from requests_app.audit.models import AuditEntry
from requests_app.leases.models import WorkState
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.states import RequestState
from tests.factories import NOON, SYSTEM, a_request_in
from tests.fulfillment.changes.shop import approve, propose
from tests.invariants import check_invariants
from tests.journeys.sweeping import make_due, poke, sweep_until, sweep_until_in
from tests.json_server import Answer, Asked, JsonServer, segments
from tests.mailbox import Mailbox
from tests.waiting import wait_until
from tests.worker import RealWorker

pytestmark = [pytest.mark.timeout(300), pytest.mark.slow]
ME = {"path": "/users/{users.id}"}
USERS: dict[str, Any] = {
    "name": "users",
    "fields": [
        {"name": "id", "fides_meta": {"primary_key": True}},
        {"name": "mail", "data_categories": ["user.contact.email"], "fides_meta": {"identity": "email"}},
        {"name": "name", "data_categories": ["user.name"]},
    ],
}


def _map_yaml(told: dict[str, Any]) -> str:
    """Users who are found by address and erased by number; `told` is how the API says what became of one."""
    erase = {"method": "DELETE", **ME, "expects": [204], **told}
    api = {
        "auth": {"kind": "none"},
        "once_header": "Idempotency-Key",
        "collections": {
            "users": {"path": "/users", "query": {"mail": "{identity.email}"}, "changes": {"erase": erase}}
        },
    }
    fields = {name: {"label": name.title()} for name in ("id", "mail", "name")}
    users = {
        "label": "Users",
        "about": "Who you are.",
        "policy": "account",
        "erase": "delete",
        "fields": fields,
    }
    omne = {"label": "Club", "owner": "Club team", "api": api, "collections": {"users": users}}
    dataset = {"fides_key": "club", "name": "Club", "collections": [USERS], "meta": {"omne": omne}}
    return yaml.safe_dump({"dataset": [dataset]})


class Club(JsonServer):
    """Erases at once, and answers only when it is let go."""

    def __init__(self) -> None:
        super().__init__(self._answer)
        self.users = {"1": "ada@example.org", "2": "jada@example.org"}
        self.erased: list[str] = []
        self.names: list[str] = []
        self.reached, self.gate = threading.Event(), threading.Event()

    def __exit__(self, *ending: Any) -> None:
        self.gate.set()
        super().__exit__(*ending)

    def _answer(self, asked: Asked) -> Answer:
        match asked.method, segments(asked.path):
            case "GET", ["users"]:
                found = [key for key, mail in self.users.items() if mail == asked.query["mail"]]
                return Answer([{"id": key, "mail": self.users[key], "name": "A"} for key in found])
            case "GET", ["users", key]:
                return Answer({"id": key}) if key in self.users else Answer(status=410)
            case "DELETE", ["users", key]:
                self.users.pop(key)
                self.erased.append(key)
                self.names.append(asked.headers.get("idempotency-key", ""))
                self.reached.set()
                self.gate.wait(60)
                return Answer(b"", status=204)
        return Answer(status=400)


@pytest.fixture
def worker_environment() -> dict[str, str]:
    return {"STEP_LEASE_SECONDS": "2"}


@pytest.fixture
def club(reach: Callable[[str], None]) -> Iterator[Club]:
    with Club() as club:
        reach(club.url)
        yield club


def _erasing(club: Club, told: dict[str, Any]) -> SubjectRequest:
    """Ada's deletion, until the club has erased her and says nothing."""
    connect_source(
        key="club",
        kind="rest_api",
        label="Club",
        settings={"base_url": club.url},
        map_yaml=_map_yaml(told),
        by=SYSTEM,
        at=NOON,
    )
    asked = a_request_in(RequestState.FULFILLING, right="deletion", email="ada@example.org")
    sweep_until_in(RequestState.CHECKING, asked)
    sweep_until(Rehearsal.objects.filter(subject_request=asked, work_state=WorkState.DONE).exists)
    propose(asked)
    approve(asked)
    over = timezone.now() - timedelta(seconds=1)
    SubjectRequest.objects.filter(pk=asked.pk).update(waits_until=over)
    sweep_until(club.reached.is_set)
    return asked


def _hurry() -> None:
    make_due(SourceChange)
    poke()


@pytest.mark.parametrize("dies", [False, True], ids=["the call times out", "and its worker dies meanwhile"])
def test_what_was_erased_unheard_is_asked_after_and_not_erased_again(
    dies: bool, club: Club, worker: RealWorker, mailbox: Mailbox
) -> None:
    asked = _erasing(club, {"told": {**ME, "gone": [410]}})
    row = SourceChange.objects.get(change__subject_request=asked)
    assert (row.receipt, row.change.state) == (None, ChangeState.OPEN)
    check_invariants(mailbox)
    if dies:
        worker.kill()
        worker.start()
    done = SourceChange.objects.filter(pk=row.pk, work_state=WorkState.DONE)
    wait_until(done.exists, seconds=120, meanwhile=_hurry)

    assert club.erased == ["1"]
    assert club.users == {"2": "jada@example.org"}
    receipt = done.get().receipt
    assert receipt is not None
    assert receipt.rows == 1
    assert AuditEntry.objects.filter(event="change.done").count() == 1
    assert len(set(club.names)) == 1
    assert club.names[0]
    check_invariants(mailbox)
