"""Which category of the privacy policy is answered by which source, and what no map mentions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from fulfillment.datamaps.datamap import DataMap
from fulfillment.datamaps.read import load_map
from fulfillment.introspection.compare import Comparison, Kind, compare
from fulfillment.introspection.models import MapProposal
from fulfillment.sources.models import DataSource
from fulfillment.sources.selectors import connected_sources
from requests_app.policy.company import COMPANY, Category


@dataclass(frozen=True)
class CoverageLine:
    """A category of the policy, and beside each source how many of its collections answer it."""

    category: Category
    counts: tuple[int, ...]

    @property
    def is_hole(self) -> bool:
        """Whether no source answers it."""
        return not any(self.counts)


@dataclass(frozen=True)
class SourceCoverage:
    """What of a source no category and no map covers."""

    source: DataSource
    data_map: DataMap
    look: MapProposal | None
    without_category: tuple[str, ...]
    comparison: Comparison | None

    @property
    def new_columns(self) -> int:
        """How many columns the last look saw that the map does not mention."""
        return self.comparison.count(Kind.ADDED) if self.comparison else 0

    @property
    def new_tables(self) -> int:
        """How many tables the last look saw that the map neither holds nor leaves out."""
        return self.comparison.count(Kind.LEFT_OUT) if self.comparison else 0

    @property
    def unmapped(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """The columns that no map mentions, by table."""
        if self.comparison is None:
            return ()
        tables: dict[str, list[str]] = {}
        for each in self.comparison.every:
            if each.kind is Kind.ADDED:
                tables.setdefault(each.collection, []).append(each.field)
        return tuple((name, tuple(columns)) for name, columns in tables.items())


def policy_lines(parts: Sequence[SourceCoverage]) -> list[CoverageLine]:
    """Every category of the policy, in its order, beside the sources in theirs."""
    held = [[each.policy for each in part.data_map.collections] for part in parts]
    return [
        CoverageLine(category, tuple(policies.count(category.key) for policies in held))
        for category in COMPANY.categories
    ]


def source_coverage() -> list[SourceCoverage]:
    """Every connected source."""
    looks = _newest_looks()
    return [_of(source, looks.get(source.pk)) for source in connected_sources()]


def _newest_looks() -> Mapping[UUID, MapProposal]:
    looked = MapProposal.objects.filter(looked_at__isnull=False).order_by("source_id", "-looked_at")
    return {each.source_id: each for each in looked.distinct("source_id")}


def _of(source: DataSource, look: MapProposal | None) -> SourceCoverage:
    version = source.map_in_force
    without = tuple(each.label for each in version.data_map.collections if not each.policy)
    compared = _compared(look.pk, look.yaml, version.yaml) if look else None
    return SourceCoverage(source, version.data_map, look, without, compared)


@lru_cache(maxsize=32)
def _compared(_look: UUID, proposal: str, in_force: str) -> Comparison:
    """Remembered, as neither text ever changes."""
    return compare(load_map(proposal), load_map(in_force))
