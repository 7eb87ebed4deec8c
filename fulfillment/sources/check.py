"""Look whether a source answers and is as its map says, and remember how it went."""

from datetime import datetime, timedelta

from django.db.models import F
from django.db.models.functions import Least, Now

from fulfillment.connectors.base import CheckReport
from fulfillment.connectors.errors import ConnectorError
from fulfillment.sources.connection import open_connector
from fulfillment.sources.models import DataSource

FAILURES_BEFORE_REST, MOST_COUNTED = 5, 1000
KNOWN_FOR = timedelta(minutes=1)
FIRST_REST, LONGEST_REST = timedelta(minutes=1), timedelta(minutes=30)


def check_source(*, source: DataSource, at: datetime) -> CheckReport:
    """Check the live source against its map in force. Raises ConnectorError, which the source remembers."""
    try:
        report = open_connector(source).check(source.map_in_force.data_map)
    except ConnectorError as failure:
        note_failure(source, sentence=str(failure), at=at)
        raise
    note_success(source, at=at)
    return report


def note_success(source: DataSource, *, at: datetime) -> None:
    """The source answered, and need not rest any longer.

    Where that was known a moment ago nothing is written: searches side by side would wait for each other at its row.
    """
    is_known = (
        source.last_success_at is not None
        and source.last_success_at <= at < source.last_success_at + KNOWN_FOR
    )
    was_well = source.failures_in_row == 0 and source.rests_until is None and not source.last_error
    if is_known and was_well:
        return
    _note(source, last_checked_at=at, last_success_at=at, last_error="", failures_in_row=0, rests_until=None)


def note_failure(source: DataSource, *, sentence: str, at: datetime) -> None:
    """The source did not answer, or not as it should; the last success stays known.

    What failed several times in a row is left alone for a while, longer each time.
    """
    DataSource.objects.filter(pk=source.pk).update(
        failures_in_row=Least(F("failures_in_row") + 1, MOST_COUNTED)
    )
    source.refresh_from_db(fields=["failures_in_row"])
    _note(source, last_checked_at=at, last_error=sentence[:500])
    rest = rest_after(source.failures_in_row)
    if rest:
        DataSource.objects.filter(pk=source.pk).update(rests_until=Now() + rest)


def rest_after(failures_in_row: int) -> timedelta:
    """How long a source is left alone after so many failures in a row; nothing for the first few."""
    beyond = failures_in_row - FAILURES_BEFORE_REST
    if beyond < 0:
        return timedelta(0)
    wait: timedelta = min(FIRST_REST * 2 ** min(beyond, 10), LONGEST_REST)
    return wait


def _note(source: DataSource, **values: datetime | str | int | None) -> None:
    for name, value in values.items():
        setattr(source, name, value)
    source.save(update_fields=list(values))
