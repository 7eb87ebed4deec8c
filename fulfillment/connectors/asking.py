"""The contract of a source that is a person: what they are asked, and what they hand in."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from fulfillment.connectors.errors import NotConfigured
from fulfillment.connectors.query import Identity


class Held(StrEnum):
    """How a person answers for a source."""

    FOUND = "found"
    NOTHING = "nothing"
    CANNOT = "cannot"


@dataclass(frozen=True, slots=True)
class Owner:
    """Who answers for a source, in how many days, and who hears of it when they do not."""

    name: str
    address: str = field(repr=False)
    days: int = 7
    escalate_to: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Question:
    """Whom an owner is to look for: what the source's map knows a person by, and nothing else."""

    owner: Owner
    identities: tuple[Identity, ...]


@dataclass(frozen=True, slots=True)
class Paper:
    """An original file that was handed in, under the name that we gave it and the owner's words for it."""

    collection: str
    label: str
    name: str
    media_type: str
    sha256: str
    size: int
    read: Callable[[], bytes] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Handed:
    """What an owner answered; `lines` by collection are records as JSON lines that fit the map."""

    held: Held
    lines: Mapping[str, Callable[[], Iterator[bytes]]] = field(default_factory=dict, repr=False)
    unmapped: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    papers: tuple[Paper, ...] = ()


class People(Protocol):
    """Asks the owner of a source, and remembers that they were asked."""

    def answer_to(self, question: Question) -> Handed:
        """What the owner answered. Raises Waiting until they have; the first time they are asked."""


class Nobody:
    """For a connector that belongs to no source: there is no way to ask anybody."""

    def answer_to(self, question: Question) -> Handed:
        """Refuse. Raises NotConfigured."""
        raise NotConfigured("This source is not connected, so nobody can be asked.")
