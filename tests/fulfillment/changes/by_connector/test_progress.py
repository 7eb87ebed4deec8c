"""While a source makes a change, the case page and whoever asks see how far it is."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from fulfillment.changes.by_connector.carry import carry_out
from fulfillment.changes.by_connector.models import SourceChange
from fulfillment.changes.by_connector.progress import how_far, time_left
from fulfillment.changes.by_connector.stored import stored
from fulfillment.changes.models import ChangeTask
from fulfillment.connectors import alongside
from fulfillment.connectors.changing import How, Planned, Preflight
from fulfillment.sources.connect import change_settings
from fulfillment.sources.models import DataSource
from tests.desk import signed_in
from tests.factories import NOON, SYSTEM, rosa
from tests.fulfillment.changes.by_connector.shop import LATER, connect, erasing, the_change
from tests.fulfillment.connectors.sql_changes.shop import Shop
from tests.waiting import wait_until
from tests.wire import Wire

TEN = Preflight((Planned("visits", How.DELETE, 10),))


@pytest.fixture
def wire(shop: Shop) -> Iterator[Wire]:
    with Wire(shop.url) as wire:
        yield wire


def _row(shop: Shop) -> SourceChange:
    connect(shop)
    return the_change(erasing()).by_connector


def _live(change: ChangeTask) -> str:
    return f"/staff/requests/{change.subject_request.reference}/changes/{change.pk}/live/"


@pytest.mark.django_db(transaction=True)
def test_the_collection_at_work_is_written_down_with_the_heartbeat_and_shown(
    shop: Shop, wire: Wire, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.STEP_LEASE_SECONDS = 20
    monkeypatch.setattr(alongside, "BEAT_SECONDS", 0.1)
    source = connect(shop)
    change = the_change(erasing())
    change_settings(source=source, settings={"url": shop.url, "change_url": wire.url}, by=SYSTEM, at=NOON)
    wire.stop_at("DELETE FROM visits")

    def work() -> None:
        try:
            carry_out(row_id=change.by_connector.pk, at=LATER)
        finally:
            connection.close()

    worker = threading.Thread(target=work)
    worker.start()
    try:
        assert wire.reached.wait(60)
        at_visits = SourceChange.objects.filter(reached_collection="visits")
        wait_until(at_visits.exists)
        row = at_visits.get()
        assert (row.reached_number <= row.reached_total, row.reached_rows > 0) == (True, True)
        desk = signed_in(rosa())
        page = desk.get(f"/staff/requests/{change.subject_request.reference}/changes/").content.decode()
        live = desk.get(_live(change)).content.decode()
        for text in (page, live):
            said = f"Visits, collection {row.reached_number} of {row.reached_total}"
            assert said.lower() in text.lower()
            assert f'hx-get="{_live(change)}"' in text
    finally:
        wire.let_go()
        worker.join(timeout=60)
    ended = signed_in(rosa()).get(_live(change)).content.decode()
    assert "Done" in ended
    assert "hx-get" not in ended
    assert "Show the result" in ended


@pytest.mark.django_db
def test_what_is_left_goes_by_the_records_changed_so_far(shop: Shop) -> None:
    row, now = _row(shop), timezone.now()
    row.preflight_sealed, row.looked_at = stored(TEN), now
    row.working_since = now - timedelta(minutes=4)
    assert time_left(row, at=now) is None
    assert how_far(row, at=now) == "The source is at it now."
    row.reached_collection, row.reached_number, row.reached_total, row.reached_rows = "visits", 2, 3, 2
    assert time_left(row, at=now) == timedelta(minutes=16)
    assert how_far(row, at=now).endswith("collection 2 of 3, 2 of 10 records, about 16 minutes left.")
    row.reached_rows = 11
    assert time_left(row, at=now) is None


@pytest.mark.django_db
def test_a_new_attempt_begins_with_nothing_reached(shop: Shop) -> None:
    row = _row(shop)
    SourceChange.objects.update(reached_collection="visits", reached_number=2, reached_total=3)
    shop.execute("alter table people alter column name set not null")
    assert carry_out(row_id=row.pk, at=LATER) is None
    row.refresh_from_db()
    assert (row.reached_collection, row.reached_number, row.working_since is None) == ("", 0, False)


@pytest.mark.django_db
def test_a_change_of_a_source_that_rests_says_so(shop: Shop) -> None:
    row = _row(shop)
    until = timezone.now() + timedelta(minutes=5)
    DataSource.objects.update(rests_until=until, failures_in_row=5)
    said = signed_in(rosa()).get(_live(ChangeTask.objects.get(pk=row.change_id))).content.decode()
    assert "failed 5 times in a row and is left alone until" in said
