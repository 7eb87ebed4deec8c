"""A reference that was found: from which columns of a table to which of another, how, and how surely."""

from dataclasses import dataclass, replace
from enum import StrEnum


class How(StrEnum):
    """How a reference was found."""

    DECLARED = "declared"
    NAMED = "named"
    VALUES = "values"
    TYPED = "typed"


class Part(StrEnum):
    """What the one that is referred to has to do with the row."""

    SUBJECT = "subject"
    ACTOR = "actor"
    TREE = "tree"
    BYSTANDER = "bystander"


@dataclass(frozen=True, slots=True)
class FoundLink:
    """`columns` of `child` hold values of `targets` of `parent`; a column may be a path into a JSON value.

    One of a pair of type and id holds only where the column that `beside` names has one of the values of `types`.
    """

    child: str
    columns: tuple[str, ...]
    parent: str
    targets: tuple[str, ...]
    how: How
    part: Part
    confidence: float
    why: str
    beside: str = ""
    types: tuple[str, ...] = ()

    @property
    def target(self) -> str:
        """The first field that is referred to, as a map writes it."""
        return f"{self.parent}.{self.targets[0]}"

    def after(self, hits: int, asked: int) -> "FoundLink":
        """The link after looking how many of the child's values stand in the parent."""
        if asked == 0:
            return self
        share = hits / asked
        why = f"{self.why}; {hits} of {asked} sampled values are there"
        if share >= 0.9:
            return replace(self, confidence=min(0.97, self.confidence + 0.12), why=why)
        if share >= 0.5 or asked < 5:
            return replace(self, confidence=round(self.confidence * 0.9, 2), why=why)
        return replace(self, confidence=round(self.confidence * 0.3, 2), why=why)
