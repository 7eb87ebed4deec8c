"""The plan: what each source will be asked, shown before anything is touched."""

from dataclasses import dataclass

from fulfillment.datamaps.datamap import Collection
from fulfillment.sources.models import DataSource
from fulfillment.sources.selectors import searchable_sources
from requests_app.lifecycle.models import SubjectRequest


@dataclass(frozen=True)
class PlannedSource:
    """One source: by what the person is looked for, and in which collections."""

    source: DataSource
    map_number: int
    identities: tuple[str, ...]
    missing: tuple[str, ...]
    collections: tuple[Collection, ...]


@dataclass(frozen=True)
class Plan:
    """Every source that will be searched, in order."""

    sources: tuple[PlannedSource, ...]

    @property
    def collection_count(self) -> int:
        """How many collections are asked in all."""
        return sum(len(each.collections) for each in self.sources)


def plan_for(subject_request: SubjectRequest) -> Plan:
    """What an approval would set going now, by what is known of the person: the address they confirmed."""
    known = frozenset({"email"})
    return Plan(tuple(_planned(source, known) for source in searchable_sources()))


def _planned(source: DataSource, known: frozenset[str]) -> PlannedSource:
    version = source.map_in_force
    kinds = version.data_map.identity_kinds
    return PlannedSource(
        source=source,
        map_number=version.number,
        identities=tuple(sorted(kinds & known)),
        missing=tuple(sorted(kinds - known)),
        collections=version.data_map.collections,
    )
