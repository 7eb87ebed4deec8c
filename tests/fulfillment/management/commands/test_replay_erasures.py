"""After a backup of a source came back, the erased are erased again, once, and nobody else is."""

import json
from collections.abc import Iterator
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from requests_app.audit.models import AuditEntry
from tests.databases import source_database
from tests.fulfillment.changes.by_connector.shop import connect, erasing, work
from tests.fulfillment.connectors.sql_changes.shop import TABLES, Shop
from tests.servers import TestServers

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(running_servers: TestServers) -> Iterator[Shop]:
    with source_database(TABLES.format(json="jsonb")) as url:
        yield Shop(url)


def _restored(shop: Shop) -> None:
    """Yesterday's people and visits are back; invoices were in no backup."""
    shop.execute(
        "update people set email = 'Ann@club.example', name = 'Ann Berg' where id = 1;"
        "insert into visits values (1, 1, '/a'), (2, 1, '/b')"
    )


def _replay(*words: str) -> str:
    said = StringIO()
    call_command("replay_erasures", *words, stdout=said)
    return said.getvalue()


def test_what_came_back_is_erased_again_and_only_once(shop: Shop) -> None:
    connect(shop)
    asked = work(erasing())
    assert "still gone" in _replay()
    _restored(shop)
    (looked,) = json.loads(_replay("--dry-run", "--json"))
    assert looked["found"] >= 3
    assert len(shop.rows("select id from visits")) == 3

    assert "erased" in _replay("--since", "2026-11-01")
    assert shop.rows("select id from visits") == [(3,)]
    assert shop.rows("select name from people order by id") == [(None,), ("Jo Ann",)]
    assert "still gone" in _replay()
    entries = AuditEntry.objects.filter(event="change.replayed", target_id=str(asked.pk))
    assert entries.count() == 1


def test_a_source_that_is_away_is_named_and_the_exit_code_says_so(shop: Shop) -> None:
    connect(shop)
    work(erasing())
    shop.execute("alter table visits rename to visits_of_old")
    with pytest.raises(CommandError, match="1 of 1"):
        _replay()


def test_a_day_that_is_none_is_refused() -> None:
    with pytest.raises(CommandError, match="is no day"):
        _replay("--since", "yesterday")
