"""Callbacks: signed, within bounds, whole and of the right person; the first final answer counts, in any order."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from fulfillment.connectors.changing import ChangeOrder, ChangeReceipt, Operation, Verdict
from fulfillment.connectors.contract.club import club_map
from fulfillment.connectors.errors import Fatal, NotYet, Retryable
from fulfillment.connectors.query import Identity, SubjectQuery
from fulfillment.connectors.webhook_signing import signed_headers
from fulfillment.findings.gather import search_source
from fulfillment.runs.models import SourceTask
from fulfillment.sources.connect import change_settings, connect_source
from fulfillment.sources.connection import open_connector
from fulfillment.sources.models import DataSource, SourceAnswer
from requests_app.encryption.store import current_store
from requests_app.leases.models import WorkState
from requests_app.lifecycle.states import RequestState as S
from tests.contracts.test_webhooks import receiver
from tests.factories import NOON, SYSTEM, a_request_in
from tests.fulfillment.connectors.test_webhook_signing import NEWER, SECRET
from tests.json_server import Answer, Asked, JsonServer
from tests.waiting import wait_until

pytestmark = pytest.mark.django_db
MAP = """
dataset:
  - fides_key: crm
    name: CRM
    meta: {omne: {label: CRM, collections: {members: {label: Members, erase: delete}}}}
    collections:
      - name: members
        fields: [{name: id, fides_meta: {primary_key: true}}, {name: email, fides_meta: {identity: email}}]
"""
ADA = {"collection": "members", "row": {"id": 1, "email": "ada@example.org"}}
JOADA = {"collection": "members", "row": {"id": 2, "email": "joada@example.org"}}
WHOLE = [ADA, {"end": {"members": 1}}]
RECEIPT = {"lines": [{"collection": "members", "how": "delete", "rows": 3}], "token": "job-7"}
DONE = {"state": "done", "receipt": RECEIPT}


class Crm:
    """A system that takes orders on; `says` is what it answers to a kind of order instead."""

    def __init__(self) -> None:
        self.says: dict[str, Answer] = {"look": Answer({"planned": [], "kept": []})}
        self.asked: list[dict[str, object]] = []

    def __call__(self, asked: Asked) -> Answer:
        self.asked.append(asked.json)
        return self.says.get(asked.json["type"], Answer({}, status=202))

    def orders(self, kind: str) -> list[str]:
        """The names of the orders of a kind that came in."""
        return [str(each["order"]) for each in self.asked if each["type"] == kind]


@pytest.fixture(autouse=True)
def store_folder(settings: Settings, tmp_path: Path) -> None:
    """The store of this test."""
    settings.STORE_URL, settings.STORE_OPTIONS = f"file://{tmp_path}/store", {}


@pytest.fixture
def crm() -> Crm:
    return Crm()


@pytest.fixture
def source(crm: Crm, settings: Settings) -> Iterator[DataSource]:
    """The system, connected."""
    with JsonServer(crm) as server:
        settings.OUTBOUND_ALLOWED_HOSTS = [f"127.0.0.1:{server.port}"]
        yield _connect(server.url, MAP)


def _connect(url: str, map_yaml: str, **more: object) -> DataSource:
    values = {"url": url, "secret": SECRET, **more}
    return connect_source(
        key="crm", kind="webhook", label="CRM", settings=values, map_yaml=map_yaml, by=SYSTEM, at=NOON
    )


@pytest.fixture
def task(source: DataSource) -> SourceTask:
    """A search that the system has taken on."""
    a_request_in(S.FULFILLING)
    row = SourceTask.objects.get()
    assert search_source(task_id=row.pk, at=NOON) is None
    return row


def _say(order: str, body: object, *, secret: str = SECRET, media_type: str = "") -> HttpResponse:
    """Call back: a list is findings, everything else a word."""
    if isinstance(body, list):
        content = "\n".join(json.dumps(each) for each in body).encode()
    else:
        content = json.dumps(body).encode()
    kind = media_type or ("application/x-ndjson" if isinstance(body, list) else "application/json")
    headers = signed_headers([secret], key=f"{order}-answer", body=content, at=timezone.now())
    return Client(enforce_csrf_checks=True).post(
        f"/callbacks/{order}", content, content_type=kind, headers=headers
    )


def _state(task: SourceTask) -> str:
    task.refresh_from_db()
    return task.work_state


def test_a_search_waits_without_a_worker_and_without_being_a_failure(task: SourceTask, crm: Crm) -> None:
    task.refresh_from_db()
    assert (task.work_state, task.leased_until, task.attempts, task.last_error) == ("waiting", None, 0, "")
    task.source.refresh_from_db()
    assert task.source.failures_in_row == 0
    SourceTask.objects.update(next_attempt_at=NOON)
    assert search_source(task_id=task.pk, at=NOON) is None
    assert len(crm.orders("search")) == 1


def test_the_callback_ends_it_and_a_replay_changes_nothing(task: SourceTask, crm: Crm) -> None:
    (order,) = crm.orders("search")
    for _ in range(2):
        assert _say(order, WHOLE).status_code == 200
    assert SourceAnswer.objects.count() == 1
    assert len(list(current_store().names())) == 1
    assert search_source(task_id=task.pk, at=NOON) is not None
    assert task.findings.get().row_count == 1
    assert not SourceAnswer.objects.exists()
    assert _say(order, WHOLE).status_code == 404


def test_words_before_and_after_the_answer_change_nothing(task: SourceTask, crm: Crm) -> None:
    (order,) = crm.orders("search")
    for body, status in (
        ({"state": "working"}, 200),
        (WHOLE, 200),
        ({"state": "working"}, 200),
        ({"state": "failed"}, 409),
        ([{"end": {}}], 409),
        (WHOLE, 200),
    ):
        assert _say(order, body).status_code == status
    search_source(task_id=task.pk, at=NOON)
    assert task.findings.get().row_count == 1


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ([ADA, JOADA, {"end": {"members": 2}}], "somebody else"),
        ([ADA], "not whole"),
        ([ADA, {"end": {"members": 2}}], "not whole"),
        ([ADA, {"end": {"members": 1}}, ADA], "goes on after"),
        ([{"collection": "staff", "row": {}}, {"end": {"staff": 1}}], "does not name"),
        ([{"collection": "members", "row": {"id": 1}}, {"end": {"members": 1}}], "email"),
        (["x"], "not a JSON object"),
    ],
)
def test_what_must_not_be_used_fails_the_search_and_nothing_is_stored(
    task: SourceTask, crm: Crm, answer: list[object], why: str
) -> None:
    (order,) = crm.orders("search")
    assert _say(order, answer).status_code == 200
    search_source(task_id=task.pk, at=NOON)
    assert _state(task) == WorkState.DEAD
    assert why in task.last_error
    assert "example.org" not in task.last_error
    assert not task.findings.exists()
    assert not SourceAnswer.objects.exists()


def test_only_a_signed_call_about_an_order_within_bounds_is_taken(
    task: SourceTask, crm: Crm, settings: Settings
) -> None:
    (order,) = crm.orders("search")
    assert _say(order, WHOLE, secret=NEWER).status_code == 401
    assert Client().post(f"/callbacks/{order}", b"{}", content_type="application/json").status_code == 401
    assert _say("0" * 32, WHOLE).status_code == 404
    assert Client().get(f"/callbacks/{order}").status_code == 405
    assert _say(order, "no object").status_code == 400
    values = {**task.source.settings_sealed, "callback_bytes": 1000}
    change_settings(source=task.source, settings=values, by=SYSTEM, at=NOON)
    assert _say(order, [ADA] * 500).status_code == 413
    assert not SourceAnswer.objects.exists()
    assert list(current_store().names()) == []


def test_the_former_secret_is_good_until_its_moment(task: SourceTask, crm: Crm) -> None:
    (order,) = crm.orders("search")
    held = task.source.settings_sealed
    turned = {**held, "secret": NEWER, "former_secret": SECRET}
    change_settings(
        source=task.source, settings={**turned, "former_until": NOON.isoformat()}, by=SYSTEM, at=NOON
    )
    assert _say(order, WHOLE).status_code == 401
    change_settings(source=task.source, settings=turned, by=SYSTEM, at=NOON)
    assert _say(order, WHOLE).status_code == 200


def _order(key: str = "c1") -> ChangeOrder:
    query = SubjectQuery((Identity("email", "ada@example.org"),), "DSR-TEST")
    return ChangeOrder(key, Operation.ERASE, query, ("members",), NOON, b"secret")


def test_a_change_is_settled_by_its_callback_with_the_systems_own_receipt(
    source: DataSource, crm: Crm
) -> None:
    noted: list[ChangeReceipt] = []
    connector, data_map = open_connector(source), source.map_in_force.data_map
    with pytest.raises(NotYet):
        connector.change(_order(), data_map, note=noted.append)
    with pytest.raises(NotYet):
        connector.settle(_order(), data_map, noted[0])
    (order,) = crm.orders("erase")
    assert (
        _say(order, {"state": "done", "receipt": {"lines": [], "token": "ada@example.org"}}).status_code
        == 400
    )
    assert _say(order, DONE).status_code == 200
    assert _say(order, {"state": "working"}).status_code == 200
    assert _say(order, {"state": "failed"}).status_code == 409
    assert connector.settle(_order(), data_map, noted[0]) is Verdict.DONE
    assert connector.receipt_of(_order(), data_map, noted[0]).rows == 3
    assert len(crm.orders("erase")) == 1


@pytest.mark.parametrize(
    ("status", "verdict"),
    [
        (Answer(DONE), Verdict.DONE),
        (Answer({"state": "not_known"}), Verdict.NOT_DONE),
        (Answer({"state": "failed"}), Verdict.NOT_DONE),
        (Answer({}, status=404), Verdict.UNKNOWN),
        (Answer({"state": "who knows"}), Verdict.UNKNOWN),
    ],
)
def test_a_change_that_broke_off_is_asked_after_and_never_guessed(
    source: DataSource, crm: Crm, status: Answer, verdict: Verdict
) -> None:
    noted: list[ChangeReceipt] = []
    connector, data_map = open_connector(source), source.map_in_force.data_map
    crm.says["erase"] = Answer({}, status=502)
    with pytest.raises(Retryable):
        connector.change(_order(), data_map, note=noted.append)
    crm.says["status"] = status
    assert connector.settle(_order(), data_map, noted[0]) is verdict
    assert len(crm.orders("erase")) == 1
    assert crm.orders("status") == crm.orders("erase")


def test_a_look_may_be_called_back_too(source: DataSource, crm: Crm) -> None:
    connector, data_map = open_connector(source), source.map_in_force.data_map
    del crm.says["look"]
    with pytest.raises(NotYet):
        connector.preflight(_order(), data_map)
    (look,) = crm.orders("look")
    planned = {"planned": [{"collection": "members", "how": "delete", "rows": 3}]}
    assert _say(look, {"planned": [{"collection": "members"}]}).status_code == 400
    assert _say(look, planned).status_code == 200
    assert connector.preflight(_order(), data_map).rows == 3
    noted: list[ChangeReceipt] = []
    with pytest.raises(NotYet):
        connector.change(_order(), data_map, note=noted.append)
    assert noted[0].rows == 3
    assert len(crm.orders("look")) == 1


def test_past_its_deadline_a_search_is_for_a_person(task: SourceTask) -> None:
    values = {**task.source.settings_sealed, "deadline_hours": 1e-9}
    change_settings(source=task.source, settings=values, by=SYSTEM, at=NOON)
    SourceTask.objects.update(next_attempt_at=NOON)
    search_source(task_id=task.pk, at=NOON)
    assert _state(task) == WorkState.DEAD
    assert "has not called back" in task.last_error


def test_an_answer_that_is_no_receipt_is_refused(source: DataSource, crm: Crm) -> None:
    crm.says["erase"] = Answer({"state": "done"})
    connector, data_map = open_connector(source), source.map_in_force.data_map
    with pytest.raises(Fatal, match="cannot be read"):
        connector.change(_order(), data_map, note=lambda _receipt: None)


@pytest.mark.django_db(transaction=True)
def test_the_receiver_of_the_docs_calls_back(live_server, settings: Settings, tmp_path: Path) -> None:
    settings.PUBLIC_URL = live_server.url
    with receiver(tmp_path, later=True) as url:
        settings.OUTBOUND_ALLOWED_HOSTS = [url.removeprefix("http://")]
        source = _connect(url, json.dumps(club_map()).replace('"club"', '"crm"'))
        a_request_in(S.FULFILLING, email="joann@club.example")
        task = SourceTask.objects.get(source=source)
        assert search_source(task_id=task.pk, at=NOON) is None
        wait_until(SourceAnswer.objects.exists, seconds=30)
        SourceTask.objects.update(next_attempt_at=NOON)
        search_source(task_id=task.pk, at=NOON)
        assert {each.collection: each.row_count for each in task.findings.all()} == {
            "members": 1,
            "orders": 10,
            "lines": 50,
            "calls": 0,
        }
