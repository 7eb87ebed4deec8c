"""What a database's error means for the search, in a sentence that quotes neither statement nor values."""

from sqlalchemy.exc import DBAPIError

from fulfillment.connectors.errors import ConnectorError, Fatal, NotConfigured, Retryable

_SETTINGS = {
    "28000": "refused the user of its settings",
    "28P01": "refused the user name or password of its settings",
    "3D000": "has no database of the name in its settings",
    "42501": "does not let its user read what the map names",
    "42P01": "lacks a table that the map names",
    "42703": "lacks a column that the map names",
}
_PASSING = ("08", "40", "53", "55", "57", "58")
_TIMED_OUT = "57014"
_REFUSED_AT_THE_DOOR = {
    "password authentication failed": "28P01",
    "no pg_hba.conf entry": "28000",
    "does not exist": "3D000",
}


def consequence(error: DBAPIError, name: str, timeout_seconds: int) -> ConnectorError:
    """The error to raise for one of the driver's."""
    state = _state(error)
    if state == _TIMED_OUT:
        return Retryable(f"{name} took longer than {timeout_seconds} seconds for a part of its answer.")
    if state in _SETTINGS:
        return NotConfigured(f"{name} {_SETTINGS[state]}.")
    if state is None or error.connection_invalidated or state.startswith(_PASSING):
        return Retryable(f"{name} cannot be reached, or broke off.")
    return Fatal(f"{name} refused the search (SQLSTATE {state}).")


def _state(error: DBAPIError) -> str | None:
    """The SQLSTATE; a refusal at the door carries none, only its English words."""
    state = getattr(error.orig, "sqlstate", None)
    if state is None and not error.connection_invalidated:
        words = str(error.orig)
        state = next((code for phrase, code in _REFUSED_AT_THE_DOOR.items() if phrase in words), None)
    return state
