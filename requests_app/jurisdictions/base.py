"""The contract every law file fulfils: a jurisdiction, its rights, its clock and its last day."""

from datetime import date, datetime
from functools import cached_property
from typing import Annotated, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BeforeValidator, Field, PositiveInt, field_validator, model_validator

from requests_app.jurisdictions.facts import (
    AccessContents,
    Agents,
    Children,
    Fees,
    Metrics,
    NotifyDownstream,
    Records,
    Refusal,
    RestrictionGround,
    SpecialDuty,
    Verification,
)
from requests_app.jurisdictions.last_days import BusinessDays, LastDay
from requests_app.jurisdictions.periods import Extension, Period
from requests_app.jurisdictions.sources import LawModel, Sourced, as_sequence
from requests_app.jurisdictions.vocabulary import (
    Effect,
    OwnTerm,
    RightCode,
    Status,
)


class InForce(Sourced):
    """Since when the law binds; no date for the company's own policy."""

    since: date | None = None


class Right(Sourced):
    """Whether a law grants a right, and by when it must be answered."""

    exists: bool = True
    period: Period | OwnTerm | None = None
    wording: str = ""  # the law's own word where it gives no number
    since: date | None = None
    scope: str = ""
    limits: str = ""
    act_first: str = ""

    @model_validator(mode="after")
    def _granted_rights_say_when(self) -> Self:
        if self.exists and (self.period is None or not self.cite):
            raise ValueError("a right that exists needs `period` and `cite`")
        if not self.exists and self.period is not None:
            raise ValueError("a right that does not exist has no `period`")
        return self


class ClockEffect(Sourced):
    """What a question to the person does to the clock, for all rights or for some."""

    effect: Effect
    when: str = ""
    rights: tuple[RightCode, ...] = ()
    window_days: PositiveInt | None = None
    # The effect rests on a condition that not every question meets: it counts where a named person records why.
    only_with_reason: bool = False

    @model_validator(mode="after")
    def _fee_window_has_a_length(self) -> Self:
        if (self.effect is Effect.START_AFTER_FEE_WINDOW) != (self.window_days is not None):
            raise ValueError("`window_days` belongs to start_after_fee_window, and only there")
        return self

    def effect_for(self, right: RightCode) -> Effect:
        """Return the effect on a request of this right."""
        return self.effect if not self.rights or right in self.rights else Effect.NONE


class ClockEffects(LawModel):
    """The three questions that may stop a clock."""

    identity: ClockEffect
    clarification: ClockEffect
    fee: ClockEffect

    def of(self, topic: str) -> ClockEffect:
        """Return the effect of a question about identity, clarification or fee."""
        return {"identity": self.identity, "clarification": self.clarification, "fee": self.fee}[topic]


class Acknowledgement(Sourced):
    """By when receipt must be confirmed, and for which rights; no period where there is no duty."""

    period: Period | None = None
    rights: tuple[RightCode, ...] = ()
    contents: str = ""


class Appeal(Sourced):
    """The appeal to the company itself, where the law knows one, and the way on from a refusal."""

    exists: bool
    route: str = ""
    file_within: Period | None = None
    file_within_in_words: str = ""
    answer_within: Period | None = None
    after: str = ""


class Complaint(Sourced):
    """Complaints: the day we must confirm one made to us, and the person's time to go to the authority."""

    acknowledge_within: Period | None = None
    window: Period | None = None


class Jurisdiction(LawModel):
    """One regime: everything the product needs to know of one privacy law."""

    key: str = Field(pattern=r"^[a-z]{2}(-[a-z]+)?$|^default$")
    name: str
    short_name: str  # as it stands in a sentence: "the GDPR"
    status: Status
    in_force: InForce
    applies_to: str
    territories: tuple[str, ...]  # ISO 3166 countries or subdivisions whose people it protects
    time_zone: str
    time_zone_note: str = ""
    rights: dict[RightCode, Right]
    acknowledgement: Acknowledgement
    response: Annotated[tuple[Period, ...], BeforeValidator(as_sequence), Field(min_length=1)]
    extension: Extension
    clock: ClockEffects
    last_day: LastDay
    business_days: BusinessDays = BusinessDays()
    appeal: Appeal
    complaint: Complaint = Complaint()
    completion_notice: Period | None = None
    special: tuple[SpecialDuty, ...] = ()
    verification: Verification
    agents: Agents
    children: Children
    fees: Fees
    notify_downstream: NotifyDownstream
    access_contents: AccessContents
    restriction_grounds: tuple[RestrictionGround, ...] = ()
    refusals: tuple[Refusal, ...]
    refusals_read: Sourced = Sourced()  # where the reasons were read, and which of them were not
    records: Records
    metrics: Metrics
    authority: str
    notes: tuple[str, ...] = ()

    @field_validator("time_zone")
    @classmethod
    def _zone_is_known(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, OSError) as unknown:
            raise ValueError(f"“{value}” is no time zone") from unknown
        return value

    @model_validator(mode="after")
    def _restriction_has_its_grounds(self) -> Self:
        entry = self.rights.get(RightCode.RESTRICTION)
        if bool(entry and entry.exists) != bool(self.restriction_grounds):
            raise ValueError(
                "`restriction_grounds` stand where the right to restriction exists, and only there"
            )
        if any(not each.cite for each in self.restriction_grounds):
            raise ValueError("each of `restriction_grounds` needs `cite`")
        return self

    @cached_property  # ZoneInfo itself remembers only the last few zones
    def zone(self) -> ZoneInfo:
        """Return the time zone that decides on which day something happened."""
        return ZoneInfo(self.time_zone)

    def binds_on(self, day: date) -> bool:
        """Whether the law was in force on a day."""
        return self.in_force.since is None or self.in_force.since <= day

    def grants(self, right: RightCode, when: date | datetime) -> bool:
        """Whether a person who asks on this day, or at this moment where the law counts, has this right."""
        day = when.astimezone(self.zone).date() if isinstance(when, datetime) else when
        found = self.rights.get(right)
        return bool(
            found and found.exists and self.binds_on(day) and (found.since is None or found.since <= day)
        )

    def refusals_for(self, right: RightCode) -> tuple[Refusal, ...]:
        """Return the reasons that staff may give for refusing a request of this right."""
        return tuple(
            each for each in self.refusals if each.offered and (not each.rights or right in each.rights)
        )

    def response_on(self, day: date) -> Period:
        """Return the response period in force on a day; the earliest one before any has started."""
        started = [period for period in self.response if period.since is None or period.since <= day]
        return max(started or self.response[:1], key=lambda period: period.since or date.min)
