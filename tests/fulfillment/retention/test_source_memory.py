"""What the memory of a source holds of a change stays as long as the change is open, and goes with its request."""

from datetime import timedelta

import pytest
from django.utils import timezone

from fulfillment.changes.models import ChangeState, ChangeTask
from fulfillment.connectors.api_journal import Journal
from fulfillment.connectors.file_changes.log import ReplacementLog
from fulfillment.connectors.memory import OwnMemory
from fulfillment.connectors.order_names import slots_of_order
from fulfillment.retention.kinds.source_memory import KEPT
from fulfillment.sources.models import SourceSlot
from requests_app.lifecycle.models import SubjectRequest
from requests_app.retention.own_days import forget_what_is_due
from tests.factories import ada_asks, rosa
from tests.rows_of_everything import row_of
from tests.sources import connect_shop

pytestmark = pytest.mark.django_db


@pytest.fixture
def change() -> ChangeTask:
    """A change that is still to be done, of which every kind of connector has kept something."""
    source, asked = connect_shop(), ada_asks()
    task = row_of(ChangeTask, asked, "word", state=ChangeState.OPEN, ended_at=None)
    assert isinstance(task, ChangeTask)
    for name in slots_of_order(str(task.pk)):
        SourceSlot.objects.create(source=source, key=name, kept_sealed={"done": 1})
    SourceSlot.objects.update(changed_at=timezone.now() - timedelta(days=4000))
    return task


def test_the_names_are_those_that_the_connectors_use() -> None:
    memory, key = OwnMemory(), "a-change"
    assert {Journal(memory, key, lambda _target: None).name, ReplacementLog(memory, key).name} <= {
        *slots_of_order(key)
    }


def test_the_journal_of_an_open_change_is_kept_however_old_it_is(change: ChangeTask) -> None:
    held = SourceSlot.objects.count()
    forget_what_is_due(at=timezone.now(), also_daily=True)
    assert SourceSlot.objects.count() == held


def test_it_goes_some_weeks_after_the_change_is_over(change: ChangeTask) -> None:
    ChangeTask.objects.filter(pk=change.pk).update(
        state=ChangeState.DONE, ended_at=timezone.now(), ended_by=rosa()
    )
    forget_what_is_due(at=timezone.now(), also_daily=True)
    assert not SourceSlot.objects.exists()


def test_it_goes_with_the_record_of_its_request(change: ChangeTask) -> None:
    asked = SubjectRequest.objects.get(pk=change.subject_request_id)
    for first in KEPT.first:
        first(asked, timezone.now())
    assert not SourceSlot.objects.exists()
