"""When the company reminds its staff and the people who ask, and who is told as a date comes near."""

from dataclasses import dataclass
from enum import StrEnum

from pydantic import ConfigDict


class Told(StrEnum):
    """Who is told; whoever stands in for an assignee that is missing is the team."""

    ASSIGNEE = "assignee"
    TEAM = "team"
    LEAD = "lead"


@dataclass(frozen=True, slots=True)
class Escalation:
    """From so many days before the due date on (-1: once it is past), who gets a mail of its own."""

    __pydantic_config__ = ConfigDict(extra="forbid")

    days_left: int
    tell: tuple[Told, ...]


@dataclass(frozen=True, slots=True)
class Reminding:
    """The company's own times beside the law's: days before a date, and the day's hour at which mail is sent."""

    __pydantic_config__ = ConfigDict(extra="forbid")

    hour: int
    target_share: float
    days_before: tuple[int, ...]
    acknowledge_days_before: int
    acknowledge_tell: tuple[Told, ...]
    at_once_tell: tuple[Told, ...]
    extension_days_before: int
    lapse_days_before: tuple[int, ...]
    question_days: tuple[int, ...]
    work_days: tuple[int, ...]
    hold_days_before: tuple[int, ...]
    hold_tell: tuple[Told, ...]
    retention_days_before: int
    escalation: tuple[Escalation, ...]

    def __post_init__(self) -> None:
        if not (0 <= self.hour < 24 and 0 < self.target_share < 1):
            raise ValueError("`hour` lies between 0 and 23, `target_share` between 0 and 1.")

    def tell(self, days_left: int) -> tuple[Told, ...]:
        """Return who gets a mail of its own with so many days left; nobody while the digest is enough."""
        reached = [step for step in self.escalation if days_left <= step.days_left]
        return min(reached, key=lambda step: step.days_left).tell if reached else ()
