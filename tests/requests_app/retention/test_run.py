"""A run forgets all that is due, one holder at a time, and another one goes on where it was killed."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone
from pytest_django import Settings

from requests_app import tasks
from requests_app.encryption import doomed
from requests_app.encryption.doomed import doom, remove_doomed
from requests_app.encryption.errors import StoreAway
from requests_app.encryption.models import DoomedFile
from requests_app.encryption.store import Store, current_store, new_name
from requests_app.identity.models import WrongTries
from requests_app.leases.models import WorkState
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.states import RequestState as S
from requests_app.retention import run as runs
from requests_app.retention.models import PurgeRun
from requests_app.retention.own_days import forget_what_is_due
from requests_app.retention.run import daily_run, work_on_run
from tests.factories import a_request_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def old(settings: Settings) -> list[SubjectRequest]:
    """Three requests that were closed three years ago."""
    then = timezone.now() - timedelta(days=3 * 366)
    return [a_request_in(S.WITHDRAWN, email=f"ada{number}@example.org", at=then) for number in range(3)]


def purged() -> int:
    return SubjectRequest.objects.filter(purged_at__isnull=False).count()


def said(*arguments: str) -> str:
    out = StringIO()
    call_command("purge", *arguments, stdout=out)
    return out.getvalue()


def test_there_is_one_run_a_day(old: list[SubjectRequest]) -> None:
    now = timezone.now()
    assert daily_run(at=now) == daily_run(at=now)
    assert daily_run(at=now) != daily_run(at=now + timedelta(days=1))


def test_a_run_forgets_all_that_is_due_and_counts_it(old: list[SubjectRequest]) -> None:
    run = daily_run(at=timezone.now())
    piece = work_on_run(run_id=run.pk, at=timezone.now())
    assert piece is not None
    assert piece.is_over
    assert purged() == 3
    run.refresh_from_db()
    assert (run.requests, run.held, run.work_state) == (3, 0, WorkState.DONE)
    assert run.counts["messages"] >= 3
    assert run.ended_at is not None
    assert work_on_run(run_id=run.pk, at=timezone.now()) is None


def test_a_run_goes_on_in_pieces(old: list[SubjectRequest]) -> None:
    run = daily_run(at=timezone.now())
    pieces = 0
    while True:
        piece = work_on_run(run_id=run.pk, at=timezone.now(), seconds=0)
        assert piece is not None
        pieces += 1
        if piece.is_over:
            break
    # A step for what was found, and one for the record, of each.
    assert pieces == 7
    assert piece.run.requests == purged() == 3


def test_whoever_is_killed_between_two_requests_is_followed_by_another(
    old: list[SubjectRequest], monkeypatch: pytest.MonkeyPatch
) -> None:
    forget, left = runs.purge_request, [4]

    def killed(*where: object, **how: object) -> object:
        left[0] -= 1
        if left[0] < 0:
            raise KeyboardInterrupt
        return forget(*where, **how)  # type: ignore[arg-type]

    run = daily_run(at=timezone.now())
    monkeypatch.setattr(runs, "purge_request", killed)
    with pytest.raises(KeyboardInterrupt):
        work_on_run(run_id=run.pk, at=timezone.now())
    monkeypatch.undo()
    assert purged() == 1
    PurgeRun.objects.update(leased_until=timezone.now() - timedelta(minutes=1))
    piece = work_on_run(run_id=run.pk, at=timezone.now())
    assert piece is not None
    assert piece.run.requests == purged() == 3


def test_two_workers_do_not_meet(old: list[SubjectRequest]) -> None:
    run = daily_run(at=timezone.now())
    PurgeRun.objects.update(leased_until=timezone.now() + timedelta(minutes=1))
    assert work_on_run(run_id=run.pk, at=timezone.now()) is None
    assert purged() == 0


def test_the_poke_of_the_hour_begins_the_run_of_the_day(
    old: list[SubjectRequest], monkeypatch: pytest.MonkeyPatch
) -> None:
    offered: list[str] = []
    monkeypatch.setattr(tasks, "offer", lambda _task, run_id: offered.append(run_id))
    tasks.begin_purge()
    tasks.begin_purge()
    assert len(set(offered)) == 1
    tasks.purge(run_id=offered[0])
    assert purged() == 3
    offered.clear()
    tasks.begin_purge()
    assert offered == []


def test_the_command_rehearses_and_changes_nothing(old: list[SubjectRequest]) -> None:
    found = json.loads(said("--dry-run", "--json"))
    assert set(found["requests"]) == {each.reference for each in old}
    assert purged() == 0
    words = said("--dry-run")
    assert "3; held: 0. Nothing was changed." in words
    assert old[0].reference in words
    assert not PurgeRun.objects.exists()


def test_the_command_purges_and_says_how_many(old: list[SubjectRequest]) -> None:
    assert "Requests purged: 3; held: 0." in said()
    assert purged() == 3
    again = json.loads(said("--json"))
    assert again["requests"] == 0


def test_a_later_day_is_only_rehearsed() -> None:
    a_request_in(S.WITHDRAWN)
    day = f"{timezone.now() + timedelta(days=1000):%Y-%m-%d}"
    assert ": 1; held: 0." in said("--dry-run", "--at", day)
    with pytest.raises(CommandError, match="rehearsed"):
        said("--at", day)
    with pytest.raises(CommandError, match="no day"):
        said("--at", "tomorrow")
    assert purged() == 0


def test_what_has_a_day_of_its_own_goes_without_a_request() -> None:
    now = timezone.now()
    WrongTries.objects.create(key="k", window_started_at=now - timedelta(days=2))
    assert forget_what_is_due(at=now).counts["codes"] == 1
    assert not WrongTries.objects.exists()


class _Away:
    def __init__(self, store: Store) -> None:
        self.store = store

    def delete(self, _name: str) -> None:
        raise StoreAway("The file store takes and gives nothing at the moment.")


def _a_file() -> str:
    name = new_name()
    with current_store().create(name) as sink:
        sink.write(b"sealed")
    return name


@pytest.mark.django_db(transaction=True)
def test_a_file_goes_after_its_row_and_surely(monkeypatch: pytest.MonkeyPatch) -> None:
    name = _a_file()
    monkeypatch.setattr(doomed, "current_store", lambda: _Away(current_store()))
    assert doom([name, "", name]) == 1
    assert DoomedFile.objects.get().store_name == name
    monkeypatch.undo()
    assert remove_doomed() == 1
    assert not current_store().exists(name)
    assert not DoomedFile.objects.exists()


def test_a_run_that_could_not_do_all_is_tried_again(
    old: list[SubjectRequest], monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_where: object, **_how: object) -> None:
        raise StoreAway("The file store takes and gives nothing at the moment.")

    monkeypatch.setattr(runs, "purge_request", away)
    run = daily_run(at=timezone.now())
    piece = work_on_run(run_id=run.pk, at=timezone.now())
    assert piece is not None
    assert not piece.is_over
    assert piece.run.work_state == WorkState.WAITING
    assert "tried again" in piece.run.last_error
