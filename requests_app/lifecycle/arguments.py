"""What a move takes besides the reason: read into its type, or refused with a sentence before anything is changed."""

import inspect
from collections.abc import Callable, Mapping
from datetime import datetime
from enum import Enum
from uuid import UUID

from requests_app.lifecycle.errors import WrongArgument
from requests_app.lifecycle.models import AnswerScope, IdentityLevel, Outcome, SubjectRequest
from requests_app.lifecycle.moves import Move

# Who made the move is written in by the door itself; nobody hands it in.
STAFF = "staff_id"


def read_arguments(
    machine: type[SubjectRequest], move: Move, given: Mapping[str, object]
) -> dict[str, object]:
    """Return what the move takes, each in its type. Raises WrongArgument for what is missing, unknown or unfit."""
    taken = {
        name: each
        for name, each in inspect.signature(getattr(machine, move.value)).parameters.items()
        if name not in ("self", STAFF)
    }
    unknown = sorted(given.keys() - taken.keys())
    if unknown:
        raise WrongArgument(f"“{move.label}” takes no {', '.join(unknown)}.")
    missing = [
        name for name, each in taken.items() if each.default is inspect.Parameter.empty and name not in given
    ]
    if missing:
        raise WrongArgument(f"“{move.label}” needs to be told: {', '.join(missing)}.")
    return {name: _read(name, value, taken[name]) for name, value in given.items()}


def _read(name: str, value: object, parameter: inspect.Parameter) -> object:
    if value is None and parameter.default is None:
        return None
    try:
        return READERS[name](value)
    except (TypeError, ValueError):
        raise WrongArgument(f"What was given as {name} cannot be used.") from None


def _moment(value: object) -> datetime:
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise ValueError
    return value


def _text(value: object) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError
    return value


def _one_of(choices: type[Enum]) -> Callable[[object], object]:
    return lambda value: choices(value)


READERS: dict[str, Callable[[object], object]] = {
    "level": _one_of(IdentityLevel),
    "scope": _one_of(AnswerScope),
    "outcome": _one_of(Outcome),
    "code": _text,
    "ground": _text,
    "waits_until": _moment,
    "standing_at": _moment,
    "linked_to_id": lambda value: value if isinstance(value, UUID) else UUID(_text(value)),
}
