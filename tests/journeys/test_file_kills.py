"""A worker is killed between two files of a bucket: the log says which is done, and the next one goes on from there."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from django.utils import timezone

from fulfillment.changes.by_connector.models import SourceChange
from fulfillment.changes.by_connector.order import order_of
from fulfillment.changes.rehearsals.models import Rehearsal
from fulfillment.connectors.changing import ChangeReceipt, How
from fulfillment.sources.connect import connect_source
from fulfillment.sources.connection import open_connector
from fulfillment.sweeps.decide import decide_traces
from fulfillment.sweeps.models import Trace
from fulfillment.sweeps.start import start_sweep
from fulfillment.sweeps.states import TraceDecision
from requests_app.audit.actors import Actor
from requests_app.audit.models import AuditEntry
from requests_app.leases.models import WorkState
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.states import RequestState
from tests.factories import NOON, SYSTEM, a_request_in, rosa
from tests.fulfillment.changes.shop import approve, propose
from tests.invariants import check_invariants
from tests.journeys.sweeping import sweep_until, sweep_until_in
from tests.mailbox import Mailbox
from tests.wire import Wire
from tests.worker import RealWorker

if TYPE_CHECKING:
    from tests.s3_server import S3Server

pytestmark = [pytest.mark.timeout(400), pytest.mark.slow]
# What a store is told to put a new version in the place of an old one by.
COPY = "x-amz-copy-source"
OWN = {"id": 1, "mail": "ann@club.example"}
OTHERS = {"id": 2, "mail": "joe@club.example", "note": "Ann Berg, ann@club.example, owes me"}


@pytest.fixture
def worker_environment() -> dict[str, str]:
    """What a killed worker held is free again after a moment."""
    return {"STEP_LEASE_SECONDS": "2"}


@pytest.fixture
def bucket(s3: "S3Server", request: pytest.FixtureRequest) -> Any:
    """Three files, each with a record of Ann's and a record of somebody else's about her."""
    name = f"files-{abs(hash(request.node.name))}"
    files = s3.bucket(name)
    for day in (1, 2, 3):
        lines = "".join(f"{json.dumps(row)}\n" for row in (OWN, OTHERS, OWN))
        files.pipe(f"{name}/days/{day}.jsonl", lines.encode())
    return name, files


@pytest.fixture
def wire(s3: "S3Server", reach: Callable[[str], None]) -> Iterator[Wire]:
    with Wire(s3.url) as wire:
        reach(wire.url)
        yield wire


def _connected(name: str, s3: "S3Server", wire: Wire) -> None:
    fields = [
        {"name": "id", "data_categories": ["user"], "fides_meta": {"primary_key": True}},
        {"name": "mail", "data_categories": ["user"], "fides_meta": {"identity": "email"}},
    ]
    described = {"visits": {"glob": "days/*.jsonl", "format": "jsonl"}}
    dataset = {
        "fides_key": "files",
        "name": "Files",
        "meta": {
            "omne": {"files": {"collections": described}, "collections": {"visits": {"erase": "delete"}}}
        },
        "collections": [{"name": "visits", "fields": fields}],
    }
    settings = {
        "root": f"s3://{name}",
        "endpoint_url": wire.url,
        "access_key": s3.key,
        "secret_key": s3.secret,
        "may_change": True,
    }
    connect_source(
        key="files",
        kind="object_store",
        label="Files",
        settings=settings,
        map_yaml=yaml.safe_dump({"dataset": [dataset]}),
        by=SYSTEM,
        at=NOON,
    )


def _begun() -> SubjectRequest:
    """Ann's deletion, as its waiting period ends, with the words of others accepted."""
    asked = a_request_in(RequestState.FULFILLING, right="deletion", email="ann@club.example", name="Ann Berg")
    sweep_until_in(RequestState.CHECKING, asked)
    source = asked.runs.get().tasks.get().source
    start_sweep(subject_request=asked, source=source, by=SYSTEM, at=timezone.now())
    beyond = Trace.objects.exclude(coverage="covered")
    sweep_until(lambda: beyond.count() == 3)
    decide_traces(
        subject_request=asked,
        trace_ids=list(beyond.values_list("pk", flat=True)),
        decision=TraceDecision.ACCEPTED,
        by=Actor.staff(rosa()),
        at=timezone.now(),
    )
    propose(asked)
    # It was looked into once more, as there are words to take out now.
    sweep_until(lambda: not Rehearsal.objects.filter(work_state=WorkState.WAITING).exists())
    approve(asked)
    over = timezone.now() - timedelta(seconds=1)
    SubjectRequest.objects.filter(pk=asked.pk).update(waits_until=over)
    return asked


@pytest.mark.parametrize("heard", [False, True])
def test_a_worker_killed_between_two_files(
    bucket: Any, s3: "S3Server", wire: Wire, worker: RealWorker, mailbox: Mailbox, heard: bool
) -> None:
    """`heard`: the store has put the second file in its place, and nobody was told."""
    name, files = bucket
    _connected(name, s3, wire)
    asked = _begun()
    wire.stop_at(COPY, passing=1, deaf=heard)
    sweep_until(wire.reached.is_set)
    worker.kill()
    wire.cut()
    first = files.cat(f"{name}/days/1.jsonl")
    row = SourceChange.objects.select_related("change__source", "map_version").get()
    from_log = _made(row)
    assert [each.state for each in from_log.objects] == ["replaced", "begun", "waiting"]
    assert {(each.how, each.rows) for each in from_log.lines} == {(How.DELETE, 2), (How.REDACT, 1)}
    assert row.receipt is None
    check_invariants(mailbox)

    worker.start()
    sweep_until_in(RequestState.CONFIRMING, asked)
    row.refresh_from_db()
    assert row.receipt is not None
    assert [each.state for each in row.receipt.objects] == ["replaced"] * 3
    assert {(each.how, each.rows) for each in row.receipt.lines} == {(How.DELETE, 6), (How.REDACT, 3)}
    assert files.cat(f"{name}/days/1.jsonl") == first, "what was done is not touched again"
    wanted = json.dumps(OTHERS | {"note": "[removed], [removed], owes me"}).encode() + b"\n"
    assert [files.cat(f"{name}/days/{day}.jsonl") for day in (1, 2, 3)] == [wanted] * 3
    assert sorted(files.find(name)) == [f"{name}/days/{day}.jsonl" for day in (1, 2, 3)]
    assert AuditEntry.objects.filter(event="change.done").count() == 1
    check_invariants(mailbox)


def _made(row: SourceChange) -> ChangeReceipt:
    assert row.change.source is not None
    return open_connector(row.change.source).made_so_far(order_of(row), row.map_version.data_map)
