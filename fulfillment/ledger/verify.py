"""Walk the ledger: each entry as its key has signed it, none missing, and none gone that the audit log knows."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from fulfillment.ledger.errors import LedgerBroken
from fulfillment.ledger.shelf import current_shelf
from requests_app.audit.models import AuditEntry


@dataclass(frozen=True)
class Checked:
    """How many entries there are and where they end; `behind` says how many the database does not know of.

    These were written after the backup from which the database came back. `under_old_keys` were written with a key of
    LEDGER_OLD_KEYS, the last of which may go once there are none.
    """

    count: int
    first: int
    last: int
    head: str
    behind: int
    under_old_keys: int = 0


def verify_ledger() -> Checked:
    """Check every entry. Raises LedgerBroken with the number of the first that is wrong, and LedgerAway."""
    shelf = current_shelf()
    begin = shelf.begin()
    number, head, hashes = begin.number, begin.hash, {}
    old = 0
    for entry in shelf.entries():
        if entry.number <= begin.number:
            # Forgotten, and about to be removed by whoever forgot it.
            continue
        if entry.number != number + 1 or entry.previous != head:
            raise LedgerBroken(f"Entry {number + 1} of the ledger is missing or was replaced.")
        under = entry.written_under
        if under is None:
            raise LedgerBroken(f"Entry {entry.number} of the ledger was changed.")
        old += under > 0
        number, head = entry.number, entry.hash
        hashes[number] = head
    told = dict(_told())
    for known, digest in told.items():
        if known > begin.number and hashes.get(known) != digest:
            raise LedgerBroken(
                f"Entry {known} of the ledger, which the audit log names, is gone or another one."
            )
    behind = sum(known not in told for known in hashes)
    return Checked(len(hashes), begin.number + 1, number, head, behind, old)


def _told() -> Iterator[tuple[int, str]]:
    """What the audit log says was written; after the loss of the database it says nothing."""
    for facts in AuditEntry.objects.filter(event="ledger.written").values_list("facts", flat=True).iterator():
        said = json.loads(facts)
        yield said["number"], said["hash"]
