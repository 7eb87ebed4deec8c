"""The search of one source: under a lease, all or nothing, and never twice."""

import json
from datetime import timedelta

import pytest
from django.db.models.functions import Now

from fulfillment.connectors.errors import Retryable
from fulfillment.connectors.kinds.in_memory import InMemoryConnector
from fulfillment.findings import gather
from fulfillment.findings.gather import search_source
from fulfillment.findings.models import Finding
from fulfillment.findings.selectors import findings_of
from fulfillment.findings.store import lines_of, page_of
from fulfillment.runs.finish import finish_run, runs_to_finish
from fulfillment.runs.models import SourceTask
from fulfillment.runs.selectors import latest_run
from fulfillment.runs.states import SourceState
from fulfillment.sources.turns import wait_after
from requests_app.audit.actors import Actor
from requests_app.audit.models import AuditEntry
from requests_app.encryption.errors import StoreAway, StoreFull
from requests_app.encryption.store import current_store
from requests_app.errors import DomainError
from requests_app.leases.held import MOST_BREAKS
from requests_app.leases.models import WorkState
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.moves import Move
from requests_app.lifecycle.perform import perform
from requests_app.lifecycle.states import RequestState
from tests.factories import NOON, a_request_in
from tests.sources import change_shop, connect_shop

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(hours=5)


@pytest.fixture(autouse=True)
def store_folder(settings, tmp_path) -> None:
    """A store of its own: other processes of the run write to the common one meanwhile."""
    settings.STORE_URL, settings.STORE_OPTIONS = f"file://{tmp_path}/store", {}


def _task(subject_request: SubjectRequest) -> SourceTask:
    run = latest_run(subject_request)
    assert run is not None
    return run.tasks.get()


def test_a_search_keeps_what_is_the_persons_and_nothing_else() -> None:
    connect_shop(orders=3)
    asked = a_request_in(RequestState.FULFILLING)
    search_source(task_id=_task(asked).pk, at=LATER)
    (shop,) = findings_of(asked)
    rows = {
        each.collection.name: [json.loads(line) for line in lines_of(each.finding)] for each in shop.findings
    }
    assert [row["name"] for row in rows["customers"]] == ["Ada Åström"]
    assert [row["note"] for row in rows["orders"]] == ["order 0", "order 1", "order 2"]
    assert shop.task.source_state is SourceState.FOUND


def test_the_last_source_to_end_moves_the_request_on() -> None:
    connect_shop("shop_a")
    connect_shop("shop_b")
    asked = a_request_in(RequestState.FULFILLING)
    run = latest_run(asked)
    assert run is not None
    first, second = run.tasks.all()
    search_source(task_id=first.pk, at=LATER)
    assert not finish_run(run_id=run.pk, at=LATER)
    search_source(task_id=second.pk, at=LATER)
    assert runs_to_finish() == [run.pk]
    assert finish_run(run_id=run.pk, at=LATER)
    assert not finish_run(run_id=run.pk, at=LATER)
    assert SubjectRequest.objects.get(pk=asked.pk).state == RequestState.CHECKING


def test_a_finished_row_is_not_searched_again() -> None:
    connect_shop()
    task = _task(a_request_in(RequestState.FULFILLING))
    assert search_source(task_id=task.pk, at=LATER)
    assert search_source(task_id=task.pk, at=LATER) is None
    assert AuditEntry.objects.filter(event="source.searched").count() == 1


def test_a_source_that_is_down_waits_with_its_reason_and_is_tried_again() -> None:
    source = connect_shop(fails="retryable")
    task = _task(a_request_in(RequestState.FULFILLING))
    assert search_source(task_id=task.pk, at=LATER) is None
    waiting = _task(task.run.subject_request)
    assert waiting.source_state is SourceState.RETRYING
    assert waiting.last_error
    assert not Finding.objects.exists()
    change_shop(source)
    SourceTask.objects.update(next_attempt_at=Now() - timedelta(seconds=1))
    assert search_source(task_id=task.pk, at=LATER)


def test_a_source_that_answers_nonsense_waits_for_a_person_and_holds_the_run() -> None:
    connect_shop(fails="fatal")
    asked = a_request_in(RequestState.FULFILLING)
    task = _task(asked)
    search_source(task_id=task.pk, at=LATER)
    assert _task(asked).source_state is SourceState.FAILED
    assert not finish_run(run_id=task.run_id, at=LATER)
    assert AuditEntry.objects.filter(event="source.failed").exists()


def test_nothing_of_a_failed_search_stays_in_the_store() -> None:
    connect_shop(fails="fatal")
    before = set(current_store().names())
    search_source(task_id=_task(a_request_in(RequestState.FULFILLING)).pk, at=LATER)
    assert set(current_store().names()) == before


def test_a_holder_that_was_too_slow_writes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    connect_shop()
    task = _task(a_request_in(RequestState.FULFILLING))
    plain_search = InMemoryConnector.search

    def overtaken(self: InMemoryConnector, *given: object, **options: object) -> object:
        found = list(plain_search(self, *given, **options))  # type: ignore[arg-type]
        SourceTask.objects.filter(pk=task.pk).update(leased_until=Now() - timedelta(seconds=1))
        monkeypatch.setattr(InMemoryConnector, "search", plain_search)
        assert search_source(task_id=task.pk, at=LATER)
        return iter(found)

    monkeypatch.setattr(InMemoryConnector, "search", overtaken)
    assert search_source(task_id=task.pk, at=LATER) is None
    assert Finding.objects.count() == 2
    assert AuditEntry.objects.filter(event="source.searched").count() == 1
    assert len(set(current_store().names())) >= 1
    assert current_store().exists(SourceTask.objects.get(pk=task.pk).store_name)


def test_a_row_whose_workers_keep_dying_is_given_to_a_person() -> None:
    connect_shop()
    task = _task(a_request_in(RequestState.FULFILLING))
    SourceTask.objects.update(attempts=MOST_BREAKS)
    search_source(task_id=task.pk, at=LATER)
    assert SourceTask.objects.get(pk=task.pk).work_state == WorkState.DEAD


def test_a_withdrawal_stops_what_is_not_done() -> None:
    connect_shop()
    asked = a_request_in(RequestState.FULFILLING)
    task = _task(asked)
    perform(subject_request_id=asked.pk, move=Move.WITHDRAW, by=Actor.subject(asked.reference), at=LATER)
    assert search_source(task_id=task.pk, at=LATER) is None
    assert SourceTask.objects.get(pk=task.pk).source_state is SourceState.CANCELLED


def test_any_page_of_a_large_collection_opens() -> None:
    connect_shop(orders=125)
    asked = a_request_in(RequestState.FULFILLING)
    search_source(task_id=_task(asked).pk, at=LATER)
    orders = Finding.objects.get(collection="orders")
    pages = [[json.loads(line)["id"] for line in page_of(orders, page=number)] for number in (1, 2, 3, 4)]
    assert pages == [list(range(50)), list(range(50, 100)), list(range(100, 125)), []]


def test_findings_are_sealed_on_disk() -> None:
    connect_shop()
    search_source(task_id=_task(a_request_in(RequestState.FULFILLING)).pk, at=LATER)
    with current_store().open(SourceTask.objects.get().store_name) as file:
        content = file.read()
    assert b"order" not in content
    assert b"Ada" not in content


def test_each_wait_is_twice_as_long_up_to_a_limit_and_never_shorter_than_the_source_said() -> None:
    waits = [wait_after(Retryable("Away."), attempt).total_seconds() for attempt in (1, 2, 3, 8, 1000)]
    for wait, plain in zip(waits, (5, 10, 20, 600, 600), strict=True):
        assert plain <= wait < plain * 1.25
    assert wait_after(Retryable("Away.", retry_after=3600), 1).total_seconds() == 3600


@pytest.mark.parametrize("trouble", [StoreFull("Full."), StoreAway("Away.")])
def test_a_store_that_takes_nothing_is_no_failure_of_the_source(
    trouble: DomainError, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = connect_shop()
    a_request_in(RequestState.FULFILLING)
    task = SourceTask.objects.get()

    def refuse(*_given: object, **_named: object) -> None:
        raise trouble

    monkeypatch.setattr(gather, "create_sealed", refuse)
    assert search_source(task_id=task.pk, at=NOON) is None
    task.refresh_from_db()
    source.refresh_from_db()
    assert (task.work_state, task.last_error, task.leased_until) == ("waiting", trouble.sentence, None)
    assert (source.failures_in_row, source.last_error) == (0, "")
