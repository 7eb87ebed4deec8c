"""`manage.py fulfill` carries on what is due of a case, decides nothing, and says truly what the case waits for."""

import io
import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db.models.functions import Now
from django.utils import timezone

from fulfillment.changes.begin import begin_deletion
from fulfillment.changes.by_connector.models import SourceChange
from fulfillment.changes.holding import hold_changes
from fulfillment.changes.models import ChangeState, ChangeTask
from fulfillment.changes.read_backs.models import ReadBackWork
from fulfillment.changes.rehearsals.models import Rehearsal
from fulfillment.runs.models import SourceTask
from fulfillment.sources.connect import change_settings
from fulfillment.sources.models import DataSource
from fulfillment.sweeps.models import Sweep
from requests_app.audit.actors import Actor
from requests_app.leases.models import WorkState
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.states import RequestState as S
from tests.databases import source_database
from tests.factories import NOON, SYSTEM, a_request_in, rosa
from tests.fulfillment.changes.by_connector.shop import ANN, connect, the_change
from tests.fulfillment.changes.shop import approve, fresh, propose
from tests.fulfillment.connectors.sql_changes.shop import TABLES, Shop
from tests.servers import TestServers

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def store_folder(settings: Any, tmp_path: Any) -> None:
    settings.STORE_URL, settings.STORE_OPTIONS = f"file://{tmp_path}/store", {}


@pytest.fixture
def shop(running_servers: TestServers) -> Iterator[Shop]:
    with source_database(TABLES.format(json="jsonb")) as url:
        yield Shop(url)


def _fulfill(asked: SubjectRequest, *words: str) -> str:
    out = io.StringIO()
    call_command("fulfill", asked.reference, "--wait", "0", *words, stdout=out, stderr=io.StringIO())
    return out.getvalue()


def _plan(asked: SubjectRequest, *words: str) -> str:
    out = io.StringIO()
    call_command("plan", asked.reference, "--no-count", *words, stdout=out)
    return out.getvalue()


def _deletion() -> SubjectRequest:
    return a_request_in(S.FULFILLING, right="deletion", email=ANN)


def _executing() -> SubjectRequest:
    asked = _deletion()
    _fulfill(asked)
    propose(asked)
    approve(asked)
    SubjectRequest.objects.filter(pk=asked.pk).update(waits_until=timezone.now() - timedelta(seconds=1))
    return fresh(asked)


def test_the_dry_run_is_made_to_its_end_and_then_a_person_has_the_word(shop: Shop) -> None:
    connect(shop)
    asked = _deletion()
    said = _fulfill(asked)
    assert fresh(asked).state == S.CHECKING
    assert Rehearsal.objects.get().work_state == WorkState.DONE
    assert "Next: read the dry run" in said
    assert "approved" not in said.lower()
    assert len(shop.rows("select id from visits")) == 3


def test_a_deletion_is_carried_out_and_looked_after_and_a_person_completes_it(shop: Shop) -> None:
    connect(shop)
    asked = _executing()
    rows = json.loads(_fulfill(asked, "--json"))
    assert {(row["work"], row["state"]) for row in rows} == {
        ("search", "none_found"),
        ("change", "done"),
        ("sweep", "done"),
    }
    assert fresh(asked).state == S.CONFIRMING
    assert shop.rows("select id from visits") == [(3,)]
    assert Sweep.objects.get().work_state == WorkState.DONE
    again = _fulfill(asked)
    assert "Nobody has approved" not in again
    assert "Next: " in again
    assert fresh(asked).state == S.CONFIRMING


def test_what_was_changed_is_read_back(shop: Shop) -> None:
    connect(shop)
    asked = a_request_in(S.EXECUTING, right="restriction", email=ANN)
    ChangeTask.objects.filter(subject_request=asked, hand="person").update(
        state=ChangeState.CANCELLED, ended_at=NOON
    )
    _fulfill(asked)
    looks = ReadBackWork.objects.filter(change__subject_request=asked).order_by("number")
    assert [(look.occasion, look.work_state) for look in looks] == [("at_once", "done"), ("later", "waiting")]


def test_what_a_source_cannot_is_said_to_wait_for_a_person(shop: Shop) -> None:
    connect(shop)
    asked = _executing()
    shop.execute("alter table people alter column name set not null")
    said = _fulfill(asked)
    assert fresh(asked).state == S.EXECUTING
    assert "still to be made by hand: Shop" in said
    assert the_change(asked).state == ChangeState.OPEN


def test_what_stands_in_the_way_of_an_approval_is_said(shop: Shop) -> None:
    connect(shop)
    shop.execute("alter table people alter column name set not null")
    asked = _deletion()
    said = _fulfill(asked)
    assert "Shop could not erase" in said
    assert "In the way: " in _plan(asked)


def test_nothing_is_changed_while_somebody_holds_it_back_and_nobody_waits_for_that(shop: Shop) -> None:
    connect(shop)
    asked = _executing()
    hold_changes(subject_request_id=asked.pk, why="A dispute.", by=Actor.staff(rosa()), at=NOON)
    said = _fulfill(asked, "--wait", "3600")
    assert "held" in said
    assert len(shop.rows("select id from visits")) == 3


def test_a_source_that_rests_is_left_alone_and_that_is_said(shop: Shop) -> None:
    connect(shop)
    asked = _deletion()
    DataSource.objects.update(rests_until=Now() + timedelta(minutes=9), failures_in_row=6)
    said = _fulfill(asked)
    assert "Shop (search): it failed 6 times in a row and is left alone" in said
    assert SourceTask.objects.get().attempts == 0


def test_what_another_worker_holds_is_not_touched_and_runs_on(shop: Shop) -> None:
    connect(shop)
    asked = _executing()
    begin_deletion(subject_request_id=asked.pk, at=timezone.now())
    until = timezone.now() + timedelta(minutes=2)
    SourceChange.objects.filter(change__subject_request=asked).update(leased_until=until, fence=7)
    out = io.StringIO()
    with pytest.raises(CommandError, match="It still runs"):
        call_command("fulfill", asked.reference, "--wait", "0", stdout=out, stderr=io.StringIO())
    assert "Shop (change): a worker is at it." in out.getvalue()
    assert SourceChange.objects.get().fence == 7


def test_a_source_that_is_away_says_why_and_when_again(shop: Shop) -> None:
    source = connect(shop)
    asked = _deletion()
    away = {"url": shop.url.rpartition("@")[0] + "@127.0.0.1:9/nothing"}
    change_settings(source=source, settings=away, by=SYSTEM, at=NOON)
    assert "Tried again at" in _fulfill(asked)


def test_the_plan_of_a_deletion_says_what_the_look_beforehand_showed(shop: Shop) -> None:
    connect(shop)
    asked = a_request_in(S.IN_REVIEW, right="deletion", email=ANN)
    assert "was not looked into yet: that follows the search" in _plan(asked)
    assert json.loads(_plan(asked, "--json"))[0]["beforehand"] is None
    asked = _deletion()
    _fulfill(asked)
    said = _plan(asked)
    assert "visits: delete 2" in said
    assert "invoices: keep 1 until 31 December 2035. Tax law." in said
    assert "Nothing stands in the way." in said
    (shown,) = json.loads(_plan(asked, "--json"))
    assert {each["collection"] for each in shown["beforehand"]["would"]} >= {"people", "visits"}
    assert shown["beforehand"]["in_the_way"] == []


def test_the_plan_of_a_copy_says_nothing_of_deleting(shop: Shop) -> None:
    connect(shop)
    assert "looked into" not in _plan(a_request_in(S.IN_REVIEW, email=ANN))
