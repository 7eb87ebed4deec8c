"""Keep what a stretch brought: traces sealed, counts in the clear, and where to go on, in one transaction."""

from typing import Any

from fulfillment.connectors.rows import json_line, parse_json
from fulfillment.sweeps.coverage import Coverage
from fulfillment.sweeps.engine import Found, Listing, Stretch
from fulfillment.sweeps.models import Sweep, Trace
from requests_app.leases.lease import Lease

# Of what the map finds anyway so many are kept to look at; all of them are counted.
MOST_COVERED = 50
_Tally = dict[tuple[tuple[str, ...], str, str], dict[str, Any]]


def keep_listing(row: Sweep, listing: Listing, lease: Lease) -> None:
    """How much there is to go through, and what may not be read. Raises LeaseLost."""
    with lease.settled():
        row.tables_total = len(listing.tables)
        row.rows_total = sum(table.rows for table in listing.tables)
        closed = [
            f"{table.name}.{column} may not be read by the user of this source."
            for table in listing.tables
            for column in table.closed
        ]
        row.unread = list(dict.fromkeys((*row.unread, *closed)))
        row.save(update_fields=["tables_total", "rows_total", "unread"])


def keep_stretch(row: Sweep, stretch: Stretch, lease: Lease) -> None:
    """The traces of a stretch, and the place behind it. Raises LeaseLost, and then nothing of it is kept."""
    with lease.settled():
        tally: _Tally = {(_place(line), line["kind"], line["coverage"]): line for line in row.tally}
        kept: list[Trace] = []
        number = row.traces.count()
        for found in stretch.found:
            if _counted(tally, found) > MOST_COVERED and found.coverage is Coverage.COVERED:
                continue
            number += 1
            kept.append(_trace(row, found, number))
        Trace.objects.bulk_create(kept)
        row.table, row.position = stretch.table.name, stretch.position
        row.tables_done += stretch.position is None
        row.rows_looked += stretch.looked
        row.tally = list(tally.values())
        row.unread = list(dict.fromkeys((*row.unread, *stretch.unread)))
        row.save(update_fields=["table", "position", "tables_done", "rows_looked", "tally", "unread"])


def _place(line: dict[str, Any]) -> tuple[str, ...]:
    return (line["table"], *line["columns"])


def _counted(tally: _Tally, found: Found) -> int:
    key = ((found.table, *found.columns), found.kind.value, found.coverage.value)
    line = tally.setdefault(
        key,
        {
            "table": found.table,
            "columns": list(found.columns),
            "kind": found.kind.value,
            "coverage": found.coverage.value,
            "records": 0,
        },
    )
    line["records"] += 1
    return int(line["records"])


def _trace(row: Sweep, found: Found, number: int) -> Trace:
    content = {
        # Keys of every type, in the writing that all rows have.
        "key": parse_json(json_line(found.key)),
        "hits": [
            {
                "by": hit.identifier.kind,
                "column": hit.column,
                "way": list(hit.way),
                "whole": hit.is_whole,
                "words": hit.words,
            }
            for hit in found.hits
        ],
    }
    return Trace(
        sweep=row,
        number=number,
        table=found.table,
        columns=list(found.columns),
        kind=found.kind.value,
        coverage=found.coverage.value,
        content=content,
    )
