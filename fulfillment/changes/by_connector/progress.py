"""How far a source is with a change, in words: the collection it is at, the records changed, and the time left."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from fulfillment.changes.by_connector.models import SourceChange
from fulfillment.sources.time_left import in_words


def is_at_work(row: SourceChange, *, at: datetime) -> bool:
    """Whether a worker has it now."""
    return row.is_waiting and row.leased_until is not None and row.leased_until > at


def time_left(row: SourceChange, *, at: datetime) -> timedelta | None:
    """How long it still takes at the rate so far; None before any record was changed, or beyond what was planned."""
    planned = row.preflight.rows if row.preflight else 0
    if row.working_since is None or not row.reached_rows or row.reached_rows >= planned:
        return None
    return (at - row.working_since) * ((planned - row.reached_rows) / row.reached_rows)


def how_far(row: SourceChange, *, at: datetime) -> str:
    """Where the source is; as long as it says nothing, only that it is at it."""
    if not row.reached_number:
        return _("The source is at it now.")
    if not row.reached_collection:
        # Each file is replaced as a whole: how many are says more than how many records.
        files = {"number": row.reached_number, "total": row.reached_total}
        return _("The source is at it now: file %(number)s of %(total)s is put in its place.") % files
    known = row.map_version.data_map.by_name.get(row.reached_collection)
    words = {
        "collection": known.label if known else row.reached_collection,
        "number": row.reached_number,
        "total": row.reached_total,
    }
    said = [_("The source is at it now: %(collection)s, collection %(number)s of %(total)s") % words]
    if row.preflight and row.preflight.rows:
        rows = {"rows": f"{row.reached_rows:,}", "planned": f"{row.preflight.rows:,}"}
        said.append(_("%(rows)s of %(planned)s records") % rows)
    left = time_left(row, at=at)
    return ", ".join(said if left is None else [*said, in_words(left)]) + "."
