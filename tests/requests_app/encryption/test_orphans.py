"""Files that no row names go after a day; every other file stays."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from pytest_django import Settings

from fulfillment.bundles.models import Bundle
from fulfillment.findings.gather import search_source
from fulfillment.runs.models import SourceTask
from requests_app import tasks
from requests_app.encryption.orphans import models_with_files, remove_orphans
from requests_app.encryption.store import Store, current_store, new_name
from requests_app.lifecycle.states import RequestState
from requests_app.retention.run import daily_run
from tests.factories import NOON, a_request_in
from tests.sources import connect_shop

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["file", "memory"])
def store(request: pytest.FixtureRequest, settings: Settings, tmp_path: Path) -> Store:
    settings.STORE_OPTIONS = {}
    settings.STORE_URL = f"file://{tmp_path}/store" if request.param == "file" else f"memory://{new_name()}"
    return current_store()


def _left_behind(store: Store) -> str:
    name = new_name()
    with store.create(name) as sink:
        sink.write(b"sealed")
    return name


def test_a_file_that_no_row_names_goes_after_a_day(store: Store) -> None:
    name = _left_behind(store)
    assert remove_orphans(at=timezone.now() + timedelta(hours=23)) == 0
    assert store.exists(name)
    assert remove_orphans(at=timezone.now() + timedelta(hours=25)) == 1
    assert not store.exists(name)


def test_what_a_search_found_stays_however_old_it_is(store: Store) -> None:
    connect_shop()
    task = SourceTask.objects.get(run__subject_request=a_request_in(RequestState.FULFILLING))
    search_source(task_id=task.pk, at=NOON)
    _left_behind(store)
    assert remove_orphans(at=timezone.now() + timedelta(days=4000)) == 1
    task.refresh_from_db()
    assert list(store.names()) == [task.store_name]


def test_the_daily_purge_removes_them(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    _left_behind(store)
    later = timezone.now() + timedelta(days=2)
    monkeypatch.setattr(tasks, "database_now", lambda: later)
    tasks.purge(run_id=str(daily_run(at=later).pk))
    assert list(store.names()) == []


def test_a_file_that_went_meanwhile_is_no_error(store: Store) -> None:
    assert store.written_at(new_name()) < NOON


def test_every_model_that_names_files_is_asked() -> None:
    assert {SourceTask, Bundle} <= set(models_with_files())
