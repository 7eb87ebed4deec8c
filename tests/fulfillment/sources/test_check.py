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


def test_that_a_source_answers_is_not_written_again_where_it_was_known_a_moment_ago() -> None:
    source = connect_shop()
    note_success(source, at=NOON)
    moments = [NOON + timedelta(seconds=each) for each in (1, 59, 60)]
    seen = []
    for at in moments:
        note_success(DataSource.objects.get(pk=source.pk), at=at)
        seen.append(DataSource.objects.get(pk=source.pk).last_success_at)
    assert seen == [NOON, NOON, moments[-1]]


def test_a_failure_is_forgotten_at_the_next_answer_however_soon_it_comes() -> None:
    source = connect_shop()
    note_success(source, at=NOON)
    note_failure(source, sentence="It was down.", at=NOON)
    note_success(DataSource.objects.get(pk=source.pk), at=NOON + timedelta(seconds=1))
    source = DataSource.objects.get(pk=source.pk)
    assert (source.failures_in_row, source.last_error) == (0, "")


def test_noting_writes_nothing_else() -> None:
    source = connect_shop()
    other = DataSource.objects.defer("settings_sealed").get(pk=source.pk)
    change_shop(source, fails="fatal")
    note_success(other, at=LATER)
    assert DataSource.objects.get(pk=source.pk).settings_sealed["fails"] == "fatal"
