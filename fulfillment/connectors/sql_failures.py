"""What a database's error means for the search, in a sentence that quotes neither statement nor values."""

from sqlalchemy.exc import DBAPIError

from fulfillment.connectors.errors import ConnectorError, Fatal, NotConfigured, Retryable
from fulfillment.connectors.sql_dialect import SqlDialect


class TookTooLong(Retryable):
    """A statement reached its time limit."""


_SETTINGS = {
    "08001": "cannot be opened: its folder does not let us read it, or it is no longer there",
    "28000": "refused the user of its settings",
    "28P01": "refused the user name or password of its settings",
    "3D000": "has no database of the name in its settings",
    "42501": "does not let its user do what the map asks",
    "42P01": "lacks a table that the map names",
    "42703": "lacks a column that the map names",
}
_NOT_UNICODE = "22021"
_PASSING = ("08", "40", "53", "55", "57", "58")
_TIMED_OUT = "57014"


def consequence(error: DBAPIError, name: str, timeout_seconds: int, dialect: SqlDialect) -> ConnectorError:
    """The error to raise for one of the driver's."""
    state = dialect.state(error)
    if state == _TIMED_OUT:
        return TookTooLong(f"{name} took longer than {timeout_seconds} seconds for a part of its answer.")
    if state in _SETTINGS:
        return NotConfigured(f"{name} {_SETTINGS[state]}.")
    if state is None or error.connection_invalidated or state.startswith(_PASSING):
        return Retryable(f"{name} cannot be reached, or broke off.")
    if state == _NOT_UNICODE:
        return Fatal(f"{name} holds text that is not in the encoding the database says it is.")
    return Fatal(f"{name} refused what it was asked (SQLSTATE {state}).")
