"""The words that law files use: rights, units, effects on a clock, rules for a last day."""

from enum import StrEnum


class RightCode(StrEnum):
    """A right that some law grants."""

    ACCESS = "access"
    CONFIRMATION = "confirmation"
    THIRD_PARTY_LIST = "third_party_list"
    CORRECTION = "correction"
    DELETION = "deletion"
    RESTRICTION = "restriction"
    PORTABILITY = "portability"
    OBJECTION = "objection"
    WITHDRAW_CONSENT = "withdraw_consent"
    OPT_OUT_SALE_SHARE = "opt_out_sale_share"
    LIMIT_SENSITIVE = "limit_sensitive"
    AUTOMATED_DECISION = "automated_decision"
    GRIEVANCE = "grievance"
    NOMINATE = "nominate"
    COMPLAINT = "complaint"


class Status(StrEnum):
    """Whether a regime binds already."""

    IN_FORCE = "in_force"
    PARTLY_IN_FORCE = "partly_in_force"
    POLICY = "policy"


class Basis(StrEnum):
    """Who set a figure: the law, a regulator's guidance, or the company where the law gives no number."""

    LAW = "law"
    GUIDANCE = "guidance"
    POLICY = "policy"


class Unit(StrEnum):
    """What a period is counted in."""

    CALENDAR_DAYS = "calendar_days"
    BUSINESS_DAYS = "business_days"
    CALENDAR_MONTHS = "calendar_months"


class OwnTerm(StrEnum):
    """How a right is timed where it has no period of its own."""

    STANDARD = "standard"  # the regime's response period
    AT_ONCE = "at_once"  # promptly, immediately, without delay: no day of grace


class Effect(StrEnum):
    """What a question to the person does to the clock."""

    NONE = "none"
    PAUSE = "pause"
    PAUSE_INCLUSIVE = "pause_inclusive"
    START_AT_LATEST = "start_at_latest"
    START_AFTER_FEE_WINDOW = "start_after_fee_window"


class ExtensionKind(StrEnum):
    """Whether the law gives more time, and whether it says how much."""

    NONE = "none"
    FIXED = "fixed"
    NAMED_DATE = "named_date"  # the notice itself names the new date


class LastDayRule(StrEnum):
    """What happens to a date that falls on a day nobody works."""

    NEXT_WORKING_DAY = "next_working_day"
    NEXT_NON_HOLIDAY = "next_non_holiday"
    PREVIOUS_WORKING_DAY = "previous_working_day"
    NO_SHIFT = "no_shift"
    BUSINESS_DAYS_ONLY = "business_days_only"


class Weekday(StrEnum):
    """A day of the week, by the three letters law files use."""

    MON = "mon"
    TUE = "tue"
    WED = "wed"
    THU = "thu"
    FRI = "fri"
    SAT = "sat"
    SUN = "sun"

    @property
    def number(self) -> int:
        """Return the number that `date.weekday` gives."""
        return list(Weekday).index(self)
