"""Whatever a kind takes on can be written with a word in every sealed column, and the word is gone with its request."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.apps import apps
from pytest_django import Settings

from requests_app.encryption.doomed import remove_doomed
from requests_app.encryption.fields import sealed_fields
from requests_app.encryption.store import current_store
from requests_app.lifecycle.models import SubjectRequest
from requests_app.retention.base import Rows, Stage, kinds
from requests_app.retention.due import due_now
from requests_app.retention.own_days import forget_what_is_due
from requests_app.retention.purge import purge_request
from tests.factories import ada_asks
from tests.rows_of_everything import row_of, rows_of_every_kind
from tests.sources import connect_shop

pytestmark = pytest.mark.django_db
WORD = "zqx7canary"


@pytest.fixture(autouse=True)
def store(settings: Settings, tmp_path: Path) -> None:
    settings.STORE_URL, settings.STORE_OPTIONS = f"file://{tmp_path}/store", {}


def _parts() -> list[Rows]:
    return [part for _key, kind in kinds() for part in kind.rows]


@pytest.mark.parametrize("part", _parts(), ids=lambda part: part.model.__name__)
def test_a_row_of_every_model_can_be_written_and_forgotten(part: Rows) -> None:
    connect_shop()
    asked = ada_asks()
    row = part.of([asked.pk]).first() or row_of(part.model, asked, WORD)
    assert row.pk in part.of([asked.pk]).values_list("pk", flat=True)
    assert part.count([asked.pk])[asked.pk] >= 1
    part.forget(asked.pk)
    left = part.model._default_manager.filter(pk=row.pk).first()
    if part.are_deleted:
        assert left is None
        return
    assert left is not None
    for name, value in part.empties.items():
        held = getattr(left, name)
        empty = value() if callable(value) else value
        assert (bytes(held) if isinstance(held, memoryview) else held) == empty, name


def test_nothing_of_the_request_opens_any_more_once_it_is_purged() -> None:
    connect_shop()
    asked = ada_asks(name=f"Ada {WORD}")
    rows_of_every_kind(asked, WORD)
    assert len(_opened()) >= 20
    assert list(current_store().names())
    closed = SubjectRequest.objects.get(pk=asked.pk)
    assert closed.closed_at is not None
    later = closed.closed_at + timedelta(days=800)
    due = due_now(closed, Stage.RECORD, at=later)
    assert due is not None
    assert due.held == ""
    assert purge_request(asked.pk, Stage.RECORD, at=later)
    forget_what_is_due(at=later + timedelta(days=4000), also_daily=True)
    remove_doomed()
    assert _opened() == {}
    assert list(current_store().names()) == []


def _opened() -> dict[str, int]:
    found: dict[str, int] = {}
    for label in ("requests_app", "fulfillment"):
        for model in apps.get_app_config(label).get_models():
            for row in model._default_manager.all() if not model._meta.proxy else ():
                if any(WORD in str(getattr(row, field.name)) for field in sealed_fields(model)):
                    found[model._meta.label] = found.get(model._meta.label, 0) + 1
    return found
