"""The chain is anchored once a day, outside the database; whoever writes it anew is found by the anchors."""

import json
import re
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection

from requests_app import tasks
from requests_app.audit import verify
from requests_app.audit.anchors import shelf
from requests_app.audit.anchors.deposit import leave_anchor
from requests_app.audit.anchors.errors import ChainContradicted, StatementBroken
from requests_app.audit.anchors.make import anchor_daily, anchor_today
from requests_app.audit.anchors.models import AnchorDeposit, AuditAnchor
from requests_app.audit.anchors.statement import read_statement
from requests_app.audit.check import check_audit
from requests_app.audit.models import AuditEntry
from requests_app.leases.models import WorkState
from tests.factories import ada_asks
from tests.mailbox import Mailbox
from tests.rewriting import behind_our_back, rewritten

pytestmark = pytest.mark.django_db(transaction=True)
MORNING = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)


def _asked(count: int = 3) -> None:
    for number in range(count):
        ada_asks(email=f"ada{number}@example.org")


def _anchored(at: datetime = MORNING) -> AuditAnchor:
    """Today's anchor, left in every place."""
    anchor = anchor_today(at=at)
    assert anchor is not None
    for deposit in anchor.deposits.all():
        assert leave_anchor(deposit_id=deposit.pk, at=at)
    return anchor


@pytest.fixture
def two_days() -> None:
    """Nine entries, an anchor of them, ten more entries, the next day's anchor, ten more."""
    _asked()
    _anchored()
    _asked()
    _anchored(MORNING + timedelta(days=1))
    _asked()


def test_an_anchor_a_day_and_no_more(two_days: None) -> None:
    assert anchor_today(at=MORNING + timedelta(days=1, hours=17)) is None
    assert list(AuditAnchor.objects.values_list("day", "position")) == [
        (date(2026, 11, 23), 9),
        (date(2026, 11, 24), 19),
    ]
    report = check_audit()
    assert (report.flaw, len(report.reached.checkpoints), report.chain.anchored) == ("", 2, 19)


def test_nothing_is_anchored_before_anything_happened() -> None:
    assert anchor_today(at=MORNING) is None


def test_two_machines_at_once_make_one() -> None:
    _asked()
    made: list[object] = []

    def one() -> None:
        made.append(anchor_today(at=MORNING))
        connection.close()

    both = [Thread(target=one), Thread(target=one)]
    for each in both:
        each.start()
    for each in both:
        each.join()
    assert sum(each is not None for each in made) == AuditAnchor.objects.count() == 1


def test_days_that_were_missed_are_one_anchor(two_days: None) -> None:
    assert anchor_today(at=MORNING + timedelta(days=5)) is not None
    assert AuditAnchor.objects.count() == 3


def test_the_poke_anchors_and_what_is_to_be_left_is_offered(monkeypatch: pytest.MonkeyPatch) -> None:
    _asked()
    offered: list[str] = []
    monkeypatch.setattr(tasks.leave_anchor, "delay", lambda *, deposit_id: offered.append(deposit_id))
    tasks.anchor_audit()
    assert offered == [str(each) for each in AnchorDeposit.objects.values_list("pk", flat=True)]
    tasks.leave_anchor(deposit_id=offered[0])
    assert [name for name, _ in shelf.kept_files()] == [read_statement(_content()).name]


def _content() -> bytes:
    return AuditAnchor.objects.get().content.encode()


def test_the_database_changes_no_anchor(two_days: None) -> None:
    with pytest.raises(DatabaseError, match="never changed"):
        AuditAnchor.objects.update(position=1)
    with pytest.raises(DatabaseError, match="never changed"), connection.cursor() as cursor:
        cursor.execute("DELETE FROM requests_app_auditanchor")


INSERTED = (
    "INSERT INTO log (position, at, recorded_at, actor_kind, actor_key, event, target_type, target_id, facts, "
    "previous_hash, hash) SELECT {position}, at, recorded_at, actor_kind, actor_key, event, target_type, "
    "target_id, facts, previous_hash, hash FROM log WHERE position = 1"
)
SWAPPED = (
    "UPDATE log SET position = -position WHERE position IN (3, 4)",
    "UPDATE log SET position = CASE position WHEN -3 THEN 4 ELSE 3 END WHERE position IN (-3, -4)",
)
PUSHED_UP = (
    "UPDATE log SET position = -position - 1 WHERE position >= 5",
    "UPDATE log SET position = -position WHERE position < 0",
    INSERTED.format(position=5),
)
TAMPERED = {
    "edited": (
        ("UPDATE log SET actor_key = 'x' WHERE position = 4",),
        r"Entry 4 \(row \d+\) was changed",
    ),
    "hashed anew": (
        ("UPDATE log SET facts = '{}', hash = repeat('0', 64) WHERE position = 4",),
        r"Entry 4 \(row \d+\) was changed",
    ),
    "no facts": (
        ("UPDATE log SET facts = 'no facts' WHERE event = 'audit.anchored'",),
        r"Entry 10 \(row \d+\) was changed",
    ),
    "facts of another shape": (
        ("UPDATE log SET facts = '[]' WHERE event = 'audit.anchored'",),
        r"Entry 10 \(row \d+\) was changed",
    ),
    "no hash": (("UPDATE log SET hash = 'none' WHERE position = 4",), r"Entry 4 \(row \d+\) was changed"),
    "the end of time": (
        ("UPDATE log SET at = 'infinity' WHERE position = 4",),
        r"Entry 4 \(row \d+\) was changed",
    ),
    "before all time": (
        ("UPDATE log SET recorded_at = '0044-03-15 BC' WHERE position > 3",),
        r"Entry 4 \(row \d+\) was changed",
    ),
    "deleted before the end of time": (
        ("UPDATE log SET at = 'infinity' WHERE position = 4", "DELETE FROM log WHERE position = 3"),
        "Entry 3 is missing",
    ),
    "deleted": (("DELETE FROM log WHERE position = 5",), "Entry 5 is missing"),
    "first deleted": (("DELETE FROM log WHERE position = 1",), "Entry 1 is missing"),
    "inserted": (PUSHED_UP, r"Entry 5 \(row \d+\) does not follow"),
    "inserted outside": ((INSERTED.format(position="NULL"),), r"outside the chain \(row \d+\)"),
    "reordered": (SWAPPED, r"Entry 3 \(row \d+\) does not follow"),
    "cut": (("DELETE FROM log WHERE position > 20",), "ends at entry 20, but the database says"),
    "cut with its head": (
        (
            "DELETE FROM log WHERE position > 12",
            "UPDATE requests_app_audithead SET (position, hash) = (SELECT position, hash FROM log "
            "WHERE position = 12)",
        ),
        r"ends at entry 12, but entry 19 was anchored on 2026-11-24 06:00 UTC \(.*file\): the end is missing",
    ),
}


@pytest.mark.parametrize("how", TAMPERED)
def test_what_was_done_behind_our_back_is_named(two_days: None, how: str) -> None:
    statements, flaw = TAMPERED[how]
    behind_our_back(*statements)
    assert re.search(flaw, check_audit().flaw)


REWRITTEN = {
    "edited": (("UPDATE log SET actor_key = 'x' WHERE position = 12",), 19, 10),
    "edited early": (("UPDATE log SET actor_key = 'x' WHERE position = 2",), 9, 1),
    "deleted": (("DELETE FROM log WHERE position = 5",), 9, 1),
    "inserted": (PUSHED_UP, 9, 1),
    "reordered": (SWAPPED, 9, 1),
}


@pytest.mark.parametrize("how", REWRITTEN)
def test_a_chain_that_was_built_anew_is_found_by_its_anchors(two_days: None, how: str) -> None:
    statements, anchored, since = REWRITTEN[how]
    rewritten(*statements)
    report = check_audit()
    assert f"Entry {anchored} is not the one that was anchored" in report.flaw
    assert f"from some entry between {since} and {anchored} on" in report.flaw


def test_the_end_that_was_cut_and_built_anew_is_found(two_days: None) -> None:
    rewritten("DELETE FROM log WHERE position > 12")
    assert "entry 19 was anchored on 2026-11-24" in check_audit().flaw


def test_who_takes_the_rows_of_the_anchors_too_meets_their_files(two_days: None) -> None:
    rewritten(
        "DELETE FROM requests_app_anchordeposit",
        "DELETE FROM requests_app_auditanchor",
        "DELETE FROM log WHERE position > 12",
    )
    assert "2026-11-24 06:00 UTC (file)" in check_audit().flaw


def test_who_takes_the_files_too_meets_the_mail(
    two_days: None, mailbox: Mailbox, settings: Any, tmp_path: Path
) -> None:
    settings.ANCHOR_MAIL, settings.EMAIL_PORT = ["counsel@example.org"], mailbox.port
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    _anchored(MORNING + timedelta(days=2))
    kept = tmp_path / "anchor.eml"
    kept.write_bytes(mailbox.messages[0].as_bytes())
    assert str(mailbox.messages[0]["to"]) == "counsel@example.org"
    settings.LEDGER_URL = f"file://{tmp_path}/emptied"
    rewritten(
        "DELETE FROM requests_app_anchordeposit",
        "DELETE FROM requests_app_auditanchor",
        "DELETE FROM log WHERE position > 8",
    )
    assert check_audit().flaw == ""
    assert "the end is missing" in check_audit([kept]).flaw


def test_an_anchor_that_the_log_names_and_nobody_has_is_missed(
    two_days: None, settings: Any, tmp_path: Path
) -> None:
    settings.LEDGER_URL = f"file://{tmp_path}/emptied"
    behind_our_back("DELETE FROM requests_app_anchordeposit", "DELETE FROM requests_app_auditanchor")
    assert check_audit().flaw.startswith(
        "An anchor of entry 9, which the log names, was found in no place (2 in all)"
    )


def test_a_forged_anchor_counts_for_nothing(two_days: None) -> None:
    said = json.loads(AuditAnchor.objects.filter(day=date(2026, 11, 23)).get().content)
    said["statement"]["position"] = 3
    forged = json.dumps(said, sort_keys=True, separators=(",", ":")).encode()
    with pytest.raises(StatementBroken, match="signature"):
        read_statement(forged)
    with pytest.raises(StatementBroken, match="not an anchor"):
        read_statement(b"{}")


def test_nothing_is_anchored_upon_a_chain_that_was_built_anew(
    two_days: None, caplog: pytest.LogCaptureFixture
) -> None:
    rewritten("DELETE FROM log WHERE position = 5")
    with pytest.raises(ChainContradicted, match="not the one whose entry 19"):
        anchor_today(at=MORNING + timedelta(days=3))
    anchor_daily(at=MORNING + timedelta(days=3))
    assert "was not anchored" in caplog.text


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[" * 100_000,
        b'{"statement":' * 100_000,
        b'{"signature":"","statement":{"format":"omne-dsar/audit-anchor","version":1,"kind":"daily",'
        b'"at":"2026-01-01T00:00:00Z","position":1e999,"hash":"","root":"","let_go":[],"signed_by":{"key_id":""}}}',
        b'{"signature":"","statement":{"format":"omne-dsar/audit-anchor","version":1,"kind":"daily",'
        b'"at":"2026-01-01T00:00:00Z","position":NaN,"hash":"","root":"","let_go":[],"signed_by":{"key_id":""}}}',
        b'{"signature":3,"statement":{}}',
        b"Subject: hello\nContent-Type: application/json\n\n{}",
        bytes(range(256)) * 100,
    ],
)
def test_a_file_that_is_no_anchor_is_named_by_the_command(
    two_days: None, tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "anchor.json"
    path.write_bytes(content)
    with pytest.raises(CommandError, match=r"This is not an anchor of the audit log. \(given: anchor.json\)"):
        call_command("verify_audit", "--anchor", str(path))


def test_an_entry_that_is_no_hash_is_no_reason_to_break_down(two_days: None) -> None:
    behind_our_back("UPDATE log SET hash = 'none', facts = 'none' WHERE position = 4")
    report = check_audit()
    assert report.flaw.startswith("Entry 4 ")
    assert anchor_today(at=MORNING + timedelta(days=2)) is not None


def test_nothing_is_anchored_upon_a_chain_with_a_hole(two_days: None) -> None:
    behind_our_back("DELETE FROM log WHERE position = 5")
    with pytest.raises(ChainContradicted, match="lacks entries"):
        anchor_today(at=MORNING + timedelta(days=3))


def test_a_mail_server_that_is_away_is_asked_again(mailbox: Mailbox, settings: Any) -> None:
    settings.ANCHOR_MAIL, settings.EMAIL_PORT = ["counsel@example.org"], mailbox.port
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    _asked()
    anchor = anchor_today(at=MORNING)
    assert anchor is not None
    deposit = anchor.deposits.get(place="mail")
    mailbox.go_away()
    assert not leave_anchor(deposit_id=deposit.pk, at=MORNING)
    deposit.refresh_from_db()
    assert (deposit.work_state, deposit.last_error) == (
        WorkState.WAITING,
        "The mail server does not take the anchor of the audit log.",
    )
    mailbox.come_back()
    AnchorDeposit.objects.update(next_attempt_at=MORNING)
    assert leave_anchor(deposit_id=deposit.pk, at=MORNING)
    assert not leave_anchor(deposit_id=deposit.pk, at=MORNING)
    assert len(mailbox.messages) == 1


def test_a_place_that_cannot_be_reached_is_said_and_the_rest_checked(two_days: None, settings: Any) -> None:
    said, complained = StringIO(), StringIO()
    settings.ANCHOR_URL = "file:///dev/null/anchors"
    call_command("verify_audit", "--json", stdout=said, stderr=complained)
    found = json.loads(said.getvalue())
    assert found["intact"]
    assert found["anchors"] == 2


def test_the_command_says_how_many_anchors_fit(two_days: None) -> None:
    said = StringIO()
    call_command("verify_audit", stdout=said)
    assert "29 entries" in said.getvalue()
    assert "2 anchors fit, 0 of them with a timestamp; the last is of entry 19" in said.getvalue()


def test_the_command_names_what_was_changed_and_fails(two_days: None) -> None:
    rewritten("UPDATE log SET actor_key = 'x' WHERE position = 12")
    said = StringIO()
    with pytest.raises(CommandError, match="between 10 and 19"):
        call_command("verify_audit", "--json", stdout=said)
    assert not json.loads(said.getvalue())["intact"]


def test_work_goes_on_while_the_chain_is_walked(two_days: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """An entry that commits between two looks is no flaw: what is looked at is one moment."""
    plain = verify._flaw_of_end

    def later(*found: Any) -> str:
        thread = Thread(target=_asked_elsewhere)
        thread.start()
        thread.join()
        return plain(*found)

    monkeypatch.setattr(verify, "_flaw_of_end", later)
    before = AuditEntry.objects.count()
    assert check_audit().flaw == ""
    assert AuditEntry.objects.count() > before


def _asked_elsewhere() -> None:
    ada_asks(email="late@example.org")
    connection.close()
