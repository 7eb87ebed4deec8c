"""A guess about a part of a map: what is proposed, how surely, and why."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

# Below this a guess is not made: a wrong word costs the reader more than a missing one.
LEAST = 0.5
# What is written down as found, and not followed or set, is still worth a line from here on.
WORTH_SAYING = 0.3
SEVERAL_KINDS = "several kinds of value in one column"


class What(StrEnum):
    """The parts of a map that are proposed."""

    CATEGORY = "category"
    IDENTITY = "identity"
    SECRET = "secret"  # noqa: S105 - a word of the map
    REFERENCE = "reference"
    RETENTION = "retention"
    POLICY = "policy"
    COLLECTION = "collection"


@dataclass(frozen=True, slots=True)
class Guess:
    """One guess. `why` speaks of names, types and counts, never of a value."""

    what: What
    value: str
    confidence: float
    why: str
    # Found, and for the reason given not made part of the map.
    kept_out: bool = False


def worth_saying(guess: Guess | None) -> Iterator[Guess]:
    """The guess, where there is one and it is sure enough to be told at all."""
    if guess is not None and guess.confidence >= WORTH_SAYING:
        yield guess
