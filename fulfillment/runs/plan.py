"""The plan: what each source will be asked, in which order, and what it cannot do; shown before anything is touched."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fulfillment.connectors.base import CONNECTORS, Estimate
from fulfillment.connectors.errors import ConnectorError
from fulfillment.connectors.query import SubjectQuery
from fulfillment.datamaps.datamap import Collection, DataMap
from fulfillment.datamaps.traversal import Step, traverse
from fulfillment.identities.models import KnownIdentity
from fulfillment.identities.selectors import accepted_identities, how_known, query_by, query_for
from fulfillment.sources.connection import open_connector
from fulfillment.sources.models import DataSource
from fulfillment.sources.selectors import searchable_sources
from requests_app.errors import DomainError
from requests_app.lifecycle.known_rights import right
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.rights.base import Operation


@dataclass(frozen=True)
class PlannedStep:
    """One collection in its turn: by which ways it is reached, and how many rows are expected (None: not told).

    `is_guess` marks a number that the source has guessed from its statistics, as counting would have been dear.
    """

    collection: Collection
    ways: tuple[str, ...]
    rows: int | None = None
    is_guess: bool = False

    @property
    def spoken_rows(self) -> str:
        """The rows as a person reads them."""
        if self.rows is None:
            return ""
        return _("about %(rows)s") % {"rows": f"{self.rows:,}"} if self.is_guess else f"{self.rows:,}"

    @property
    def stays_because(self) -> str:
        """The rule that keeps it from being erased, in the map's words; empty where nothing does."""
        retention = self.collection.retention
        return retention.rule if retention and (retention.keep or retention.period) else ""


@dataclass(frozen=True)
class PlannedSource:
    """One source: by what the person is looked for, in which steps, and what nobody can do by itself.

    `asked_by` says how each of the identities it is asked by came to be known. `missing` are kinds that its map knows
    and nobody has accepted; `wanting` is the sentence where that leaves it out of reach altogether. `untold` says why
    its rows could not be counted; empty where they were, or nobody has asked yet. `asked` says who
    gets the question as a task, where a person answers for the source.
    """

    source: DataSource
    map_number: int
    identities: tuple[str, ...]
    missing: tuple[str, ...]
    collections: tuple[Collection, ...]
    steps: tuple[PlannedStep, ...] = ()
    unreachable: tuple[Collection, ...] = ()
    by_hand: str = ""
    asked: str = ""
    untold: str = ""
    asked_by: tuple[str, ...] = ()
    wanting: str = ""

    @property
    def spoken_identities(self) -> str:
        """By what it is asked, in words."""
        return ", ".join(kind.replace("_", " ") for kind in self.identities)

    @property
    def rows(self) -> int | None:
        """How many rows are expected in all; None where nobody has counted."""
        counted = [step.rows for step in self.steps if step.rows is not None]
        return sum(counted) if counted else None


@dataclass(frozen=True)
class Plan:
    """Every source that will be searched, in order."""

    sources: tuple[PlannedSource, ...]

    @property
    def collection_count(self) -> int:
        """How many collections are asked in all."""
        return sum(len(each.collections) for each in self.sources)

    @property
    def maps(self) -> str:
        """What an approval of this plan pins: each source with the number of its map."""
        return ",".join(f"{each.source.key}:{each.map_number}" for each in self.sources)


def plan_for(subject_request: SubjectRequest) -> Plan:
    """What an approval would set going now; no source is asked for anything."""
    known = accepted_identities(subject_request)
    query = query_by(known, subject_request)
    return Plan(tuple(_planned(source, subject_request, query, known) for source in searchable_sources()))


def with_estimates(plan: Plan, subject_request: SubjectRequest) -> Plan:
    """The same with the rows that each source expects to give; it counts them and hands none over."""
    query = query_for(subject_request)
    return Plan(tuple(_counted(each, query) for each in plan.sources))


def _planned(
    source: DataSource, subject_request: SubjectRequest, query: SubjectQuery, known: Iterable[KnownIdentity]
) -> PlannedSource:
    version = source.map_in_force
    data_map, kinds = version.data_map, version.data_map.identity_kinds
    traversal = traverse(data_map, query.kinds)
    return PlannedSource(
        source=source,
        map_number=version.number,
        identities=tuple(sorted(kinds & query.kinds)),
        missing=tuple(sorted(kinds - query.kinds)),
        collections=data_map.collections,
        steps=tuple(_step(data_map, step) for step in traversal.steps if not step.is_entrance),
        unreachable=tuple(data_map.collection(name) for name in traversal.unreachable),
        by_hand=_by_hand(source, subject_request),
        asked=_asked(source),
        asked_by=tuple(
            dict.fromkeys(how_known(each) for each in known if not each.is_shared and each.kind in kinds)
        ),
        wanting="" if kinds & query.kinds else _wanting(kinds),
    )


def _wanting(kinds: Iterable[str]) -> str:
    """What somebody has to add before the source can be asked."""
    words = " or ".join(kind.replace("_", " ") for kind in sorted(kinds))
    return _("It can be asked by %(kinds)s only. Add that under “Known by”, or leave the source out.") % {
        "kinds": words
    }


def _step(data_map: DataMap, step: Step) -> PlannedStep:
    by_identity = [_("by %(kind)s") % {"kind": seed.kind.replace("_", " ")} for seed in step.seeds]
    by_others = [
        _("from %(parent)s") % {"parent": data_map.collection(link.parent).label} for link in step.links
    ]
    return PlannedStep(data_map.collection(step.collection), tuple(dict.fromkeys(by_identity + by_others)))


def _asked(source: DataSource) -> str:
    """Who is written to, where no system answers; no other source's settings are fetched or opened for that."""
    if source.kind not in CONNECTORS or not CONNECTORS.get(source.kind).asks_a_person:
        return ""
    try:
        owner = open_connector(source).answered_by
    except DomainError:
        return ""
    if owner is None:
        return ""
    words = {"owner": owner.name, "days": owner.days}
    return (
        ngettext(
            "%(owner)s gets this as a task by mail and has %(days)s day to answer.",
            "%(owner)s gets this as a task by mail and has %(days)s days to answer.",
            owner.days,
        )
        % words
    )


def _by_hand(source: DataSource, subject_request: SubjectRequest) -> str:
    """What becomes a person's task once it is decided, and whose."""
    operation = right(subject_request.right).operation
    if operation in (Operation.COLLECT, Operation.DECIDE) or source.kind not in CONNECTORS:
        return ""
    if CONNECTORS.get(source.kind).changes:
        return ""
    owner = source.map_in_force.data_map.owner.partition("<")[0].strip()
    if owner:
        return _("It cannot change anything by itself: that will be a task for %(owner)s.") % {"owner": owner}
    return _("It cannot change anything by itself: that will be a task for whoever looks after it.")


def _counted(planned: PlannedSource, query: SubjectQuery) -> PlannedSource:
    if not planned.identities:
        return planned
    try:
        found = open_connector(planned.source).estimate(query, planned.source.map_in_force.data_map)
    except ConnectorError as failure:
        return replace(planned, untold=failure.sentence)
    if not found:
        return replace(planned, untold=_("It cannot count without reading."))
    return replace(planned, steps=tuple(_with_rows(planned.steps, {each.collection: each for each in found})))


def _with_rows(steps: Iterable[PlannedStep], found: Mapping[str, Estimate]) -> Iterator[PlannedStep]:
    for step in steps:
        estimate = found.get(step.collection.name)
        yield replace(step, rows=estimate.rows, is_guess=not estimate.exact) if estimate else step
