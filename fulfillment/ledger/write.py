"""Write into the ledger, once for a key, and say so in the audit log; in the transaction that calls the work done."""

from django.db import connection, models

from fulfillment.ledger.entries import BEGINNING, LedgerEntry, Written
from fulfillment.ledger.errors import LedgerAway
from fulfillment.ledger.shelf import current_shelf
from requests_app.audit.actors import Actor
from requests_app.audit.record import record
from requests_app.encryption.write_once import NameTaken

SYSTEM = Actor.system("fulfillment")
# One writer at a time on all machines: the chain has no forks.
_LOCK = 7_203_114_550_114_911
_TRIES = 20


def write_entry(written: Written, *, target: models.Model, map_text: str = "") -> LedgerEntry:
    """Add an entry unless one of its key is there; whoever died after writing finds it again. Raises LedgerAway.

    The file comes before the commit: what is called done is always in the ledger. What the ledger has and the
    database lost is carried out once more by a replay, which finds it gone.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    shelf = current_shelf()
    if map_text:
        shelf.keep_map(written.map_sha256, map_text)
    entry = shelf.lately(written.key) or _added(written)
    facts = {"number": entry.number, "hash": entry.hash}
    record(event="ledger.written", target=target, by=SYSTEM, at=written.at, facts=facts)
    return entry


def _added(written: Written) -> LedgerEntry:
    shelf = current_shelf()
    for _ in range(_TRIES):
        last = shelf.last()
        begin = shelf.begin()
        number, previous = (last.number, last.hash) if last else (begin.number, begin.hash or BEGINNING)
        entry = LedgerEntry(**written.model_dump(), number=number + 1, previous=previous).chained()
        try:
            shelf.add(entry)
        except NameTaken:
            continue
        return entry
    raise LedgerAway
