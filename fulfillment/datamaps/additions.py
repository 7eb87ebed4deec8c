"""Our additions to a fideslang Dataset, under `meta.omne`: what people and counsel ask about the data."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, model_validator

from fulfillment.datamaps.api_description import ApiDescription
from fulfillment.datamaps.changing import CollectionChanges, MaskingRule, Period
from fulfillment.datamaps.descriptions import Description, FilesDescription, Text
from fulfillment.datamaps.preset import PresetOrigin
from requests_app.policy.company import COMPANY


def _known(noun: str, keys: frozenset[str]) -> AfterValidator:
    def check(key: str) -> str:
        if key not in keys:
            raise ValueError(f"“{key}” is no {noun} of the privacy policy: {', '.join(sorted(keys))}")
        return key

    return AfterValidator(check)


PolicyCategory = Annotated[str, _known("category", frozenset(each.key for each in COMPANY.categories))]
Purpose = Annotated[str, _known("purpose", frozenset(each.key for each in COMPANY.purposes))]
Basis = Annotated[str, _known("legal basis", frozenset(each.key for each in COMPANY.bases))]
Recipient = Annotated[str, _known("recipient", frozenset(each.key for each in COMPANY.recipients))]
# One word or several; frameworks number their types too.
TypeValues = Annotated[
    tuple[Annotated[str, Field(min_length=1, max_length=200, coerce_numbers_to_str=True)], ...],
    BeforeValidator(lambda given: given if isinstance(given, list | tuple) else [given]),
    Field(min_length=1),
]
# As in BCP 47, in lower case, as people choose it in the form: `de`, `pt-br`.
LanguageCode = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[a-z0-9]{2,8})*$")]
RightCode = Annotated[str, _known("right", frozenset(each.key for each in COMPANY.rights))]


class Retention(Description):
    """How long a collection is kept, in words; `keep` marks what a law makes us keep against erasure.

    With a `period` that holds row by row: what is older goes, what is younger stays until its last day. `leans_on`
    names fields elsewhere (collection.field) without which a row that stays means nothing, such as the name an invoice
    was made out to: they are kept with it, whatever it stays for.
    """

    rule: Text
    keep: bool = False
    period: Period | None = None
    leans_on: tuple[Text, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _read_within_a_period(cls, written: Any) -> Any:
        """Maps that were written when only a period could keep rows say it there."""
        period = written.get("period") if isinstance(written, dict) else None
        if not isinstance(period, dict) or "leans_on" not in period or "leans_on" in written:
            return written
        rest = {name: value for name, value in period.items() if name != "leans_on"}
        return {**written, "period": rest, "leans_on": period["leans_on"]}


class Proposed(Description):
    """A part of a map that was found by looking at the source, how surely, and why; nobody has confirmed it yet.

    `kept_out` marks what was found and, for the reason in `why`, not made part of the map.
    """

    what: Literal["category", "identity", "secret", "reference", "retention", "policy", "collection"]
    value: Text
    confidence: Annotated[float, Field(ge=0, le=1)]
    why: Text
    kept_out: bool = False


class TypedReference(Description):
    """A reference that holds only beside certain values: `commentable_id` means orders where the type says `Order`.

    `when` names fields of the same collection with the values that they must have, in full and letter by letter.
    `from`: rows are found by the other's key; `to`: the other's rows are found by this field.
    """

    field: Text
    when: Annotated[dict[Text, TypeValues], Field(min_length=1)]
    direction: Literal["from", "to"] = "from"


class FieldAdditions(Description):
    """What we say about a field: its label; that it is a secret; that a source may leave it out.

    `channel` marks an address that is the person's own: a notice of a deletion goes there too. `erase` says how its
    value is taken away where the row stays. `type` is the source's own word for its type, by which a later look
    sees that it has changed. Passwords and credentials, by their category, are secrets unless `secret: false` says no.
    """

    label: Text | None = None
    about: Text | None = None
    secret: bool | None = None
    optional: bool = False
    channel: bool = False
    erase: MaskingRule | None = None
    type: Text | None = None
    references: tuple[TypedReference, ...] = ()
    proposed: tuple[Proposed, ...] = ()


class CollectionAdditions(CollectionChanges):
    """What we say about a collection. `together` names fields that refer to another one only as a whole.

    `documents` marks a collection of original files, of which each record names one.
    """

    label: Text | None = None
    about: Text | None = None
    policy: PolicyCategory | None = None
    purposes: tuple[Purpose, ...] = ()
    legal_basis: Basis | None = None
    retention: Retention | None = None
    recipients: tuple[Recipient, ...] = ()
    source: Text | None = None
    rights: tuple[RightCode, ...] = tuple(each.key for each in COMPANY.rights)
    together: tuple[tuple[str, ...], ...] = ()
    documents: bool = False
    proposed: tuple[Proposed, ...] = ()
    fields: dict[str, FieldAdditions] = Field(default_factory=dict)


class Additions(Description):
    """Everything under `meta.omne`. `unmapped` names tables and columns that are left out, each with the reason.

    `words` has the map's own words (labels, retention, where it comes from) in other languages: by the code of the
    language, each as the map says it with what a person is told instead.
    """

    label: Text | None = None
    owner: Text | None = None
    collections: dict[str, CollectionAdditions] = Field(default_factory=dict)
    api: ApiDescription | None = None
    files: FilesDescription | None = None
    unmapped: dict[str, Text] = Field(default_factory=dict)
    preset: PresetOrigin | None = None
    words: dict[LanguageCode, dict[Text, Text]] = Field(default_factory=dict)
