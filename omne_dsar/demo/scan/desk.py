"""Scans Omne Desk's own file, which the product never sees."""

import json
from pathlib import Path

from omne_dsar.demo.scan.following import Address, Follows, Row, Way, walk

WAYS: dict[str, tuple[Way, ...]] = {
    "users": (Address("email"),),
    "tickets": (Address("requester_email"),),
    "comments": (Follows("ticket_id", "tickets", "id"),),
    "satisfaction_ratings": (Address("requester_email"),),
    "chats": (Address("visitor_email"),),
}


def scan_desk(path: Path, email: str) -> dict[str, list[Row]]:
    """The person's records, by kind."""
    with path.open(encoding="utf-8") as lines:
        records = [json.loads(line) for line in lines]
    return walk(WAYS, lambda kind: [record for record in records if record["kind"] == kind], email)
