"""A connected shop on a real PostgreSQL that changes by itself, and the steps of its work."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import yaml

from fulfillment.changes.begin import begin_deletion
from fulfillment.changes.by_connector.carry import carry_out
from fulfillment.changes.by_connector.models import SourceChange
from fulfillment.changes.finish import finish_changes
from fulfillment.changes.models import ChangeTask
from fulfillment.changes.rehearsals.look import look_beforehand
from fulfillment.changes.rehearsals.models import Rehearsal
from fulfillment.sources.connect import connect_source
from fulfillment.sources.models import DataSource
from requests_app.leases.models import WorkState
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.states import RequestState as S
from tests.factories import NOON, SYSTEM, a_request_in
from tests.fulfillment.changes.shop import approve, fresh, propose, search
from tests.fulfillment.connectors.sql_changes.shop import Shop, shop_yaml

ANN = "ann@club.example"
LATER = NOON + timedelta(days=9)


def connect(
    shop: Shop, *, words: Mapping[str, Mapping[str, str]] | None = None, **rules: Mapping[str, Any]
) -> DataSource:
    """Connect the shop, with rules of its map in place of the usual ones, and its words in other languages."""
    written = yaml.safe_load(shop_yaml(**rules))
    written["dataset"][0]["meta"]["omne"]["words"] = words or {}
    return connect_source(
        key="shop",
        kind="postgresql",
        label="Shop",
        settings={"url": shop.url},
        map_yaml=yaml.safe_dump(written),
        by=SYSTEM,
        at=NOON,
    )


def checked(**about: str) -> SubjectRequest:
    """Ann's deletion, its dry run made and each source looked into."""
    asked = a_request_in(S.FULFILLING, right="deletion", email=ANN, **about)
    search(asked)
    look()
    return fresh(asked)


def look() -> None:
    """What a worker does with every look that waits."""
    for row in Rehearsal.objects.filter(work_state=WorkState.WAITING):
        look_beforehand(row_id=row.pk, at=NOON)


def erasing(asked: SubjectRequest | None = None) -> SubjectRequest:
    """Ann's deletion, its waiting period over."""
    asked = asked or checked()
    propose(asked)
    waits = approve(asked)
    assert begin_deletion(subject_request_id=asked.pk, at=waits.waits_until)
    return fresh(asked)


def work(asked: SubjectRequest, *, at: datetime = LATER) -> SubjectRequest:
    """What a worker does with everything that waits."""
    waiting = SourceChange.objects.filter(change__subject_request=asked, work_state=WorkState.WAITING)
    for row in waiting:
        carry_out(row_id=row.pk, at=at)
    finish_changes(subject_request_id=asked.pk, at=at)
    return fresh(asked)


def the_change(asked: SubjectRequest) -> ChangeTask:
    """The change that the connector makes."""
    return ChangeTask.objects.select_related("by_connector__map_version", "source").get(
        subject_request=asked, part=0
    )


def due_now(asked: SubjectRequest) -> None:
    """Back-off is over."""
    SourceChange.objects.filter(change__subject_request=asked).update(next_attempt_at=NOON, leased_until=None)
