"""The contract of a connector: how the product asks a source for everything it holds about one person."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from fulfillment.connectors.asking import Nobody, Owner, People
from fulfillment.connectors.changing import (
    ChangeOrder,
    ChangeReceipt,
    Note,
    Operation,
    Preflight,
    Reached,
    Verdict,
)
from fulfillment.connectors.errors import NotConfigured, Unsupported
from fulfillment.connectors.expected import Expected, expected_by_map
from fulfillment.connectors.memory import OwnMemory, SourceMemory
from fulfillment.connectors.query import Identity, SubjectQuery
from fulfillment.connectors.reading_back import OldValue, ReadBack, Reading, reading_query
from fulfillment.connectors.sweeping import Sweeper
from fulfillment.datamaps.datamap import DataMap
from fulfillment.traces.needles import Needles
from requests_app.registry import Registry

Heartbeat = Callable[[], None]


def no_heartbeat() -> None:
    """For callers that hold no lease."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows of one collection, each a JSON object in UTF-8 on a line of its own, without the line's end.

    Lines rather than dicts, because that is what is stored: a database that can write JSON itself hands its
    rows through without one Python object per value, which is most of the cost of a large person. A row has
    every field of the map but the secret ones, in the map's order, without loss: numbers with decimals as
    strings of their digits, times in ISO 8601, bytes as {"$base64": …}, JSON columns as they are.
    """

    collection: str
    lines: list[bytes]


@dataclass(frozen=True, slots=True)
class CollectionDone:
    """All rows of a collection have been given: `count` of them.

    `unsearched` says why none could be looked for (the request carries no identity that leads here),
    `unmapped` names fields that the source has and the map does not, so that nothing is left out unsaid.
    """

    collection: str
    count: int
    unsearched: str = ""
    unmapped: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """An original file of a collection that keeps documents, whole; a row of the collection names it by `name`.

    The name is made, never taken from elsewhere: small letters, figures, `-` and `_`, and one ending, as `001.pdf`.
    """

    collection: str
    name: str
    media_type: str
    content: bytes = field(repr=False)


Yielded = Batch | CollectionDone | Document


@dataclass(frozen=True, slots=True)
class Estimate:
    """How many rows a collection is expected to give; not `exact` where counting would have cost too much."""

    collection: str
    rows: int
    exact: bool = True


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What a look at the live source showed: warnings are worth a sentence, and stop nothing."""

    sentence: str
    warnings: tuple[str, ...] = ()


class ConnectorSettings(BaseModel):
    """What a connector needs to know; secrets are SecretStr, so that no text of it shows them."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    @classmethod
    def with_secret(
        cls, values: Mapping[str, Any], name: str, secret: str, *, at: datetime
    ) -> dict[str, Any]:
        """These settings with a new secret in the place of the old one; not looked at yet."""
        return {**values, name: secret}


SettingsT = TypeVar("SettingsT", bound=ConnectorSettings)


class Connector(ABC, Generic[SettingsT]):
    """A way to reach a kind of source. One is made per search and holds nothing between two.

    A search yields batches and, for every collection of the map, exactly one CollectionDone after its last
    batch; original files may stand anywhere. Each row comes once, however many ways lead to it. A search that
    ends by a ConnectorError voids
    all it has yielded.
    """

    kind: ClassVar[str]
    label: ClassVar[str]
    # What it can change; a kind that can settles what it changes as `changing` says.
    changes: ClassVar[frozenset[Operation]] = frozenset()
    settings_model: ClassVar[type[ConnectorSettings]]
    offered: ClassVar[bool] = True
    # Whether it can be swept in a thread of its own; one that talks to the source's memory is read where it was asked.
    swept_alongside: ClassVar[bool] = True
    # Whether an erasure can take words about the person out of rows of others, as `ChangeOrder.mentions` names them.
    takes_words_out: ClassVar[bool] = False
    # Whether it has tables that can be looked at, as databases have.
    is_database: ClassVar[bool] = False
    # Whether a person answers in place of a system.
    asks_a_person: ClassVar[bool] = False

    def __init__(self, settings: SettingsT) -> None:
        self.settings = settings
        # What all who talk to the source share; who opens the connector of a source puts the source's own here.
        self.memory: SourceMemory = OwnMemory()
        # Who asks the people that answer for sources without technical access.
        self.people: People = Nobody()
        # How far the change is that it is making, where it can say.
        self.reached = Reached()

    @classmethod
    def from_settings(cls, values: Mapping[str, Any]) -> "Connector[Any]":
        """A connector with these settings. Raises NotConfigured, naming the setting and never its value."""
        try:
            return cls(cls.settings_model.model_validate(dict(values)))  # type: ignore[arg-type]
        except ValidationError as refused:
            wrong = refused.errors(include_url=False, include_context=False, include_input=False)[0]
            name = ".".join(str(part) for part in wrong["loc"]) or "settings"
            why = wrong["msg"].removeprefix("Value error, ").removesuffix(".")
            raise NotConfigured(
                f"The setting {name} of this {cls.label} source cannot be used: {why}."
            ) from None

    def refuse_unfit_map(self, data_map: DataMap) -> None:
        """Refuse a map that lacks what this kind of source is read by. Raises NotConfigured."""

    @abstractmethod
    def check(self, data_map: DataMap | None = None) -> CheckReport:
        """Look whether the source is there, and as the map says; no record is read. Raises ConnectorError."""

    @abstractmethod
    def search(
        self, query: SubjectQuery, data_map: DataMap, *, heartbeat: Heartbeat = no_heartbeat
    ) -> Iterator[Yielded]:
        """Everything the source holds about a person; `heartbeat` is called as the work goes on."""

    @classmethod
    def why_not_swept(cls, data_map: DataMap) -> str:
        """Why the records of such a source cannot be gone through one by one; empty where they can."""
        if cls.swept is not Connector.swept:
            return ""
        return (
            f"{data_map.label} is a {cls.label} source, whose records cannot be gone through one by one. "
            "Look into it by hand."
        )

    def swept(
        self,
        needles: Needles,
        *,
        name: str,
        purpose: str,
        data_map: DataMap | None = None,
        heartbeat: Heartbeat = no_heartbeat,
    ) -> AbstractContextManager[Sweeper]:
        """The source opened to be swept for a person. Raises Unsupported where its records cannot be enumerated.

        `data_map` is the map in force, for sources whose records can only be listed by it. `heartbeat` is for those
        that are not swept in a thread of their own.
        """
        raise Unsupported(
            f"{name} is a {self.label} source, whose records cannot be gone through one by one. Look into it by hand."
        )

    @property
    def answered_by(self) -> Owner | None:
        """Who is asked in place of a system; None where a system answers."""
        return None

    @classmethod
    def lists_identities(cls, data_map: DataMap) -> bool:
        """Whether everybody whom a source of this map holds can be gone through, by what they are known by."""
        return False

    def identities(
        self, data_map: DataMap, kinds: frozenset[str], *, heartbeat: Heartbeat = no_heartbeat
    ) -> Iterator[Identity]:
        """What everybody is known by, to find again whom only a keyed hash names. Raises ConnectorError."""
        raise Unsupported(f"The people of a {self.label} source cannot be gone through one by one.")

    def interrupt(self) -> None:
        """Stop what the source is doing for us; called from another thread, where there is something to stop."""

    def estimate(self, query: SubjectQuery, data_map: DataMap) -> tuple[Estimate, ...]:
        """How many rows a search would give, where that is cheap to know; empty where it is not."""
        return ()

    def preflight(
        self, order: ChangeOrder, data_map: DataMap, *, heartbeat: Heartbeat = no_heartbeat
    ) -> Preflight:
        """Everything that a change would do, and all that could fail; nothing is changed. Raises ConnectorError."""
        raise self._cannot(order)

    def change(
        self, order: ChangeOrder, data_map: DataMap, *, note: Note, heartbeat: Heartbeat = no_heartbeat
    ) -> ChangeReceipt:
        """Make the change; `note` gets the receipt before it becomes final. Raises ConnectorError, PreflightFailed.

        Where each record becomes final by itself, `note` is called before each, and may refuse to go on. An order
        that was carried out before changes nothing more.
        """
        raise self._cannot(order)

    def settle(
        self,
        order: ChangeOrder,
        data_map: DataMap,
        noted: ChangeReceipt,
        *,
        heartbeat: Heartbeat = no_heartbeat,
    ) -> Verdict:
        """Ask the source whether a change that was noted became final. Raises ConnectorError."""
        raise self._cannot(order)

    @classmethod
    def expected(cls, order: ChangeOrder, data_map: DataMap) -> tuple[Expected, ...]:
        """How the rows of an order's collections read once it was carried out; by the map, unless a kind knows more."""
        return expected_by_map(order, data_map)

    def read_back(
        self,
        order: ChangeOrder,
        data_map: DataMap,
        *,
        old_values: Iterable[OldValue] = (),
        concerned: Iterable[str] = (),
        heartbeat: Heartbeat = no_heartbeat,
    ) -> ReadBack:
        """Look, by an ordinary search, whether the source reads as an order wanted it. Raises ConnectorError.

        `old_values` are looked for in the collections that are `concerned`, whatever the order changed.
        """
        reading = Reading(order, self.expected(order, data_map), data_map, old_values, tuple(concerned))
        for each in self.search(reading_query(order, data_map), data_map, heartbeat=heartbeat):
            if isinstance(each, Batch):
                reading.take(each.collection, each.lines)
            elif isinstance(each, CollectionDone) and each.unsearched:
                reading.unread(each.collection, each.unsearched)
        return reading.result()

    def made_so_far(self, order: ChangeOrder, data_map: DataMap) -> ChangeReceipt:
        """What of an order without an end is final already, where each record becomes final by itself; else nothing.

        It is known without asking the source. Raises ConnectorError.
        """
        return ChangeReceipt(())

    def receipt_of(self, order: ChangeOrder, data_map: DataMap, noted: ChangeReceipt) -> ChangeReceipt:
        """The receipt of a change that was settled as done: the noted one, where the source has given no other."""
        return noted

    def _cannot(self, order: ChangeOrder) -> Unsupported:
        return Unsupported(f"A {self.label} source cannot be asked to {order.operation} anything.")


def refuse_unknown_person(query: SubjectQuery, data_map: DataMap) -> None:
    """Refuse a search by nothing that the map knows. Raises Unsupported."""
    if not query.kinds & data_map.identity_kinds:
        wanted = " or ".join(sorted(kind.replace("_", " ") for kind in data_map.identity_kinds))
        if not wanted:
            raise Unsupported(f"The map of {data_map.label} does not say by what a person is found in it.")
        raise Unsupported(
            f"{data_map.label} can be searched by {wanted} only, and this request carries none."
        )


def unsearched(collection: str, query: SubjectQuery) -> CollectionDone:
    """The end of a collection that none of the request's identities leads to."""
    kinds = ", ".join(sorted(kind.replace("_", " ") for kind in query.kinds))
    return CollectionDone(
        collection, 0, unsearched=f"No way leads here from what is known of the person ({kinds})."
    )


CONNECTORS: Registry[type[Connector[Any]]] = Registry(
    noun="connector",
    package="fulfillment.connectors.kinds",
    attribute="CONNECTOR",
    group="omne_dsar.connectors",
)
