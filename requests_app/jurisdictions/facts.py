"""What a law says beside its dates: proof, agents, children, the content of an answer, refusals, records."""

from datetime import date

from pydantic import Field, PositiveInt

from requests_app.jurisdictions.periods import Period
from requests_app.jurisdictions.sources import LawModel, Sourced
from requests_app.jurisdictions.vocabulary import RightCode


class VerificationLevel(LawModel):
    """How sure one must be of who asks, for some kinds of request."""

    level: str
    applies_to: tuple[str, ...]
    cite: str = ""
    note: str = ""


class Verification(Sourced):
    """How far the law lets one ask who the person is."""

    standard: str
    levels: tuple[VerificationLevel, ...] = ()
    fallback: str = ""


class Agents(Sourced):
    """Whether somebody else may ask in the person's name, and with what proof."""

    allowed: bool
    scope: str = ""
    proof: str = ""


class Children(Sourced):
    """Who acts for a child; `guardian_below` is the age where the law names one."""

    rule: str
    guardian_below: PositiveInt | None = None


class Fees(Sourced):
    """What may be charged; `may_charge` is false where the law or our policy knows no exception from free."""

    rule: str
    may_charge: bool = True


class NotifyDownstream(Sourced):
    """Who else must be told of a change, and for which rights."""

    who: str
    rights: tuple[RightCode, ...] = ()


class AccessContents(Sourced):
    """What an access answer must hold beside the data, and what it must only name."""

    items: tuple[str, ...] = Field(min_length=1)
    never_disclose: tuple[str, ...] = ()
    never_disclose_since: date | None = None


class Refusal(LawModel):
    """A reason the law gives for a "no"; `words` is what the person reads."""

    code: str
    cite: str
    words: str
    note: str = ""
    rights: tuple[RightCode, ...] = ()
    offered: bool = True


class RestrictionGround(Sourced):
    """A reason for which a law has the use of data restricted; `words` is what staff choose by."""

    code: str = Field(pattern=r"^[a-z_]{1,40}$")
    words: str = Field(min_length=1)


class Records(Sourced):
    """How long the record of a request is kept, and whether the data that were asked for are kept as long."""

    rule: str
    keep: Period | None = None
    keeps_data: bool = False


class Metrics(Sourced):
    """The yearly figures a law wants published or filed."""

    duty: str = ""


class SpecialDuty(Sourced):
    """A duty beside the ordinary answer; a figure where the law gives one, else its limit in words."""

    what: str
    limit: str = ""
    when: str = ""
    period: Period | None = None
