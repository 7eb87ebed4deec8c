"""How long the company keeps what belongs to a request once it is over."""

from dataclasses import dataclass

from pydantic import ConfigDict


@dataclass(frozen=True, slots=True)
class Keeping:
    """The company's own periods; a law that names one for the record of a request goes before."""

    __pydantic_config__ = ConfigDict(extra="forbid")

    record_months: int
    findings_days: int
    memory_days: int
    staff_mails_days: int
    other_mail_days: int
    hold_review_months: int

    def __post_init__(self) -> None:
        days = (self.findings_days, self.memory_days, self.staff_mails_days, self.other_mail_days)
        if min(self.record_months, self.hold_review_months, *days) < 1:
            raise ValueError("Every period of `keeping` is at least 1.")
