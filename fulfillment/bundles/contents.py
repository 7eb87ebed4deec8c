"""What goes into a bundle, as plain values: formats need nothing else, neither database nor store."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import chain
from typing import Any
from uuid import UUID

from fulfillment.bundles.decoding import decoded, encoded
from requests_app.policy.company import Company

FULL = "full"


@dataclass(frozen=True, slots=True)
class FieldContent:
    """A field of a collection: its name in the source and the label a person reads."""

    name: str
    label: str


@dataclass(frozen=True, slots=True)
class Withheld:
    """Why something was left out: the law's reason, where it stands, and the words for the person."""

    code: str
    citation: str
    words: str

    @property
    def text(self) -> str:
        """The words, and where they stand."""
        return f"{self.words} ({self.citation})" if self.citation else self.words


@dataclass(frozen=True, slots=True)
class PartLeftOut:
    """Something of a collection that is in the bundle otherwise: so many records, files, values or words, and why.

    `what` is one of `release.tally`, `kind` whose words they were; `field` is the label of the field.
    """

    what: str
    field: str
    kind: str
    count: int
    withheld: Withheld


@dataclass(frozen=True, slots=True)
class ToldContent:
    """One recipient who was told of what an earlier request brought, and when; without a day, perhaps why not."""

    recipient: str
    kind: str
    on: date | None
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class ServiceContent:
    """Another service that the person asked us to send their copy to, and how far that is, in words."""

    name: str
    asked_on: date
    stands: str


@dataclass(frozen=True, slots=True)
class SourceContent:
    """A source of the run: how it was searched, and what came of it; `note` says why it was not."""

    key: str
    label: str
    searched_by: str
    row_count: int
    searched: bool = True
    note: str = ""


@dataclass(frozen=True, slots=True)
class FileContent:
    """An original file of a collection, under the name that its record gives; `open_chunks` gives its bytes."""

    name: str
    media_type: str
    open_chunks: Callable[[], Iterable[bytes]] = field(repr=False)


@dataclass(frozen=True)
class CollectionContent:
    """One collection of one source, in words for the person; `open_rows` gives its records as JSON lines,
    in blocks of one or more without the last line's end.

    `secrets` are fields named to the person and never exported. `rights` are codes of rights that apply.
    """

    source_key: str
    source_label: str
    key: str
    label: str
    about: str
    fields: tuple[FieldContent, ...]
    row_count: int
    open_rows: Callable[[], Iterable[bytes]] = field(repr=False)
    category: str = ""
    purposes: tuple[str, ...] = ()
    legal_basis: str = ""
    retention: str = ""
    recipients: tuple[str, ...] = ()
    origin: str = ""
    rights: tuple[str, ...] = ()
    secrets: tuple[FieldContent, ...] = ()
    withheld: Withheld | None = None
    # What was left out of it; its records come without that.
    left_out: tuple[PartLeftOut, ...] = ()
    files: tuple[FileContent, ...] = ()
    # A narrower answer names what is held: no record of it is ever opened.
    is_named_only: bool = False

    @property
    def is_exported(self) -> bool:
        """Whether its records are in the bundle."""
        return self.withheld is None and self.row_count > 0 and not self.is_named_only

    @property
    def headings(self) -> list[str]:
        """The labels of the fields; where two are alike, with the name of the field."""
        labels = [field.label for field in self.fields]
        return [
            f"{field.label} ({field.name})" if labels.count(field.label) > 1 else field.label
            for field in self.fields
        ]

    def blocks(self) -> Iterator[bytes]:
        """The records as blocks of JSON lines, without any secret; none when the collection is withheld."""
        if not self.is_exported:
            return
        marks = [encoded(secret.name.rpartition(".")[2]) for secret in self.secrets]
        for block in self.open_rows():
            # Connectors never read secrets; should one ever slip through, it ends here.
            if any(mark in block for mark in marks):
                yield b"\n".join(map(self._without_secrets, block.split(b"\n")))
            else:
                yield block

    def batches(self) -> Iterator[list[dict[str, Any]]]:
        """The records as values, some at a time; numbers keep their spelling (`Numeral`)."""
        return map(decoded, self.blocks())

    def rows(self) -> Iterator[dict[str, Any]]:
        """The same, one by one."""
        return chain.from_iterable(self.batches())

    def first_rows(self, count: int) -> list[dict[str, Any]]:
        """The first of the records, without reading into those that follow."""
        rows: list[dict[str, Any]] = []
        for block in self.blocks():
            rows += decoded(b"\n".join(block.split(b"\n", count - len(rows))[: count - len(rows)]))
            if len(rows) >= count:
                break
        return rows

    def _without_secrets(self, line: bytes) -> bytes:
        (record,) = decoded(line)
        for secret in self.secrets:
            _drop(record, secret.name.split("."))
        return encoded(record)


@dataclass(frozen=True)
class BundleInput:
    """Everything a bundle says. The search is over; nothing here changes while the bundle is built."""

    bundle_id: UUID
    number: int
    reference: str
    subject_name: str
    subject_email: str
    language: str
    regime_key: str
    regime_name: str
    regime_short: str
    access_citation: str
    access_items: tuple[str, ...]
    authority: str
    other_rights: tuple[str, ...]  # codes of what the person may ask for besides
    received_on: date
    due_on: date
    made_at: datetime
    made_on: date  # where the law of the case counts its days, as every other day of the letter
    policy_version: str
    company: Company
    sources: tuple[SourceContent, ...]
    collections: tuple[CollectionContent, ...]
    right: str = "access"
    # How much the answer holds (AnswerScope); `scope_citation` is where the law gives a lesser one for lesser proof.
    scope: str = FULL
    scope_citation: str = ""
    # Of each kind of recipient, by the policy's label, those who are known by name.
    recipient_names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    told: tuple[ToldContent, ...] = ()
    services: tuple[ServiceContent, ...] = ()

    @property
    def is_narrow(self) -> bool:
        """Whether the answer names what is held, and holds none of it."""
        return self.scope != FULL

    @property
    def exported(self) -> tuple[CollectionContent, ...]:
        """The collections whose records are in the bundle."""
        return tuple(each for each in self.collections if each.is_exported)

    @property
    def withheld(self) -> tuple[CollectionContent, ...]:
        """The collections that hold records and were left out."""
        return tuple(each for each in self.collections if each.withheld is not None and each.row_count > 0)

    @property
    def not_copied(self) -> tuple[CollectionContent, ...]:
        """The exported collections with fields that are named and never copied, such as a password."""
        return tuple(each for each in self.exported if each.secrets)

    @property
    def row_count(self) -> int:
        """How many records are in the bundle."""
        return sum(each.row_count for each in self.exported)

    def collections_of(self, source: SourceContent) -> tuple[CollectionContent, ...]:
        """The collections of one source, in the order of its map."""
        return tuple(each for each in self.collections if each.source_key == source.key)


def _drop(value: Any, path: list[str]) -> None:
    if isinstance(value, list):
        for each in value:
            _drop(each, path)
    elif isinstance(value, dict):
        if len(path) == 1:
            value.pop(path[0], None)
        else:
            _drop(value.get(path[0]), path[1:])
