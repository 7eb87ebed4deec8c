"""A log of a hundred thousand entries is verified in the memory of one of ten thousand; what was changed is named."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import pytest
from django.conf import settings as product
from django.db import connection

from requests_app.audit.models import AuditHead
from tests.factories import ada_asks
from tests.rewriting import behind_our_back
from tests.servers import database_url
from tests.worker import shared_keys

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400), pytest.mark.django_db(transaction=True)]
SHORT, LONG = 10_000, 100_000
MEGABYTE = 1_000_000
# What the two may differ by: the allocator's mood, not the log.
SPARE = 5 * MEGABYTE

# The database's own triggers give each its place and its hash, as they do to whatever the product writes.
WRITTEN = """
INSERT INTO requests_app_auditentry
    (at, recorded_at, actor_kind, actor_key, event, target_type, target_id, facts, previous_hash, hash)
SELECT '2026-11-03 12:00:00Z'::timestamptz + number * interval '1 second', statement_timestamp(), 'staff',
    (number %% 40)::text, 'finding.revealed', 'subjectrequest', (number / 12)::text,
    format('{"collection":"ärenden","record":%%s,"source":"omne_desk"}', number), '', ''
FROM generate_series(1, %s) AS number
"""
# The manager that everybody types, and then what the kernel remembers of this process alone.
CHILD = """
import runpy, sys
from bench.cost import peak_memory
sys.argv = ["manage.py", "verify_audit", "--json"]
try:
    runpy.run_path("manage.py", run_name="__main__")
finally:
    print(int(peak_memory() * 1_000_000), file=sys.stderr)
"""

# Whoever pushes an entry in makes room for it, and computes a hash that fits what stands before it.
INSERTED = (
    "UPDATE log SET position = -position - 1 WHERE position >= 99970",
    "UPDATE log SET position = -position WHERE position < 0",
    "INSERT INTO log (position, at, recorded_at, actor_kind, actor_key, event, target_type, target_id, facts, "
    "previous_hash, hash) SELECT 99970, at, recorded_at, actor_kind, actor_key, event, target_type, target_id, "
    "facts, hash, '' FROM log WHERE position = 99969",
    "UPDATE log SET hash = encode(sha256(convert_to(omne_hash_part(position::text) || omne_hash_part(previous_hash) "
    "|| omne_hash_part(id::text) || omne_hash_part(omne_moment(at)) || omne_hash_part(omne_moment(recorded_at)) "
    "|| omne_hash_part(actor_kind) || omne_hash_part(actor_key) || omne_hash_part(event) "
    "|| omne_hash_part(target_type) || omne_hash_part(target_id) || omne_hash_part(facts), 'UTF8')), 'hex') "
    "WHERE position = 99970",
)
REORDERED = (
    "UPDATE log SET position = -position WHERE position IN (99960, 99961)",
    "UPDATE log SET position = 199921 + position WHERE position < 0",
)


@dataclass(frozen=True)
class Verdict:
    """What `verify_audit` said as a process of its own, and what that cost."""

    status: int
    found: dict[str, Any]
    memory: int
    seconds: float


def _verified() -> Verdict:
    connection.close()
    begun = perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", CHILD],
        cwd=product.BASE_DIR,
        env={
            **os.environ,
            **shared_keys(),
            "DATABASE_URL": database_url(),
            "LEDGER_URL": product.LEDGER_URL,
        },
        capture_output=True,
        text=True,
        check=False,
    )
    seconds = perf_counter() - begun
    memory = int(done.stderr.splitlines()[-1])
    return Verdict(done.returncode, json.loads(done.stdout), memory, seconds)


def _grown_to(length: int) -> None:
    """A log of so many entries: a few that the product wrote of a request, and many more of a busy review."""
    while (missing := length - _end()) > 0:
        with connection.cursor() as cursor:
            # A thousand in one transaction: each entry moves the one row that holds the end of the chain.
            cursor.execute(WRITTEN, [min(missing, 1000)])


def _end() -> int:
    return AuditHead.objects.get().position


def _say(*verdicts: Verdict) -> None:
    """The figures of docs/proof.md, which `pytest -rP` shows."""
    for each in verdicts:
        figures = f"{each.seconds:.1f} s, {each.memory / MEGABYTE:.0f} MB, load {os.getloadavg()[0]:.1f}"
        sys.stdout.write(f"{each.found['entries']} entries: {figures}\n")


def _flaw() -> str:
    verdict = _verified()
    assert verdict.status == 1
    return str(verdict.found["flaw"])


def test_a_hundred_thousand_entries_cost_no_more_memory_than_ten_and_one_that_was_touched_is_named() -> None:
    ada_asks()
    _grown_to(SHORT)
    short = _verified()
    _grown_to(LONG)
    long = _verified()
    _say(short, long)
    assert [(each.status, each.found["entries"]) for each in (short, long)] == [(0, SHORT), (0, LONG)]
    assert long.memory < short.memory + SPARE
    _whatever_is_touched_is_named()


def _whatever_is_touched_is_named() -> None:
    """One thing after the other, each nearer to the beginning than the last: the first that does not fit is named."""
    behind_our_back("UPDATE log SET facts = replace(facts, 'omne_desk', 'omne_erp') WHERE position = 99990")
    assert "Entry 99990 (row" in (edited := _flaw())
    assert "was changed after it was written" in edited
    behind_our_back("DELETE FROM log WHERE position = 99980")
    assert _flaw() == "Entry 99980 is missing: after 99979 comes 99981."
    behind_our_back(*INSERTED)
    assert "Entry 99971 (row" in (inserted := _flaw())
    assert "does not follow the one before it" in inserted
    behind_our_back(*REORDERED)
    assert "Entry 99960 (row" in (reordered := _flaw())
    assert "does not follow the one before it" in reordered
