"""Which collections of which sources a recipient has had, as the data maps say."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from fulfillment.datamaps.datamap import Collection, DataField
from fulfillment.recipients.models import Recipient
from fulfillment.sources.models import DataSource
from requests_app.policy.company import COMPANY


@dataclass(frozen=True)
class Place:
    """One collection of one source."""

    source: str
    source_label: str
    collection: Collection

    @property
    def key(self) -> str:
        """The place as it is written down."""
        return f"{self.source}/{self.collection.name}"

    @property
    def label(self) -> str:
        """What it holds, in words fit for somebody outside: the policy's category, else the map's own label."""
        known = {each.key: each.label for each in COMPANY.categories}
        return known.get(self.collection.policy or "", self.collection.label)

    def field(self, name: str) -> DataField | None:
        """A field that a search returns."""
        return next((each for each in self.collection.returned_fields if each.name == name), None)


def disclosed_places() -> list[Place]:
    """Every collection that some recipient has, by the maps in force."""
    sources = DataSource.objects.filter(enabled=True).prefetch_related("map_versions")
    return [each for source in sources for each in places_in(source) if each.collection.recipients]


def places_in(source: DataSource) -> Iterator[Place]:
    """Every collection of a source."""
    for collection in source.map_in_force.data_map.collections:
        yield Place(source.key, source.label, collection)


def places_of(recipient: Recipient, places: Iterable[Place]) -> list[Place]:
    """Those of the places that this recipient has had."""
    return [
        each
        for each in places
        if recipient.disclosed_as in each.collection.recipients
        and (not recipient.narrowed_to or each.key in recipient.narrowed_to)
    ]
