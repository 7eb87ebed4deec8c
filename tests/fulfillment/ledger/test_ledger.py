"""What was erased is written down outside the database: nobody in clear, nothing taken out unseen, nothing lost."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from fulfillment.changes import in_ledger
from fulfillment.changes.by_connector.models import SourceChange
from fulfillment.changes.models import ChangeState
from fulfillment.ledger.entries import identity_hash, identity_hashes, opened_identities
from fulfillment.ledger.errors import LedgerBroken
from fulfillment.ledger.forget import forget_old_entries
from fulfillment.ledger.shelf import current_shelf
from fulfillment.ledger.verify import verify_ledger
from requests_app.leases.models import WorkState
from tests.databases import source_database
from tests.factories import NOON
from tests.fulfillment.changes import shop as by_hand
from tests.fulfillment.changes.by_connector.shop import LATER, connect, due_now, erasing, the_change, work
from tests.fulfillment.connectors.sql_changes.shop import TABLES, Shop
from tests.servers import TestServers

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(running_servers: TestServers) -> Iterator[Shop]:
    with source_database(TABLES.format(json="jsonb")) as url:
        yield Shop(url)


@pytest.fixture(autouse=True)
def store_folder(settings: Any, tmp_path: Path) -> None:
    settings.STORE_URL, settings.STORE_OPTIONS = f"file://{tmp_path}/store", {}


def _files(tmp_path: Path) -> list[Path]:
    return sorted((tmp_path / "ledger" / "entries").rglob("*.json"))


def _erase_by_hand(times: int = 1) -> None:
    by_hand.connect()
    for _ in range(times):
        asked = by_hand.erasing()
        by_hand.end_all(asked)


def test_an_erasure_is_written_before_it_is_called_done_and_names_nobody(shop: Shop, tmp_path: Path) -> None:
    connect(shop)
    asked = work(erasing())
    (entry,) = current_shelf().entries()
    assert the_change(asked).state == ChangeState.DONE
    assert (entry.reference, entry.source, entry.rows) == (asked.reference, "shop", 5)
    assert entry.identities == {"email": (identity_hash("email", "ann@club.example"),)}
    assert not entry.sealed
    (file,) = _files(tmp_path)
    assert b"club.example" not in file.read_bytes()
    assert b"Ann" not in file.read_bytes()


def test_where_nobody_can_be_gone_through_the_identities_are_sealed(tmp_path: Path) -> None:
    _erase_by_hand()
    (entry,) = current_shelf().entries()
    assert entry.by_hand
    assert opened_identities(entry.sealed, key=entry.key) == [("email", "ada@example.org")]
    (file,) = _files(tmp_path)
    assert b"ada@example.org" not in file.read_bytes()


def test_a_ledger_that_is_whole_says_where_it_ends(shop: Shop) -> None:
    connect(shop)
    work(erasing())
    found = verify_ledger()
    assert (found.count, found.last, found.behind) == (1, 1, 0)


@pytest.mark.parametrize("number", [0, 1, 2])
def test_an_entry_that_is_taken_out_shows(tmp_path: Path, number: int) -> None:
    _erase_by_hand(3)
    assert verify_ledger().count == 3
    _files(tmp_path)[number].unlink()
    with pytest.raises(LedgerBroken, match=f"{number + 1} of the ledger"):
        verify_ledger()
    with pytest.raises(CommandError):
        call_command("verify_ledger")


def test_an_entry_that_is_changed_shows_and_none_can_be_written_without_the_key(
    tmp_path: Path, settings: Any
) -> None:
    _erase_by_hand(2)
    first = _files(tmp_path)[0]
    first.write_bytes(first.read_bytes().replace(b'"rows":1', b'"rows":0'))
    with pytest.raises(LedgerBroken, match="Entry 1 of the ledger was changed"):
        verify_ledger()
    settings.LEDGER_KEY = b"x" * 32
    forged = next(current_shelf().entries()).chained()
    first.write_bytes(forged.content())
    settings.LEDGER_KEY = b"y" * 32
    with pytest.raises(LedgerBroken):
        verify_ledger()


def test_what_no_backup_is_older_than_is_forgotten_and_the_rest_still_holds(
    tmp_path: Path, settings: Any
) -> None:
    _erase_by_hand(3)
    settings.LEDGER_DAYS = 30
    assert forget_old_entries(at=NOON + timedelta(days=20)) == 0
    entries = list(current_shelf().entries())
    assert current_shelf().forget_up_to(entries[1]) == 2
    found = verify_ledger()
    assert (found.count, found.first, found.last) == (1, 3, 3)
    assert forget_old_entries(at=NOON + timedelta(days=60)) == 1
    assert _files(tmp_path) == []
    assert verify_ledger().last == 3
    begins = tmp_path / "ledger" / "begins.json"
    begins.write_text(begins.read_text().replace('"number": 3', '"number": 2'))
    with pytest.raises(LedgerBroken, match="Where the ledger begins"):
        verify_ledger()


def test_nothing_is_called_done_while_the_ledger_is_away(shop: Shop, tmp_path: Path, settings: Any) -> None:
    connect(shop)
    asked = erasing()
    (tmp_path / "blocked").write_text("a file, and no folder")
    good, settings.LEDGER_URL = settings.LEDGER_URL, f"file://{tmp_path}/blocked/ledger"
    asked = work(asked)
    row = SourceChange.objects.get()
    assert shop.rows("select id from visits") == [(3,)]
    assert the_change(asked).is_open
    assert row.work_state == WorkState.WAITING
    assert "LEDGER_URL" in row.last_error
    settings.LEDGER_URL = good
    due_now(asked)
    asked = work(asked)
    assert the_change(asked).state == ChangeState.DONE
    assert verify_ledger().count == 1


def test_a_death_between_the_ledger_and_the_commit_loses_nothing_and_repeats_nothing(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect(shop)
    asked = erasing()
    written = in_ledger.write_entry

    def dies_afterwards(*facts: Any, **named: Any) -> None:
        written(*facts, **named)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(in_ledger, "write_entry", dies_afterwards)
        with pytest.raises(KeyboardInterrupt):
            work(asked)
    assert the_change(asked).is_open
    assert verify_ledger().behind == 1
    SourceChange.objects.update(leased_until=NOON)
    due_now(asked)
    asked = work(asked, at=LATER + timedelta(minutes=5))
    assert the_change(asked).state == ChangeState.DONE
    assert the_change(asked).records_changed == 5
    found = verify_ledger()
    assert (found.count, found.behind) == (1, 0)


def _rotate(settings: Any) -> None:
    settings.LEDGER_OLD_KEYS = {"2026": settings.LEDGER_KEY}
    settings.LEDGER_KEY = bytes(range(32))


def test_after_a_rotation_old_entries_are_checked_opened_and_followed_and_new_ones_have_the_new_key(
    settings: Any,
) -> None:
    _erase_by_hand()
    (old,) = current_shelf().entries()
    _rotate(settings)
    asked = by_hand.erasing()
    by_hand.end_all(asked)
    first, second = current_shelf().entries()
    assert (first, second.previous) == (old, old.hash)
    assert (first.written_under, second.written_under) == (1, 0)
    found = verify_ledger()
    assert (found.count, found.under_old_keys) == (2, 1)
    for entry in (first, second):
        assert opened_identities(entry.sealed, key=entry.key) == [("email", "ada@example.org")]
        (digest,) = entry.identities["email"]
        assert digest in identity_hashes("email", "ada@example.org")
    assert first.identities != second.identities


def test_without_the_old_key_what_it_wrote_is_refused(settings: Any) -> None:
    _erase_by_hand()
    _rotate(settings)
    settings.LEDGER_OLD_KEYS = {}
    with pytest.raises(LedgerBroken, match="Entry 1 of the ledger was changed"):
        verify_ledger()
    (entry,) = current_shelf().entries()
    with pytest.raises(LedgerBroken, match="LEDGER_OLD_KEYS"):
        opened_identities(entry.sealed, key=entry.key)


def test_what_was_forgotten_before_a_rotation_stays_so(settings: Any) -> None:
    _erase_by_hand(2)
    entries = list(current_shelf().entries())
    current_shelf().forget_up_to(entries[0])
    _rotate(settings)
    assert current_shelf().begin().number == 1
    assert verify_ledger().first == 2


def test_an_erasure_of_before_a_rotation_is_replayed(shop: Shop, settings: Any) -> None:
    connect(shop)
    work(erasing())
    _rotate(settings)
    (entry,) = current_shelf().entries()
    assert entry.identities["email"][0] in identity_hashes("email", "ann@club.example")
    shop.execute("update people set name = 'Ann Berg', email = 'ann@club.example' where id = 1")
    call_command("replay_erasures")
    assert shop.rows("select name from people where id = 1") == [(None,)]
