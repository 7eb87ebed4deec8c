"""A source without technical access, such as a paper archive: a named person is asked, and hands in what is held."""

from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from fulfillment.connectors.asking import Handed, Held, Owner, Paper, Question
from fulfillment.connectors.base import (
    Batch,
    CheckReport,
    CollectionDone,
    Connector,
    ConnectorSettings,
    Document,
    Heartbeat,
    Yielded,
    no_heartbeat,
    refuse_unknown_person,
    unsearched,
)
from fulfillment.connectors.errors import NotConfigured, Unsupported
from fulfillment.connectors.query import Identity, SubjectQuery
from fulfillment.connectors.records import RecordReader
from fulfillment.connectors.rows import parse_json
from fulfillment.datamaps.datamap import Collection, DataMap
from fulfillment.datamaps.traversal import traverse

# What a record of a collection of documents may say of its file, beside whom it is about.
ABOUT_A_FILE = ("document", "file", "type", "bytes", "sha256")
LINES_AT_ONCE = 1000


def _address(text: str) -> str:
    name, at, domain = text.strip().rpartition("@")
    if not (name and at and "." in domain) or any(mark.isspace() for mark in text.strip()):
        raise ValueError("it is to be a mail address")
    return text.strip()


class ManualTaskSettings(ConnectorSettings):
    """Who answers, within how many days, and who hears of it when they do not (else the privacy team alone)."""

    name: Annotated[str, Field(min_length=1, max_length=120)]
    address: Annotated[str, AfterValidator(_address), Field(max_length=254)]
    days: Annotated[int, Field(ge=1, le=60)] = 7
    escalate_to: Annotated[
        str, AfterValidator(lambda text: _address(text) if text else ""), Field(max_length=254)
    ] = ""


class ManualTaskConnector(Connector[ManualTaskSettings]):
    """Asks a person, and takes what they hand in for what the source holds."""

    kind = "manual_task"
    label = "Asked of a person"
    settings_model = ManualTaskSettings
    asks_a_person = True

    @property
    def answered_by(self) -> Owner:
        """The person of the settings."""
        said = self.settings
        return Owner(said.name, said.address, said.days, said.escalate_to)

    def refuse_unfit_map(self, data_map: DataMap) -> None:
        """Documents are described by a few fields that we can fill. Raises NotConfigured."""
        for collection in data_map.collections:
            if not collection.documents:
                continue
            known = [each.name for each in collection.returned_fields if not each.identity]
            odd = [name for name in known if name not in ABOUT_A_FILE]
            if odd or "file" not in known:
                raise NotConfigured(
                    f"{collection.name} keeps documents: it has the field file and may have "
                    f"{', '.join(ABOUT_A_FILE)} and an identity, and nothing else."
                )

    def check(self, data_map: DataMap | None = None) -> CheckReport:
        """Nobody is written to: whether the person answers shows when they are asked."""
        if data_map is not None:
            self.refuse_unfit_map(data_map)
        return CheckReport("A person is asked here by mail; nobody was written to now.")

    def search(
        self, query: SubjectQuery, data_map: DataMap, *, heartbeat: Heartbeat = no_heartbeat
    ) -> Iterator[Yielded]:
        """What the person hands in. Raises Waiting until they have answered, Unsupported when they cannot."""
        refuse_unknown_person(query, data_map)
        identities = tuple(
            Identity(kind, value) for kind in sorted(data_map.identity_kinds) for value in query.values(kind)
        )
        heartbeat()
        handed = self.people.answer_to(Question(self.answered_by, identities))
        if handed.held is Held.CANNOT:
            raise Unsupported(
                f"{self.settings.name} cannot answer for {data_map.label}. The reason stands beside the source."
            )
        traversal = traverse(data_map, query.kinds)
        for step in traversal.steps:
            if step.is_entrance:
                continue
            heartbeat()
            collection = data_map.collection(step.collection)
            yield from (
                _papers(handed, collection, query) if collection.documents else _records(handed, collection)
            )
        for name in traversal.unreachable:
            yield unsearched(name, query)


def _records(handed: Handed, collection: Collection) -> Iterator[Yielded]:
    reader = RecordReader(collection, collection.label)
    lines: list[bytes] = []
    if collection.name in handed.lines:
        for given in handed.lines[collection.name]():
            line = reader.line(reader.checked(parse_json(given)))
            if line is not None:
                lines.append(line)
            if len(lines) >= LINES_AT_ONCE:
                yield Batch(collection.name, lines)
                lines = []
    if lines:
        yield Batch(collection.name, lines)
    yield CollectionDone(
        collection.name, reader.count, unmapped=tuple(handed.unmapped.get(collection.name, ()))
    )


def _papers(handed: Handed, collection: Collection, query: SubjectQuery) -> Iterator[Yielded]:
    reader = RecordReader(collection, collection.label)
    lines = []
    for paper in handed.papers:
        if paper.collection != collection.name:
            continue
        yield Document(collection.name, paper.name, paper.media_type, paper.read())
        line = reader.line(reader.checked(_described(paper, collection, query)))
        if line is not None:
            lines.append(line)
    if lines:
        yield Batch(collection.name, lines)
    yield CollectionDone(collection.name, reader.count)


def _described(paper: Paper, collection: Collection, query: SubjectQuery) -> dict[str, Any]:
    """A document as a record: whom it is about, what it is called, and which file it is."""
    said = {
        "document": paper.label,
        "file": paper.name,
        "type": paper.media_type,
        "bytes": paper.size,
        "sha256": paper.sha256,
    }
    return {
        each.name: next(iter(query.values(each.identity)), None) if each.identity else said[each.name]
        for each in collection.returned_fields
    }


CONNECTOR = ManualTaskConnector
