"""A web API erases and does not answer: it is asked how it stands, and nothing is erased twice or claimed too early."""

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import yaml
from django.utils import timezone

from fulfillment.changes.by_connector.carry import UNKNOWN
from fulfillment.changes.by_connector.models import SourceChange
from fulfillment.changes.compare import compare
from fulfillment.changes.end import Ending, end_change
from fulfillment.changes.models import ChangeState, Hand
from fulfillment.changes.rehearsals.models import Rehearsal
from fulfillment.changes.selectors import changes_for
from fulfillment.sources.connect import connect_source
from requests_app.audit.actors import Actor
from requests_app.audit.models import AuditEntry
from requests_app.leases.models import WorkState
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.states import RequestState
from tests.factories import NOON, SYSTEM, a_request_in, rosa
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
        # While it is `away` it answers no question, though what it was told to do is done.
        self.away = False

    def __exit__(self, *ending: Any) -> None:
        self.gate.set()
        super().__exit__(*ending)

    def _answer(self, asked: Asked) -> Answer:
        if self.away:
            return Answer(status=503)
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


def _goes_unheard(club: Club, worker: RealWorker) -> SourceChange:
    """The worker that waits for the club's answer dies, and another one takes the change up."""
    row = SourceChange.objects.select_related("change__subject_request").get()
    assert row.noted is not None
    worker.kill()
    worker.start()
    return row


def _stands(row: SourceChange, state: WorkState) -> bool:
    return SourceChange.objects.filter(pk=row.pk, work_state=state, leased_until=None).exists()


def test_an_erasure_of_which_the_source_cannot_tell_is_asked_of_a_person_and_never_called_done(
    club: Club, worker: RealWorker, mailbox: Mailbox
) -> None:
    # There is no such address, so the club answers 400 to whoever asks.
    asked = _erasing(club, {"told": {"path": "/erasures/{users.id}", "gone": [410]}})
    row = _goes_unheard(club, worker)
    wait_until(lambda: _stands(row, WorkState.DEAD), seconds=120, meanwhile=_hurry)
    row.refresh_from_db()
    row.change.refresh_from_db()
    assert row.reasons == (UNKNOWN,)
    assert (row.receipt, row.change.state, row.change.hand) == (None, ChangeState.OPEN, Hand.PERSON)
    assert row.change in changes_for(rosa())
    assert club.erased == ["1"]
    assert not AuditEntry.objects.filter(event="change.done").exists()
    check_invariants(mailbox)

    # Whoever looks there says how it stands; the second search shows whether that is so.
    ending = Ending(ChangeState.DONE, "Ada's account is gone from the club's console.", records_changed=1)
    end_change(task_id=row.change_id, ending=ending, by=Actor.staff(rosa()), at=timezone.now())
    sweep_until_in(RequestState.CONFIRMING, asked)
    comparison = compare(asked)
    assert comparison is not None
    assert comparison.is_clean
    assert club.erased == ["1"]
    check_invariants(mailbox)


def test_a_source_that_cannot_be_asked_at_the_moment_is_asked_again_and_no_person_is(
    club: Club, worker: RealWorker, mailbox: Mailbox
) -> None:
    _erasing(club, {"told": {**ME, "gone": [410]}})
    club.away = True
    row = _goes_unheard(club, worker)
    tried = SourceChange.objects.filter(pk=row.pk, leased_until=None).exclude(last_error="")
    wait_until(tried.exists, seconds=120, meanwhile=_hurry)
    row.refresh_from_db()
    row.change.refresh_from_db()
    assert (row.work_state, row.receipt) == (WorkState.WAITING, None)
    assert (row.change.state, row.change.hand) == (ChangeState.OPEN, Hand.CONNECTOR)
    check_invariants(mailbox)

    club.away = False
    wait_until(lambda: _stands(row, WorkState.DONE), seconds=120, meanwhile=_hurry)
    row.refresh_from_db()
    assert row.receipt is not None
    assert row.receipt.rows == 1
    assert club.erased == ["1"]
    check_invariants(mailbox)
