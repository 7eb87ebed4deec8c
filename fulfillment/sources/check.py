"""Look whether a source answers and is as its map says, and remember how it went."""

from datetime import datetime

from fulfillment.connectors.base import CheckReport
from fulfillment.connectors.errors import ConnectorError
from fulfillment.sources.connection import open_connector
from fulfillment.sources.models import DataSource


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
    """The source answered."""
    _note(source, last_checked_at=at, last_success_at=at, last_error="")


def note_failure(source: DataSource, *, sentence: str, at: datetime) -> None:
    """The source did not answer, or not as it should; the last success stays known."""
    _note(source, last_checked_at=at, last_error=sentence[:500])


def _note(source: DataSource, **values: datetime | str) -> None:
    for name, value in values.items():
        setattr(source, name, value)
    source.save(update_fields=list(values))
