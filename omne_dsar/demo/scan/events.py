"""Scans the event files: every line and every Parquet row of every day."""

import json
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq

from omne_dsar.demo.scan.following import Address, Follows, Row, Way, walk

WAYS: dict[str, tuple[Way, ...]] = {
    "page_views": (Address("email"),),
    "feature_use": (Address("email"),),
    "device_reports": (Address("email"),),
    "positions": (Address("email"),),
    "web_log": (Follows("device_id", "device_reports", "device_id"),),
    "cookies": (Address("account_email"),),
}


def scan_events(folder: Path, email: str) -> dict[str, list[Row]]:
    """The person's events, by kind."""
    return walk(WAYS, lambda kind: _rows(folder, kind), email)


def _rows(folder: Path, kind: str) -> Iterator[Row]:
    for path in sorted(folder.glob(f"*/*/{kind}.*")):
        if path.suffix == ".parquet":
            yield from pq.read_table(path).to_pylist()
        else:
            with path.open(encoding="utf-8") as lines:
                yield from map(json.loads, lines)
