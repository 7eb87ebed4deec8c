"""The ideas that rules speak of, and the contracts of the files that word them."""

from collections.abc import Mapping, Set
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator


class AskedRight(StrEnum):
    """What a letter can ask for: the rights of the product, and an appeal against an answer."""

    ACCESS = "access"
    CORRECTION = "correction"
    DELETION = "deletion"
    RESTRICTION = "restriction"
    PORTABILITY = "portability"
    OBJECTION = "objection"
    WITHDRAW_CONSENT = "withdraw_consent"
    OPT_OUT_SALE_SHARE = "opt_out_sale_share"
    LIMIT_SENSITIVE = "limit_sensitive"
    AUTOMATED_DECISION = "automated_decision"
    CONFIRMATION = "confirmation"
    THIRD_PARTY_LIST = "third_party_list"
    COMPLAINT = "complaint"
    GRIEVANCE = "grievance"
    NOMINATE = "nominate"
    APPEAL = "appeal"


class Circumstance(StrEnum):
    """Something about who writes for whom, and when, that staff must know."""

    AGENT = "agent"
    CHILD = "child"
    ENTERPRISE_USER = "enterprise_user"
    REMINDER = "reminder"
    SEVERAL = "several"
    THIRD_PARTY = "third_party"


class Idea(StrEnum):
    """Something a sentence can speak of."""

    ASK = "ask"
    MY_DATA = "my_data"
    PERSONAL_DATA = "personal_data"
    ACCOUNT = "account"
    EVERYTHING = "everything"
    HOLD = "hold"
    PRIVACY = "privacy"

    SHOW = "show"
    ACCESS_NAMED = "access_named"
    ACCESS_SAID = "access_said"
    CORRECT = "correct"
    WRONG = "wrong"
    DETAIL = "detail"
    CORRECTION_NAMED = "correction_named"
    CORRECTION_SAID = "correction_said"
    DELETE = "delete"
    DELETION_NAMED = "deletion_named"
    DELETION_SAID = "deletion_said"
    RESTRICT = "restrict"
    PROCESSING = "processing"
    RESTRICTION_NAMED = "restriction_named"
    TRANSFER = "transfer"
    FORMAT = "format"
    PROVIDER = "provider"
    PORTABILITY_NAMED = "portability_named"
    OBJECT = "object"
    STOP = "stop"
    MARKETING = "marketing"
    OBJECTION_NAMED = "objection_named"
    OBJECTION_SAID = "objection_said"
    WITHDRAW = "withdraw"
    CONSENT = "consent"
    WITHDRAWAL_NAMED = "withdrawal_named"
    SELL = "sell"
    OPT_OUT_NAMED = "opt_out_named"
    SENSITIVE = "sensitive"
    LIMIT = "limit"
    LIMIT_NAMED = "limit_named"
    AUTOMATED = "automated"
    DECISION = "decision"
    HUMAN = "human"
    AUTOMATED_NAMED = "automated_named"
    APPEAL = "appeal"
    REFUSAL = "refusal"
    APPEAL_NAMED = "appeal_named"
    CONFIRMATION_ASKED = "confirmation_asked"
    ONLY = "only"
    COPY = "copy"
    MORE = "more"
    RECIPIENTS_ASKED = "recipients_asked"
    COMPLAIN = "complain"
    COMPLAINT_NAMED = "complaint_named"
    AUTHORITY = "authority"
    BREACH = "breach"
    GRIEVANCE_NAMED = "grievance_named"
    NOMINATE = "nominate"
    DEATH = "death"
    UNTIL = "until"
    KEEP = "keep"
    WHICH_OTHERS = "which_others"
    DOCUMENTS = "documents"

    FACTS = "facts"
    DO_NOT = "do_not"
    COMPANY_VOICE = "company_voice"
    BUSINESS = "business"

    AGENT = "agent"
    CHILD = "child"
    ENTERPRISE_USER = "enterprise_user"
    REMINDER = "reminder"
    THIRD_PARTY = "third_party"


Pattern = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


def _separated(value: object) -> object:
    return [each for each in value.split(",") if each.strip()] if isinstance(value, str) else value


# Written as one text with commas, which reads better than a list with quotes.
Patterns = Annotated[tuple[Pattern, ...], BeforeValidator(_separated), Field(min_length=1)]
Weight = Annotated[float, Field(gt=0, lt=1)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Words(_Strict):
    """How one language words the ideas."""

    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")]
    ideas: Mapping[Idea, Patterns]


class Rule(_Strict):
    """Ideas that point to a right when one sentence holds them all and none of `without`.

    The whole letter must hold one of `somewhere`, where it is given, and none of `nowhere`.
    """

    all: tuple[Idea, ...] = Field(min_length=1)
    without: tuple[Idea, ...] = ()
    somewhere: tuple[Idea, ...] = ()
    nowhere: tuple[Idea, ...] = ()
    weight: Weight

    @cached_property
    def key(self) -> str:
        """The name by which evidence refers to this rule."""
        return "+".join(self.all)

    @cached_property
    def needs(self) -> frozenset[str]:
        """The ideas that must be met."""
        return frozenset(self.all)

    def may_hold(self, letter: Set[str]) -> bool:
        """Whether a letter that holds these ideas leaves room for the rule."""
        return letter.isdisjoint(self.nowhere) and (
            not self.somewhere or not letter.isdisjoint(self.somewhere)
        )


class RightRules(_Strict):
    """The rules of one right, the rights it usually mentions, and those in whose words it is said."""

    covers: tuple[AskedRight, ...] = ()
    outweighs: tuple[AskedRight, ...] = ()
    rules: tuple[Rule, ...] = Field(min_length=1)


class Rules(_Strict):
    """The rules of every right."""

    rights: Mapping[AskedRight, RightRules]

    @model_validator(mode="after")
    def _every_right_has_rules(self) -> Self:
        missing = [right.value for right in AskedRight if right not in self.rights]
        if missing:
            raise ValueError(f"no rules for {', '.join(missing)}")
        return self


class Law(_Strict):
    """A law: its names, and the right that each article or section grants."""

    key: str
    names: Patterns
    articles: Mapping[str, AskedRight] = {}


class Laws(_Strict):
    """The laws people cite, and the words before or after a number that make it an article."""

    before_number: Patterns
    after_number: Patterns
    laws: tuple[Law, ...]
