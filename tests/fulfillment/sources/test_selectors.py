"""Which sources there are."""

from typing import Any

import pytest

from fulfillment.sources.errors import UnknownSource
from fulfillment.sources.models import DataSource
from fulfillment.sources.selectors import connected_sources, searchable_sources, source_by_key
from tests.sources import connect_shop

pytestmark = pytest.mark.django_db


def test_sources_come_in_their_order() -> None:
    for key in ("b", "a", "c"):
        connect_shop(key)
    assert [source.key for source in connected_sources()] == ["b", "a", "c"]


def test_a_source_that_is_switched_off_is_not_searched() -> None:
    connect_shop("used")
    connect_shop("unused")
    DataSource.objects.filter(key="unused").update(enabled=False)
    assert [source.key for source in searchable_sources()] == ["used"]
    assert connected_sources().count() == 2


def test_maps_come_along_in_one_query_more(django_assert_num_queries: Any) -> None:
    for key in ("a", "b", "c"):
        connect_shop(key)
    with django_assert_num_queries(2):
        assert [source.map_in_force.number for source in searchable_sources()] == [1, 1, 1]


def test_an_unknown_key_is_a_sentence() -> None:
    with pytest.raises(UnknownSource, match="No source is called “gone”"):
        source_by_key("gone")
