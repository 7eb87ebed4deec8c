"""The secrets that sign our calls to a recipient: written, never shown, and replaced with a time in which both sign."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

# Long enough for the other side to put the new one in place.
OVERLAP = timedelta(days=7)


def with_new_secret(kept: Sequence[dict[str, Any]], secret: str, *, at: datetime) -> list[dict[str, Any]]:
    """The list with a new secret in front; the one in force until now goes on signing for a while."""
    until = (at + OVERLAP).isoformat()
    older = [{**each, "until": each["until"] or until} for each in kept if _holds(each, at)]
    return [{"secret": secret, "until": ""}, *older[:1]]


def secrets_in_force(kept: Sequence[dict[str, Any]], *, at: datetime) -> list[str]:
    """Those that sign at this moment, the newest first."""
    return [str(each["secret"]) for each in kept if _holds(each, at)]


def _holds(kept: dict[str, Any], at: datetime) -> bool:
    return not kept["until"] or datetime.fromisoformat(kept["until"]) > at
