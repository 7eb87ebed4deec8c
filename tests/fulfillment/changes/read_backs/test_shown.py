"""What the person reads of looks after changes: when, whether all reads as decided, and when we look again."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.db.models.functions import Now
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import timezone

from fulfillment import tasks
from fulfillment.changes.complete import complete_deletion
from fulfillment.changes.panel import CERTIFICATE, LOOKED_AT, deletion_certificate, looked_at
from fulfillment.changes.read_backs.decide import let_stand
from fulfillment.changes.read_backs.models import Occasion, ReadBackWork
from fulfillment.sweeps.models import Sweep
from fulfillment.sweeps.work import work_on_sweep
from requests_app.audit.actors import Actor
from requests_app.leases.models import WorkState
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.states import RequestState as S
from tests.factories import rosa
from tests.fulfillment.changes.by_connector.shop import LATER, connect, erasing, work
from tests.fulfillment.changes.read_backs.shop import (
    PEOPLE_ONLY,
    asked_of_a_person,
    correcting,
    days_go_by,
    look,
    restricting,
    the_look,
)
from tests.fulfillment.changes.shop import fresh, search
from tests.fulfillment.connectors.sql_changes.shop import Shop

pytestmark = pytest.mark.django_db
VISIT = RequestFactory().get("/requests/yours/")


def _read(asked: SubjectRequest) -> str:
    """What the person reads; empty where there is nothing to read."""
    shown = looked_at(VISIT, fresh(asked))
    return " ".join(render_to_string(LOOKED_AT, shown).split()) if shown else ""


def test_until_a_change_was_seen_to_be_made_the_person_reads_of_no_look(shop: Shop) -> None:
    connect(shop, **PEOPLE_ONLY)
    asked = restricting()
    assert asked.state == S.EXECUTING
    assert _read(asked) == ""


def test_the_person_reads_when_it_was_looked_at_and_when_we_look_again(shop: Shop) -> None:
    connect(shop, **PEOPLE_ONLY)
    asked = look(restricting())
    page = _read(asked)
    assert f"looked at on {LATER:%-d %B %Y}, 1 record, as decided." in page
    later = ReadBackWork.objects.get(occasion=Occasion.LATER).next_attempt_at
    assert f"we look again on {timezone.localtime(later):%-d %B %Y}." in page
    for inside in ("people", "status", "Ann", "blocked"):
        assert inside not in page


def test_the_person_reads_that_something_is_not_as_decided_later_and_why_it_stands(shop: Shop) -> None:
    connect(shop, **PEOPLE_ONLY)
    asked = look(restricting())
    shop.execute("update people set status = 'active' where id = 1")
    days_go_by(asked)
    assert "something did not read as decided, and we see to it" in _read(asked)
    why = "You asked us by phone to lift it."
    let_stand(row_id=the_look(asked).pk, why=why, by=Actor.staff(rosa()), at=LATER)
    page = _read(asked)
    assert why in page
    assert "we see to it" not in page


def test_the_second_look_comes_by_itself_after_the_days_that_were_set(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "READ_BACK_DAYS", 3)
    connect(shop, **PEOPLE_ONLY)
    asked = look(restricting())
    row = ReadBackWork.objects.get(occasion=Occasion.LATER)
    assert (
        timedelta(days=3) - timedelta(minutes=5) < row.next_attempt_at - timezone.now() <= timedelta(days=3)
    )
    assert tasks.due(ReadBackWork) == []
    tasks.look_after_change(look_id=str(row.pk))
    row.refresh_from_db()
    assert (row.work_state, row.looked_at) == (WorkState.WAITING, None)

    # Three days go by.
    ReadBackWork.objects.filter(pk=row.pk).update(next_attempt_at=Now() - timedelta(seconds=1))
    assert tasks.due(ReadBackWork) == [row.pk]
    tasks.look_after_change(look_id=str(row.pk))
    row.refresh_from_db()
    assert (row.work_state, row.agrees) == (WorkState.DONE, True)
    assert tasks.due(ReadBackWork) == []
    assert fresh(asked).state == S.IN_FORCE


def test_a_correction_that_an_import_undoes_is_found_by_the_second_look(shop: Shop) -> None:
    connect(shop, **PEOPLE_ONLY)
    asked = look(correcting())
    assert asked.state == S.COMPLETED
    shop.execute("update people set phone = '030 1' where id = 1")
    row = days_go_by(asked)
    assert row.agrees is False
    (people,) = asked_of_a_person(asked).instructions.collections
    assert people.why == "1 record does not read as decided in phone."
    assert fresh(asked).outcome == "granted"


def test_a_deletion_is_looked_at_once_more_and_who_came_back_is_work(shop: Shop) -> None:
    connect(shop)
    asked = _deleted()
    certificate = deletion_certificate(VISIT, asked)
    assert certificate is not None
    assert "we look again on" in render_to_string(CERTIFICATE, certificate)
    shop.execute("insert into visits values (9, 1, '/back')")
    shop.execute("update people set email = 'Ann@club.example', name = 'Ann Berg' where id = 1")
    assert days_go_by(asked).agrees is False
    assert fresh(asked).state == S.COMPLETED
    assert asked_of_a_person(asked).instructions.collections
    told = render_to_string(CERTIFICATE, deletion_certificate(VISIT, fresh(asked)))
    assert "something did not read as decided, and we see to it" in told


def _deleted() -> SubjectRequest:
    """Ann's deletion, made by the shop, searched once more and completed."""
    asked = work(erasing())
    for row in Sweep.objects.filter(subject_request=asked, work_state=WorkState.WAITING):
        work_on_sweep(sweep_id=row.pk, at=LATER)
    search(asked, at=LATER)
    by = Actor.staff(rosa())
    return complete_deletion(subject_request_id=asked.pk, reason="As it is.", by=by, at=LATER)
