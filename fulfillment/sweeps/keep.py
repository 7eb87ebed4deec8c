"""Keep what a stretch brought: traces sealed, counts in the clear, and where to go on, in one transaction."""

from typing import Any

from fulfillment.connectors.rows import json_line, parse_json
from fulfillment.sweeps.coverage import Coverage
from fulfillment.sweeps.engine import Found, Listing, Stretch
from fulfillment.sweeps.models import Sweep, Trace
from requests_app.leases.lease import Lease

# Of what the map finds anyway so many are kept to look at; all of them are counted.
MOST_COVERED = 50
# So many objects that could not be read are named; of the others it is said that there are more.
MOST_NAMED = 200
_AND_MORE = "… and further objects that could not be read."
_COLUMNS = (
    "table",
    "position",
    "tables_done",
    "rows_looked",
    "tally",
    "unread",
    "unread_objects",
    "attempts",
)
_Tally = dict[tuple[tuple[str, ...], str, str], dict[str, Any]]


def keep_listing(row: Sweep, listing: Listing, lease: Lease) -> None:
    """How much there is to go through, and what may not be read. Raises LeaseLost."""
    with lease.settled():
        row.tables_total = sum(not table.why for table in listing.tables)
        row.rows_total = sum(table.rows for table in listing.tables)
        row.unread = list(dict.fromkeys((*row.unread, *not_listed(listing))))
        row.save(update_fields=["tables_total", "rows_total", "unread"])


def not_listed(listing: Listing) -> list[str]:
    """What cannot be gone through, a sentence each: columns that may not be read, lists that there are not."""
    closed = [
        f"{table.name}.{column} may not be read by the user of this source."
        for table in listing.tables
        for column in table.closed
    ]
    return [*closed, *(table.why for table in listing.tables if table.why)]


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
        row.unread_objects = _named(row.unread_objects, stretch.unread_objects)
        # An attempt that brought something on does not count against those that may fail.
        row.attempts = 1
        row.save(update_fields=_COLUMNS)


def _named(before: list[str], more: tuple[str, ...]) -> list[str]:
    named = list(dict.fromkeys((*before, *more)))
    return named if len(named) <= MOST_NAMED else [*named[: MOST_NAMED - 1], _AND_MORE]


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
        **({"digest": found.digest} if found.digest else {}),
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
