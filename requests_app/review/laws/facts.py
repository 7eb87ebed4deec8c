"""The parts of a law page: sections of facts, each with its sources."""

from collections.abc import Sequence
from dataclasses import dataclass

from requests_app.jurisdictions.sources import Check, CheckStatus, Sourced


@dataclass(frozen=True)
class Source:
    """Where a fact stands, the pages on which it was read, and what they leave open."""

    cite: str
    checks: Sequence[Check]
    notes: Sequence[str]

    @property
    def is_doubtful(self) -> bool:
        """Whether nobody has read it yet."""
        return self.checks[0].status is CheckStatus.UNVERIFIED

    @property
    def is_verified(self) -> bool:
        """Whether it was read on a page."""
        return self.checks[0].verified


@dataclass(frozen=True)
class LawFact:
    """One thing a law says: a label, its sentences, a list where it is one, and its sources."""

    key: str
    label: str
    said: Sequence[str]
    sources: Sequence[Source] = ()
    items: Sequence[str] = ()
    read_strictly: bool = False  # the wording leaves doubt, and the product keeps to the strict reading

    @property
    def is_doubtful(self) -> bool:
        """Whether counsel should confirm it."""
        return any(source.is_doubtful for source in self.sources)

    @property
    def is_verified(self) -> bool:
        """Whether all of it was read on a page."""
        return bool(self.sources) and all(source.is_verified for source in self.sources)

    @property
    def is_counted(self) -> bool:
        """Whether it is a statement about the law at all: our own policy needs no page."""
        return any(source.checks[0].status is not CheckStatus.POLICY for source in self.sources)


@dataclass(frozen=True)
class Section:
    """A stretch of a law page."""

    key: str
    title: str
    facts: Sequence[LawFact]


def sources_of(*parts: Sourced | None) -> list[Source]:
    """Return the sources of a statement's parts; a part that names none of its own shares those of the first."""
    named = [part for part in parts if part is not None]
    own = [part for index, part in enumerate(named) if index == 0 or _has_its_own(part)]
    found: list[Source] = []
    for part in own:
        source = Source(part.cite, (part.check, *part.also_checked), part.notes)
        if source not in found:
            found.append(source)
    return found


def _has_its_own(part: Sourced) -> bool:
    return bool({"cite", "check", "also_checked", "notes"} & part.model_fields_set)
