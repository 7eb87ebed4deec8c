"""The end of a run: by counting rows under the lock of its request, so that none is left behind."""

import threading
import time
from datetime import timedelta

import pytest
from django.db import connection, transaction

from fulfillment.findings.gather import search_source
from fulfillment.runs.finish import finish_run, runs_to_finish
from fulfillment.runs.rounds import ask_again
from fulfillment.runs.selectors import latest_run
from requests_app.lifecycle.perform import locked
from requests_app.lifecycle.states import RequestState
from tests.factories import NOON, a_request_in
from tests.sources import connect_shop

LATER = NOON + timedelta(hours=5)


@pytest.fixture(autouse=True)
def store_folder(settings, tmp_path) -> None:
    settings.STORE_URL, settings.STORE_OPTIONS = f"file://{tmp_path}/store", {}


def _until_somebody_waits_for_a_lock() -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
        time.sleep(0.02)
    raise AssertionError("Nobody waits.")


@pytest.mark.django_db(transaction=True)
def test_a_source_that_is_set_to_work_again_at_that_moment_is_waited_for() -> None:
    connect_shop()
    asked = a_request_in(RequestState.FULFILLING)
    run = latest_run(asked)
    assert run is not None
    assert search_source(task_id=run.tasks.get().pk, at=LATER)
    assert runs_to_finish() == [run.pk]
    ended: list[bool] = []

    def end() -> None:
        try:
            ended.append(finish_run(run_id=run.pk, at=LATER))
        finally:
            connection.close()

    thread = threading.Thread(target=end)
    with transaction.atomic():
        assert ask_again(locked(asked.pk), kinds=["email"]) == 1
        thread.start()
        # It has seen a run without open work, and now waits for the request.
        _until_somebody_waits_for_a_lock()
    thread.join(timeout=60)
    assert ended == [False]
    asked.refresh_from_db()
    assert asked.state == RequestState.FULFILLING
