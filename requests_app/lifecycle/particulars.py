"""What a right needs to know beyond the request itself: the shapes of its `particulars`, read and checked."""

from collections.abc import Mapping
from functools import cache
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from requests_app.errors import BadInput
from requests_app.jurisdictions.load import jurisdiction, regimes
from requests_app.lifecycle.models import SubjectRequest
from requests_app.policy.company import COMPANY, Purpose

MARKETING = "marketing"
FIELDS_MAX = 10
LINE_MAX, TEXT_MAX = 200, 2000

# Stripped, bounded, and without the one character that PostgreSQL cannot store.
Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=LINE_MAX, pattern=r"^[^\x00]*$")]
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=TEXT_MAX, pattern=r"^[^\x00]*$")]


def consents() -> tuple[Purpose, ...]:
    """Return the purposes of the policy that rest on consent, and so can be taken back."""
    return tuple(purpose for purpose in COMPANY.purposes if "consent" in purpose.bases)


def _purposes_of_the_policy(keys: tuple[str, ...]) -> tuple[str, ...]:
    if not {each.key for each in COMPANY.purposes}.issuperset(keys):
        raise ValueError("the policy knows no such purpose")
    return tuple(dict.fromkeys(keys))


def _consents_of_the_policy(keys: tuple[str, ...]) -> tuple[str, ...]:
    if not {each.key for each in consents()}.issuperset(keys):
        raise ValueError("no such purpose rests on consent")
    return tuple(dict.fromkeys(keys))


@cache
def _grounds_of_all_laws() -> frozenset[str]:
    return frozenset(each.code for key in regimes() for each in jurisdiction(key).restriction_grounds)


def _ground_of_some_law(code: str) -> str:
    if code and code not in _grounds_of_all_laws():
        raise ValueError("no law knows such a ground")
    return code


class Particulars(BaseModel):
    """The particulars of a right that needs none, and the root of the others."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @classmethod
    def of(cls, subject_request: SubjectRequest) -> Self:
        """Return what this request says; what it does not say has its default."""
        return cls.model_validate(subject_request.particulars)

    def stored(self) -> dict[str, object]:
        """Return the form in which a request keeps it."""
        return self.model_dump(mode="json")


class FieldToCorrect(Particulars):
    """One piece of information that the person says is wrong, and once decided, what was decided of it."""

    field: Line
    wrong: Text = ""
    right: Text
    evidence: Text = ""
    decision: Literal["", "accept", "reject"] = ""
    ground: Line = ""
    note: Text = ""


class Correction(Particulars):
    """What is wrong, what is right, and why."""

    fields: Annotated[tuple[FieldToCorrect, ...], Field(max_length=FIELDS_MAX)] = ()


class Objection(Particulars):
    """The purposes objected to, and the reasons that concern the person's own situation."""

    purposes: Annotated[tuple[str, ...], AfterValidator(_purposes_of_the_policy)] = ()
    reasons: Text = ""

    @property
    def is_to_marketing_only(self) -> bool:
        """Whether nothing is to be weighed."""
        return self.purposes == (MARKETING,)


class WithdrawnConsent(Particulars):
    """The consents taken back."""

    consents: Annotated[tuple[str, ...], AfterValidator(_consents_of_the_policy)] = ()


class AutomatedDecision(Particulars):
    """The decision that a person shall look at, and what the one concerned says to it."""

    decision: Text = ""
    view: Text = ""


class Restriction(Particulars):
    """Why the use of which information shall be limited: the reason that the person names, then the ground found.

    Which grounds can be named, and which count, is for the law of the case.
    """

    ground: Annotated[str, AfterValidator(_ground_of_some_law)] = ""
    what: Text = ""


class Deletion(Particulars):
    """Whether the deletion may begin before a copy asked for at the same time is delivered."""

    deletion_may_go_first: bool = False


class Nomination(Particulars):
    """Who shall exercise the person's rights after death or incapacity (section 14 of India's DPDP Act)."""

    nominee_name: Line = ""
    nominee_email: Annotated[str, StringConstraints(strip_whitespace=True, max_length=254)] = ""


SHAPES: dict[str, type[Particulars]] = {
    "correction": Correction,
    "objection": Objection,
    "withdraw_consent": WithdrawnConsent,
    "automated_decision": AutomatedDecision,
    "restriction": Restriction,
    "deletion": Deletion,
    "nominate": Nomination,
}


def particulars_of(subject_request: SubjectRequest) -> Particulars:
    """Return the particulars of a request in the shape of its right."""
    return SHAPES.get(subject_request.right, Particulars).of(subject_request)


def checked_particulars(right: str, given: Mapping[str, object]) -> dict[str, object]:
    """Return what a request of this right is to keep. Raises BadInput, without repeating what was given."""
    try:
        return SHAPES.get(right, Particulars).model_validate(given).stored()
    except ValidationError as wrong:
        # An unknown key may itself be something a person wrote.
        first = next((each for each in wrong.errors() if each["type"] != "extra_forbidden"), None)
        where = " at " + ".".join(str(part) for part in first["loc"]) if first else ""
        raise BadInput(f"What was said about this request cannot be used{where}.") from None
