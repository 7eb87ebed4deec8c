"""An export that takes its time has not failed: neither its source nor the step that waits for it."""

import json
from datetime import timedelta

import pytest
from django.db.models.functions import Now

from fulfillment.connectors import api_jobs
from fulfillment.findings.gather import search_source
from fulfillment.runs.models import SourceTask
from fulfillment.runs.selectors import latest_run
from fulfillment.sources.connect import connect_source
from fulfillment.sources.models import DataSource
from requests_app.leases.models import WorkState
from requests_app.lifecycle.states import RequestState
from tests.factories import NOON, SYSTEM, a_request_in
from tests.fulfillment.connectors.rude_desk import Desk, ticket
from tests.fulfillment.connectors.test_api_jobs import Exporter

LATER = NOON + timedelta(hours=5)
FIELDS = [{"name": "id"}, {"name": "mail", "fides_meta": {"identity": "email"}}, {"name": "text"}]
JOB = {"id": "id", "status": "/exports/{job.id}", "state": "state", "done": ["done"], "failed": ["failed"]}
EXPORT = {
    "method": "POST",
    "path": "/exports",
    "body": {"who": "{identity.email}"},
    "records": "items",
    "job": JOB | {"result": {"path": "/exports/{job.id}/file"}},
}
OMNE = {"label": "Desk", "api": {"auth": {"kind": "bearer"}, "collections": {"tickets": EXPORT}}}
# Every JSON text is YAML.
MAP = json.dumps(
    {
        "dataset": [
            {
                "fides_key": "desk",
                "collections": [{"name": "tickets", "fields": FIELDS}],
                "meta": {"omne": OMNE},
            }
        ]
    }
)


@pytest.fixture
def exporter(desk: Desk, settings, tmp_path, monkeypatch: pytest.MonkeyPatch) -> Exporter:
    """A source whose export is not done for a long time, behind the desk's address and clock."""
    settings.STORE_URL, settings.STORE_OPTIONS = f"file://{tmp_path}/store", {}
    monkeypatch.setattr(api_jobs, "time", desk.clock)
    monkeypatch.setattr(desk.clock, "time", desk.clock.monotonic, raising=False)
    made = Exporter(json.dumps({"items": [ticket(1, mail="ada@example.org")]}).encode(), waits=10_000)
    desk.answers = [made]
    reached = {"base_url": desk.server.url, "token": "t0ken"}
    connect_source(
        key="desk", kind="rest_api", label="Desk", settings=reached, map_yaml=MAP, by=SYSTEM, at=NOON
    )
    return made


def _looked_after(task: SourceTask) -> SourceTask | None:
    SourceTask.objects.filter(pk=task.pk).update(next_attempt_at=Now())
    return search_source(task_id=task.pk, at=LATER)


@pytest.mark.django_db
def test_twenty_looks_after_a_slow_export_open_no_circuit_and_use_up_no_attempt(exporter: Exporter) -> None:
    run = latest_run(a_request_in(RequestState.FULFILLING))
    assert run is not None
    task = run.tasks.get()
    assert [_looked_after(task) for _ in range(20)] == [None] * 20
    task.refresh_from_db()
    assert (task.work_state, task.attempts, task.last_error) == (WorkState.WAITING, 0, "")
    source = DataSource.objects.get()
    assert (source.failures_in_row, source.rests_until, source.last_error) == (0, None, "")
    exporter.waits = 0
    assert _looked_after(task)
    task.refresh_from_db()
    assert (task.work_state, task.attempts, task.rows_seen) == (WorkState.DONE, 1, 1)
    assert exporter.started == ["ada@example.org"]
