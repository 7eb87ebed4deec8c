"""How far the laws were checked, and the figures that counsel should look at."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from requests_app.jurisdictions.base import Jurisdiction
from requests_app.jurisdictions.load import jurisdiction, regimes
from requests_app.jurisdictions.vocabulary import Status
from requests_app.review.laws.facts import LawFact
from requests_app.review.laws.statements import sections_of


@dataclass(frozen=True)
class Checked:
    """A law with how many of its statements were read on a page, and those that were not or leave doubt."""

    law: Jurisdiction
    verified: int
    counted: int
    unverified: Sequence[LawFact]
    strict: Sequence[LawFact]

    @property
    def share(self) -> int | None:
        """The verified share in per cent; none for a policy, which is its own source."""
        return 100 * self.verified // self.counted if self.counted else None


def checked(law: Jurisdiction) -> Checked:
    """Return how far a law was checked."""
    facts = [fact for section in sections_of(law) for fact in section.facts]
    counted = [fact for fact in facts if fact.is_counted]
    return Checked(
        law,
        sum(fact.is_verified for fact in counted),
        len(counted),
        [fact for fact in counted if fact.is_doubtful],
        [fact for fact in facts if fact.read_strictly],
    )


@cache
def _all_checked(_language: str) -> tuple[Checked, ...]:
    laws = sorted(map(jurisdiction, regimes()), key=lambda law: (law.status is Status.POLICY, law.name))
    return tuple(checked(law) for law in laws)


def all_checked(language: str) -> tuple[Checked, ...]:
    """Return every law with how far it was checked, by name, our policy last; the words are of one language."""
    return _all_checked(language)
