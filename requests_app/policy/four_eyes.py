"""Which decisions the company has a second person make, beside those that always need one."""

from dataclasses import dataclass
from enum import StrEnum

from pydantic import ConfigDict


class Decided(StrEnum):
    """A decision that a policy can name."""

    REFUSAL = "refusal"
    PARTIAL_GRANT = "partial_grant"


@dataclass(frozen=True, slots=True)
class FourEyesRule:
    """Decisions that one person proposes and another makes; without `rights` for every right."""

    __pydantic_config__ = ConfigDict(extra="forbid")

    decisions: tuple[Decided, ...]
    rights: tuple[str, ...] = ()
    only_sensitive: bool = False

    def covers(self, decision: Decided, *, right: str, is_sensitive: bool) -> bool:
        """Whether a decision about such a request is one of them."""
        named = decision in self.decisions and (not self.rights or right in self.rights)
        return named and (is_sensitive or not self.only_sensitive)
