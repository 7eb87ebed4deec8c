"""The plain scan: what the three sources hold about one address, found without the product's help.

It reads everything and compares in Python, knows no data map and imports no connector, so that it can prove
them right or wrong. A row belongs to the person when it bears their address (without blanks at its ends, in
any letter case) or when it hangs on such a row; each row counts once.
"""

from pathlib import Path
from typing import Any

from omne_dsar.demo.scan.desk import scan_desk
from omne_dsar.demo.scan.erp import scan_erp
from omne_dsar.demo.scan.events import scan_events

Found = dict[str, dict[str, list[dict[str, Any]]]]
Counts = dict[str, dict[str, int]]


def scan_person(email: str, *, erp_url: str, desk_file: Path, events_folder: Path) -> Found:
    """The person's rows by source and collection; collections without any are left out."""
    return {
        "omne_erp": scan_erp(erp_url, email),
        "omne_desk": scan_desk(desk_file, email),
        "product_events": scan_events(events_folder, email),
    }


def count_person(email: str, *, erp_url: str, desk_file: Path, events_folder: Path) -> Counts:
    """How many rows there are, by source and collection."""
    found = scan_person(email, erp_url=erp_url, desk_file=desk_file, events_folder=events_folder)
    return {
        source: {collection: len(rows) for collection, rows in collections.items()}
        for source, collections in found.items()
    }
