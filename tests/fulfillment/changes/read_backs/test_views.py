"""The doors of looks after changes: look once more, or let stand what a look showed, with a reason."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from fulfillment.changes.models import ChangeState, ChangeTask
from fulfillment.changes.read_backs.models import ReadBackWork
from requests_app.audit.models import AuditEntry
from requests_app.leases.models import WorkState
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.states import RequestState as S
from requests_app.roles import Role
from tests.desk import signed_in
from tests.factories import a_request_in, piet, rosa, staff
from tests.fulfillment.changes.by_connector.shop import connect
from tests.fulfillment.changes.read_backs.shop import (
    PEOPLE_ONLY,
    asked_of_a_person,
    days_go_by,
    look,
    restricting,
    the_look,
)
from tests.fulfillment.changes.shop import fresh
from tests.fulfillment.connectors.sql_changes.shop import Shop

pytestmark = pytest.mark.django_db
DOORS = ("changes:look_after_again", "changes:let_stand")
REASON = {"why": "The shop marks them in another system."}


@pytest.fixture
def asked(shop: Shop) -> SubjectRequest:
    """A restriction that the shop says it made, and that a look does not show."""
    connect(shop, **PEOPLE_ONLY)
    asked = restricting()
    shop.execute("update people set status = 'active' where id = 1")
    return look(asked)


def _door(name: str, asked: SubjectRequest, row: ReadBackWork | None = None) -> str:
    return reverse(name, args=[asked.reference, (row or the_look(asked)).pk])


def _tab(client: Client, asked: SubjectRequest) -> str:
    return client.get(reverse("changes:changes", args=[asked.reference])).content.decode()


def _stood(asked: SubjectRequest, why: dict[str, str], row: ReadBackWork | None = None) -> HttpResponse:
    answer: HttpResponse = signed_in(rosa()).post(_door("changes:let_stand", asked, row), why)
    return answer


def _decisions() -> int:
    return AuditEntry.objects.filter(event__startswith="change.").count()


def _is_as_before(asked: SubjectRequest, entries: int) -> bool:
    row = the_look(asked)
    return (
        row.stands_at is None
        and ReadBackWork.objects.count() == 1
        and asked_of_a_person(asked) == row.asked
        and _decisions() == entries
        and fresh(asked).state == S.EXECUTING
    )


def test_the_tab_says_what_does_not_read_as_decided_and_offers_both_ways_on(asked: SubjectRequest) -> None:
    page = _tab(signed_in(rosa()), asked)
    assert "A change does not read as decided, or could not be read back." in page
    assert "1 record does not read as decided in status" in page
    for name in DOORS:
        assert _door(name, asked) in page
    case = signed_in(rosa()).get(reverse("review:case", args=[asked.reference])).content.decode()
    assert "does not read as decided, or could not be read back: look at it" in case


def test_whoever_may_only_see_the_case_sees_it_and_is_offered_no_way_on(asked: SubjectRequest) -> None:
    page = _tab(signed_in(piet()), asked)
    assert "1 record does not read as decided in status" in page
    for name in DOORS:
        assert _door(name, asked) not in page


@pytest.mark.parametrize("who", [piet, lambda: staff("Sol Source", Role.SOURCE_OWNER)])
def test_whoever_does_not_work_the_cases_comes_through_no_door(
    asked: SubjectRequest, who: Callable[[], object]
) -> None:
    client = signed_in(who())  # type: ignore[arg-type]
    entries = _decisions()
    for name in DOORS:
        assert client.post(_door(name, asked), REASON).status_code == 403
    assert client.get(_door("changes:let_stand", asked)).status_code == 403
    assert _is_as_before(asked, entries)


def test_nobody_comes_in_without_signing_in_or_from_a_page_of_another_site(asked: SubjectRequest) -> None:
    entries = _decisions()
    stranger, forged = Client(), Client(enforce_csrf_checks=True)
    forged.cookies = signed_in(rosa()).cookies
    for name in DOORS:
        assert stranger.post(_door(name, asked), REASON).status_code == 302
        assert forged.post(_door(name, asked), REASON).status_code == 403
    assert _is_as_before(asked, entries)


def test_opening_a_door_decides_nothing(asked: SubjectRequest) -> None:
    client, entries = signed_in(rosa()), _decisions()
    answer = client.get(_door("changes:let_stand", asked))
    assert answer.status_code == 200
    assert "1 record does not read as decided in status" in answer.content.decode()
    assert client.head(_door("changes:let_stand", asked)).status_code == 200
    assert client.get(_door("changes:look_after_again", asked)).status_code == 405
    assert _is_as_before(asked, entries)


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({}, "Say why this may stand."),
        ({"why": "  "}, "Say why this may stand."),
        ({"why": "x" * 501}, "at most 500 characters"),
    ],
)
def test_without_a_reason_that_can_be_read_nothing_stands(
    asked: SubjectRequest, given: dict[str, str], why: str
) -> None:
    entries = _decisions()
    answer = _stood(asked, given)
    assert answer.status_code == 422
    assert why in answer.content.decode()
    assert _is_as_before(asked, entries)


def test_what_stands_stands_by_name_and_reason_and_the_request_goes_on(asked: SubjectRequest) -> None:
    theirs = asked_of_a_person(asked)
    assert _stood(asked, REASON).status_code == 302
    assert fresh(asked).state == S.IN_FORCE
    theirs.refresh_from_db()
    assert theirs.state == ChangeState.CANCELLED
    page = _tab(signed_in(rosa()), asked)
    assert f"Rosa Reviewer lets it stand: {REASON['why']}" in page
    entry = AuditEntry.objects.get(event="change.let_stand")
    assert entry.actor_key == str(ReadBackWork.objects.get(stands_at__isnull=False).stands_by_id)
    assert REASON["why"] not in entry.facts


def test_a_look_that_has_its_end_is_decided_no_second_time(asked: SubjectRequest) -> None:
    row = the_look(asked)
    _stood(asked, REASON)
    client = signed_in(rosa())
    answer = client.post(_door("changes:let_stand", asked, row), {"why": "Otherwise."})
    assert answer.status_code == 409
    assert "This look has its end already. Look at the page again." in answer.content.decode()
    again = client.post(_door("changes:look_after_again", asked, row), follow=True)
    assert "This look has its end already." in again.content.decode()
    row.refresh_from_db()
    assert row.stands_because == REASON["why"]
    # The look of some days later, and no other.
    assert ReadBackWork.objects.exclude(pk=row.pk).get().is_later


def test_a_look_once_more_takes_the_task_back_and_believes_what_it_sees(
    asked: SubjectRequest, shop: Shop
) -> None:
    theirs, client = asked_of_a_person(asked), signed_in(rosa())
    shop.execute("update people set status = 'blocked' where id = 1")
    answer = client.post(_door("changes:look_after_again", asked), follow=True)
    assert "The source is looked at again within a minute." in answer.content.decode()
    theirs.refresh_from_db()
    assert theirs.state == ChangeState.CANCELLED
    assert fresh(asked).state == S.EXECUTING
    assert look(asked).state == S.IN_FORCE
    assert "Reads as decided." in _tab(client, asked)


def test_what_still_does_not_read_as_decided_is_asked_of_a_person_once_more(asked: SubjectRequest) -> None:
    first = asked_of_a_person(asked)
    signed_in(rosa()).post(_door("changes:look_after_again", asked))
    assert look(asked).state == S.EXECUTING
    assert asked_of_a_person(asked) != first


def test_a_source_that_nobody_could_read_says_why_and_may_stand_too(
    asked: SubjectRequest, shop: Shop
) -> None:
    shop.execute("alter table people rename column papers to files")
    signed_in(rosa()).post(_door("changes:look_after_again", asked))
    look(asked)
    assert the_look(asked).work_state == WorkState.DEAD
    assert "Nobody could look:" in _tab(signed_in(rosa()), asked)
    assert _stood(asked, {"why": "The shop is being moved."}).status_code == 302
    assert fresh(asked).state == S.IN_FORCE


def test_a_later_look_is_let_stand_without_touching_the_answer(asked: SubjectRequest, shop: Shop) -> None:
    shop.execute("update people set status = 'blocked' where id = 1")
    signed_in(rosa()).post(_door("changes:look_after_again", asked))
    look(asked)
    shop.execute("update people set status = 'active' where id = 1")
    row = days_go_by(asked)
    case = signed_in(rosa()).get(reverse("review:case", args=[asked.reference])).content.decode()
    assert "Next: look at what was read back" in case
    assert _stood(asked, {"why": "She took the restriction back by phone."}, row).status_code == 302
    assert (fresh(asked).state, fresh(asked).outcome) == (S.IN_FORCE, "granted")
    row.refresh_from_db()
    assert row.stands_at is not None
    assert not ChangeTask.objects.filter(state=ChangeState.OPEN).exists()
    assert not ReadBackWork.objects.filter(work_state=WorkState.WAITING).exists()


def test_a_look_of_another_case_does_not_exist(asked: SubjectRequest) -> None:
    client, other = signed_in(rosa()), a_request_in(S.IN_REVIEW)
    entries = _decisions()
    for name in DOORS:
        for address in (
            _door(name, other, the_look(asked)),
            reverse(name, args=[asked.reference, uuid4()]),
            reverse(name, args=["OM-2222-2222", the_look(asked).pk]),
        ):
            assert client.post(address, REASON).status_code == 404
    assert _is_as_before(asked, entries)
