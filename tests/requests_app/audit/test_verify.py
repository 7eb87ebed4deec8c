"""The audit chain: written by the database, and broken by whoever touches it."""

import re

import pytest
from django.db import DatabaseError, connection, transaction

from requests_app.audit.models import AuditEntry
from requests_app.audit.verify import verify_chain
from tests.factories import ada_asks

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def written() -> None:
    """Three requests' worth of entries, each transaction committed."""
    for number in range(3):
        ada_asks(email=f"ada{number}@example.org")


def _behind_our_back(statement: str) -> None:
    """What someone who owns the tables can do: switch the guards off."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE requests_app_auditentry DISABLE TRIGGER USER")
        try:
            cursor.execute(statement)
        finally:
            cursor.execute("ALTER TABLE requests_app_auditentry ENABLE TRIGGER USER")
            cursor.execute("ALTER TABLE requests_app_auditentry DISABLE TRIGGER audit_keep_all")


def test_an_untouched_chain_is_intact(written: None) -> None:
    report = verify_chain()
    assert report.intact
    assert report.entries == AuditEntry.objects.count() == 9


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE requests_app_auditentry SET event = 'x'",
        "DELETE FROM requests_app_auditentry",
        "TRUNCATE requests_app_auditentry",
    ],
)
def test_the_database_refuses_to_change_the_log(written: None, statement: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE requests_app_auditentry ENABLE TRIGGER audit_keep_all")
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            cursor.execute(statement)
        transaction.set_rollback(True)


@pytest.mark.parametrize(
    ("statement", "flaw"),
    [
        ("UPDATE requests_app_auditentry SET facts = '{}' WHERE position = 4", "Entry 4 .* was changed"),
        ("UPDATE requests_app_auditentry SET at = at + interval '1 second' WHERE position = 2", "Entry 2 "),
        ("DELETE FROM requests_app_auditentry WHERE position = 5", "Entry 5 is missing"),
        ("DELETE FROM requests_app_auditentry WHERE position = 9", "ends at entry 8"),
        (
            "UPDATE requests_app_auditentry SET position = CASE position WHEN 3 THEN -3 ELSE position END",
            "is missing",
        ),
        (
            "INSERT INTO requests_app_auditentry (at, recorded_at, actor_kind, actor_key, event, target_type, "
            "target_id, facts, previous_hash, hash) SELECT at, recorded_at, actor_kind, actor_key, event, "
            "target_type, target_id, facts, '', '' FROM requests_app_auditentry WHERE position = 1",
            "outside the chain",
        ),
    ],
)
def test_a_change_behind_our_back_is_named(written: None, statement: str, flaw: str) -> None:
    _behind_our_back(statement)
    report = verify_chain()
    assert not report.intact
    assert re.search(flaw, report.flaw)
