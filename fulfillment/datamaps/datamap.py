"""The data map as a value: what the rest of the product works with, free of fideslang and of YAML."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from fulfillment.datamaps.additions import Proposed, Retention
from fulfillment.datamaps.api_description import ApiDescription
from fulfillment.datamaps.changing import CollectionChanges, Masking
from fulfillment.datamaps.descriptions import FilesDescription
from fulfillment.datamaps.preset import PresetOrigin

Direction = Literal["from", "to"] | None
# Pairs of a field and the values it must have.
When = tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Reference:
    """A link to another field. `from`: our values come from it; `to`: its come from ours; None: both ways.

    It holds only where the fields that `when` names beside it have one of the values given there.
    """

    dataset: str
    target: str
    direction: Direction
    line: int = field(default=0, compare=False)
    when: When = ()


@dataclass(frozen=True, slots=True)
class DataField:
    """A field of a collection; `name` is its path with dots where it lies inside another field."""

    name: str
    label: str
    description: str = ""
    categories: tuple[str, ...] = ()
    data_type: str | None = None
    primary_key: bool = False
    identity: str | None = None
    references: tuple[Reference, ...] = ()
    secret: bool = False
    optional: bool = False
    channel: bool = False
    masking: Masking | None = None
    type_name: str | None = None
    proposed: tuple[Proposed, ...] = ()
    fields: tuple["DataField", ...] = ()
    line: int = field(default=0, compare=False)

    @property
    def is_email(self) -> bool:
        """Whether its values are e-mail addresses, which are compared without regard to case and edges."""
        return self.identity == "email" or any(name.endswith(".email") for name in self.categories)


@dataclass(frozen=True, slots=True)
class Collection:
    """A table, an endpoint's records, or a set of files."""

    name: str
    label: str
    fields: tuple[DataField, ...]
    about: str = ""
    policy: str | None = None
    purposes: tuple[str, ...] = ()
    legal_basis: str | None = None
    retention: Retention | None = None
    recipients: tuple[str, ...] = ()
    source: str = ""
    rights: tuple[str, ...] = ()
    together: tuple[tuple[str, ...], ...] = ()
    documents: bool = False
    changes: CollectionChanges = field(default_factory=CollectionChanges)
    proposed: tuple[Proposed, ...] = ()
    line: int = field(default=0, compare=False)
    by_name: Mapping[str, DataField] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_name", {each.name: each for each in self.every_field()})

    def every_field(self) -> tuple[DataField, ...]:
        """All fields, those inside others too, in the order of the map."""
        found: list[DataField] = []
        waiting = list(reversed(self.fields))
        while waiting:
            each = waiting.pop()
            found.append(each)
            waiting.extend(reversed(each.fields))
        return tuple(found)

    @property
    def lists(self) -> frozenset[str]:
        """The fields that hold lists: `participants`, of data type `object[]`, with `participants.email` in each."""
        return frozenset(each.name for each in self.every_field() if (each.data_type or "").endswith("[]"))

    @property
    def returned_fields(self) -> tuple[DataField, ...]:
        """The top-level fields that a search returns: all but the secrets, which are named and never read."""
        return tuple(each for each in self.fields if not each.secret)

    @property
    def secret_fields(self) -> tuple[DataField, ...]:
        """Fields that are named to the person and never exported, wherever they lie."""
        return tuple(each for each in self.every_field() if each.secret)

    @property
    def primary_key(self) -> tuple[str, ...]:
        """The names of the key's fields; empty when the map names none."""
        return tuple(each.name for each in self.every_field() if each.primary_key)


@dataclass(frozen=True, slots=True)
class DataMap:
    """What one source holds. `document` is the Dataset as it was written, to write it back without loss."""

    key: str
    label: str
    collections: tuple[Collection, ...]
    owner: str = ""
    description: str = ""
    namespace: Mapping[str, Any] = field(default_factory=dict)
    api: ApiDescription | None = None
    files: FilesDescription | None = None
    unmapped: Mapping[str, str] = field(default_factory=dict)
    preset: PresetOrigin | None = None
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    document: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)
    by_name: Mapping[str, Collection] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_name", {each.name: each for each in self.collections})

    def collection(self, name: str) -> Collection:
        """The collection of this name; KeyError when the map has none."""
        return self.by_name[name]

    def find_field(self, target: str) -> tuple[Collection, DataField] | None:
        """The field that "collection.field" means; names may hold dots, so the longest collection wins."""
        parts = target.split(".")
        for cut in range(len(parts) - 1, 0, -1):
            found = self.by_name.get(".".join(parts[:cut]))
            if found is not None:
                named = found.by_name.get(".".join(parts[cut:]))
                return None if named is None else (found, named)
        return None

    @property
    def policy_categories(self) -> frozenset[str]:
        """The categories of the privacy policy that this source answers."""
        return frozenset(each.policy for each in self.collections if each.policy)

    @property
    def identity_kinds(self) -> frozenset[str]:
        """What a person can be searched by: what fields declare, or what an API's addresses want."""
        if self.api:
            wanted = [name for each in self.api.collections.values() for name in each.blanks]
            return frozenset(name[len("identity.") :] for name in wanted if name.startswith("identity."))
        fields = [field for each in self.collections for field in each.every_field()]
        return frozenset(field.identity for field in fields if field.identity)
