"""Checking a source: what the answer leaves on its row."""

from datetime import timedelta

import pytest

from fulfillment.connectors.errors import NotConfigured
from fulfillment.sources.check import check_source, note_failure, note_success
from fulfillment.sources.models import DataSource
from tests.factories import NOON
from tests.sources import change_shop, connect_shop

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(hours=1)


def test_a_source_that_answers_is_noted_as_such() -> None:
    source = connect_shop()
    note_failure(source, sentence="It was down.", at=NOON)
    assert check_source(source=source, at=LATER).sentence == "The source answers."
    source = DataSource.objects.get(pk=source.pk)
    assert (source.last_checked_at, source.last_success_at, source.last_error) == (LATER, LATER, "")


def test_a_source_that_is_not_as_its_map_says_is_noted_with_the_sentence() -> None:
    source = connect_shop()
    note_success(source, at=NOON)
    change_shop(source, rows={"customers": []})
    source = DataSource.objects.get(pk=source.pk)
    with pytest.raises(NotConfigured, match="The map names orders"):
        check_source(source=source, at=LATER)
    source = DataSource.objects.get(pk=source.pk)
    assert (source.last_checked_at, source.last_success_at) == (LATER, NOON)
    assert "The map names orders" in source.last_error


def test_noting_writes_nothing_else() -> None:
    source = connect_shop()
    other = DataSource.objects.defer("settings_sealed").get(pk=source.pk)
    change_shop(source, fails="fatal")
    note_success(other, at=LATER)
    assert DataSource.objects.get(pk=source.pk).settings_sealed["fails"] == "fatal"
