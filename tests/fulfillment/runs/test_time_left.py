"""The time left of a search: from what the source expects and how fast it answers, and honest where that is unknown."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from fulfillment.findings import gather
from fulfillment.findings.gather import search_source
from fulfillment.runs.models import SourceTask
from fulfillment.runs.selectors import latest_run, progress
from fulfillment.runs.time_left import run_time_left, time_left
from fulfillment.sources.time_left import in_words
from requests_app.leases.lease import take
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.states import RequestState as S
from tests.desk import signed_in
from tests.factories import NOON, a_request_in, rosa
from tests.sources import connect_shop

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def store_folder(settings, tmp_path) -> None:
    settings.STORE_URL, settings.STORE_OPTIONS = f"file://{tmp_path}/store", {}


@pytest.fixture
def asked() -> SubjectRequest:
    connect_shop()
    return a_request_in(S.FULFILLING)


def _searching(asked: SubjectRequest, *, rows: int, expected: int | None, for_seconds: int) -> SourceTask:
    run = latest_run(asked)
    assert run is not None
    task = run.tasks.get()
    assert take(SourceTask, task.pk, length=timedelta(minutes=1)) is not None
    since = timezone.now() - timedelta(seconds=for_seconds)
    run.tasks.update(rows_seen=rows, rows_expected=expected, searching_since=since)
    return run.tasks.select_related("source", "map_version").get()


def test_what_is_left_goes_at_the_rate_so_far(asked: SubjectRequest) -> None:
    task = _searching(asked, rows=1000, expected=4000, for_seconds=60)
    left = time_left(task, at=timezone.now())
    assert left is not None
    assert 175 < left.total_seconds() < 190
    assert in_words(left) == "about 3 minutes left"


@pytest.mark.parametrize(
    ("rows", "expected"), [(0, 4000), (1000, None), (5000, 4000)], ids=["no row", "no count", "guess too low"]
)
def test_what_is_not_known_is_said_to_be_unknown(
    asked: SubjectRequest, rows: int, expected: int | None
) -> None:
    task = _searching(asked, rows=rows, expected=expected, for_seconds=60)
    assert time_left(task, at=timezone.now()) is None
    run = latest_run(asked)
    assert run is not None
    assert in_words(run_time_left(progress(run), at=timezone.now())) == "time left not known"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (20, "less than a minute left"),
        (70, "about 1 minute left"),
        (3600, "about 60 minutes left"),
        (9000, "about 2 hours left"),
    ],
)
def test_it_is_said_no_more_exactly_than_it_is_known(seconds: int, words: str) -> None:
    assert in_words(timedelta(seconds=seconds)) == words


def test_the_page_shows_counts_and_time_left_and_can_be_looked_at_again_without_script(
    asked: SubjectRequest,
) -> None:
    _searching(asked, rows=1000, expected=4000, for_seconds=60)
    desk: Client = signed_in(rosa())
    shown = desk.get(f"/staff/requests/{asked.reference}/sources/").content.decode()
    assert "Searching: 1,000 of about 4,000" in shown
    assert "about 3 minutes left" in shown
    assert "<noscript><a" in shown
    live = desk.get(f"/staff/requests/{asked.reference}/sources/live/").content.decode()
    assert "about 3 minutes left" in live


def test_a_search_that_takes_its_time_asks_once_how_much_there_is(
    asked: SubjectRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted: list[int] = []
    monkeypatch.setattr(gather, "_expected", lambda task: counted.append(1) or 42)
    ticks = iter(range(0, 10_000, 10))
    monkeypatch.setattr(gather, "monotonic", lambda: float(next(ticks)))
    run = latest_run(asked)
    assert run is not None
    assert search_source(task_id=run.tasks.get().pk, at=NOON) is not None
    assert counted == [1]
    task = run.tasks.get()
    assert task.rows_expected == 42
    assert task.searching_since is not None


def test_a_short_search_asks_for_no_count(asked: SubjectRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gather, "_expected", lambda task: pytest.fail("it was asked"))
    run = latest_run(asked)
    assert run is not None
    assert search_source(task_id=run.tasks.get().pk, at=NOON) is not None
