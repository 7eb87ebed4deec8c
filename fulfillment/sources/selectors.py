"""Which sources there are."""

from django.db.models import Prefetch, QuerySet

from fulfillment.sources.errors import UnknownSource
from fulfillment.sources.models import DataMapVersion, DataSource


def connected_sources() -> QuerySet[DataSource]:
    """Every source in its order, with the versions of its map; sealed settings are not fetched."""
    newest_first = Prefetch("map_versions", DataMapVersion.objects.order_by("-number"))
    return DataSource.objects.defer("settings_sealed").prefetch_related(newest_first)


def searchable_sources() -> list[DataSource]:
    """The sources that a run searches: those that are switched on."""
    return list(connected_sources().filter(enabled=True))


def sources_besides(source: DataSource) -> list[DataSource]:
    """The other sources that a run searches."""
    return list(connected_sources().filter(enabled=True).exclude(pk=source.pk))


def source_by_key(key: str) -> DataSource:
    """The source of this key. Raises UnknownSource."""
    try:
        return connected_sources().get(key=key)
    except DataSource.DoesNotExist:
        raise UnknownSource(f"No source is called “{key}”.") from None
