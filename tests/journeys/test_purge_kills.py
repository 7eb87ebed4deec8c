"""A worker that is killed while it forgets somebody: nothing is half gone, and the next one forgets all, once."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models.functions import Now
from django.utils import timezone

from fulfillment.sources.models import SourceSlot
from requests_app import tasks as case
from requests_app.audit.models import AuditEntry
from requests_app.audit.verify import verify_chain
from requests_app.correspondence.models import Message
from requests_app.encryption.models import DoomedFile
from requests_app.encryption.store import current_store
from requests_app.leases.models import WorkState
from requests_app.lifecycle.models import SubjectRequest
from requests_app.reminders.models import StaffMail
from requests_app.retention.models import PurgeRun
from requests_app.retention.rehearse import rehearse
from tests import canary
from tests.canary import EMAIL, WORD
from tests.factories import ada_asks
from tests.journeys.sweeping import sweep_until
from tests.rows_of_everything import rows_of_every_kind
from tests.servers import database_url
from tests.sources import connect_shop
from tests.wire import Wire
from tests.worker import RealWorker

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]


@pytest.fixture
def wire(transactional_db: None) -> Iterator[Wire]:
    with Wire(database_url()) as wire:
        yield wire


@pytest.fixture
def old(transactional_db: None) -> list[SubjectRequest]:
    """Two requests of three years ago with rows and files of every kind."""
    connect_shop()
    then = timezone.now() - timedelta(days=3 * 366)
    asked = [ada_asks(name=f"Ada {WORD}", email=f"{number}.{EMAIL}", at=then) for number in range(2)]
    for each in asked:
        rows_of_every_kind(each, WORD)
    # The other child of the worker would send them meanwhile, and write so down.
    Message.objects.update(work_state=WorkState.DONE, sent_at=then)
    StaffMail.objects.update(written_at=then, work_state=WorkState.DONE)
    SourceSlot.objects.update(changed_at=then)
    return asked


def _state() -> dict[str, str]:
    """Every table with everything in it, but for what a run says of itself."""
    said: dict[str, str] = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            quoted = connection.ops.quote_name(table)
            rows = f"SELECT t::text AS row FROM {quoted} AS t"  # noqa: S608
            cursor.execute(f"SELECT md5(string_agg(row, '|' ORDER BY row)) FROM ({rows}) AS kept")  # noqa: S608
            said[table] = cursor.fetchone()[0]
    return {table: each for table, each in said.items() if "purgerun" not in table}


def _its_lease_is_over() -> None:
    PurgeRun.objects.update(leased_until=Now() - timedelta(seconds=1), next_attempt_at=Now())


def _poked_until_it_has_ended() -> None:
    def has_ended() -> bool:
        case.begin_purge.apply_async(retry=False)
        return PurgeRun.objects.filter(ended_at__isnull=False).exists()

    sweep_until(has_ended, seconds=120)


@pytest.mark.parametrize(
    "word",
    [
        pytest.param('FOR UPDATE OF "requests_app_message"', id="between two kinds"),
        pytest.param('DELETE FROM "requests_app_message"', id="inside a kind"),
        pytest.param("request.purged", id="before all of it is certain"),
    ],
)
def test_killed_before_it_is_certain_nothing_is_gone(
    word: str, wire: Wire, old: list[SubjectRequest], hire_worker: Callable[..., RealWorker]
) -> None:
    expected = {line.key: line.count for line in rehearse(at=timezone.now()).lines if line.count}
    worker = hire_worker(database_url=wire.url)
    # What was found went in a transaction of its own before.
    wire.stop_at(word)
    case.begin_purge.apply_async(retry=False)
    sweep_until(wire.reached.is_set, seconds=120)
    worker.kill()
    # Only now, as the other child of the worker may have been at some other work.
    before = _state()
    wire.cut()
    assert not SubjectRequest.objects.filter(purged_at__isnull=False).exists()
    after = _state()
    assert [table for table in before if after[table] != before[table]] == [], "nothing of it is there"
    _its_lease_is_over()
    worker.start()
    _poked_until_it_has_ended()
    worker.stop()
    _everything_went_once(old, expected)


def test_killed_between_a_request_and_its_files_they_go_all_the_same(
    wire: Wire, old: list[SubjectRequest], hire_worker: Callable[..., RealWorker]
) -> None:
    expected = {line.key: line.count for line in rehearse(at=timezone.now()).lines if line.count}
    worker = hire_worker(database_url=wire.url)
    wire.stop_at('DELETE FROM "requests_app_doomedfile"', passing=3)
    case.begin_purge.apply_async(retry=False)
    sweep_until(wire.reached.is_set, seconds=120)
    worker.kill()
    wire.cut()
    assert DoomedFile.objects.exists()
    assert list(current_store().names())
    _its_lease_is_over()
    worker.start()
    _poked_until_it_has_ended()
    worker.stop()
    _everything_went_once(old, expected)


def _everything_went_once(old: list[SubjectRequest], expected: dict[str, int]) -> None:
    run = PurgeRun.objects.get()
    # Files that a killed one left are counted as files of nobody.
    assert {key: count for key, count in run.counts.items() if key != "loose_files"} == expected
    assert run.requests == len(old)
    for each in old:
        history = AuditEntry.objects.filter(target_id=str(each.pk))
        assert history.filter(event="request.purged").count() == 1
        assert history.filter(event="request.findings_purged").count() == 1
    assert canary.unsealed() == {}
    assert canary.in_database() == []
    assert (list(current_store().names()), DoomedFile.objects.count()) == ([], 0)
    assert verify_chain().intact
