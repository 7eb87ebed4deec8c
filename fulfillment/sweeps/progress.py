"""How far a sweep is, in words: tables, rows, and the time left at the rate of the present attempt."""

from datetime import datetime, timedelta

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from fulfillment.sources.time_left import in_words
from fulfillment.sweeps.models import Sweep


def time_left(sweep: Sweep, *, at: datetime) -> timedelta | None:
    """How long it still takes; None where nobody can tell: nothing was read yet, or the estimate was too low."""
    read = sweep.rows_looked - sweep.rows_before
    if sweep.working_since is None or read <= 0 or sweep.rows_looked >= sweep.rows_total:
        return None
    return (at - sweep.working_since) * ((sweep.rows_total - sweep.rows_looked) / read)


def is_at_work(sweep: Sweep, *, at: datetime) -> bool:
    """Whether somebody goes through the source now."""
    return sweep.is_waiting and sweep.leased_until is not None and sweep.leased_until > at


def how_far(sweep: Sweep, *, at: datetime) -> str:
    """The counts of a sweep that goes on, and when it goes on or ends."""
    said = [_("%(done)s of %(total)s tables") % {"done": sweep.tables_done, "total": sweep.tables_total}]
    if sweep.rows_looked or sweep.rows_total:
        rows = {"rows": f"{sweep.rows_looked:,}", "total": f"{max(sweep.rows_total, sweep.rows_looked):,}"}
        said.append(_("%(rows)s of about %(total)s rows") % rows)
    if is_at_work(sweep, at=at):
        said.append(in_words(time_left(sweep, at=at)))
    elif sweep.last_error:
        again = date_format(localtime(sweep.next_attempt_at), "H:i:s")
        said.append(_("%(why)s Tried again at %(time)s.") % {"why": sweep.last_error, "time": again})
    else:
        said.append(_("waits for its turn"))
    return ", ".join(said)
