"""The pages of changes: a case's tab, one's own tasks, and how a change is ended."""

from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse

from fulfillment.changes.models import ChangeState, ChangeTask
from requests_app.accounts.models import StaffMember
from requests_app.audit.models import AuditEntry
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.states import RequestState as S
from requests_app.roles import Role
from tests.desk import signed_in
from tests.factories import a_request_in, rosa, staff
from tests.fulfillment.changes.shop import connect, end, fresh

pytestmark = pytest.mark.django_db
DONE = {"ending": "done", "records_changed": "2"}


@pytest.fixture
def owner() -> StaffMember:
    """Sol looks after a source and works no cases."""
    return staff("Sol Source", Role.SOURCE_OWNER)


@pytest.fixture
def asked() -> SubjectRequest:
    """A restriction that the shop is to carry out."""
    connect()
    return a_request_in(S.EXECUTING)


def _task(asked: SubjectRequest) -> ChangeTask:
    return ChangeTask.objects.get(subject_request=asked)


def _page(client: Client, name: str, *args: object) -> str:
    answer = client.get(reverse(name, args=args))
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_tab_says_what_is_asked_of_whom_and_that_it_is_done_by_hand(asked: SubjectRequest) -> None:
    page = _page(signed_in(rosa()), "changes:changes", asked.reference)
    assert "1 change is still to be made" in page
    assert "Shop cannot do this by itself yet: The shop team does it by hand." in page
    assert "Invoices" in page
    assert "ada@example.org" not in page


def test_before_a_decision_the_tab_says_that_there_is_nothing() -> None:
    asked = a_request_in(S.IN_REVIEW)
    assert "Nothing is to be changed yet" in _page(signed_in(rosa()), "changes:changes", asked.reference)


def test_the_case_names_who_is_waited_for(asked: SubjectRequest) -> None:
    page = _page(signed_in(rosa()), "review:case", asked.reference)
    assert "1 change is still to be made by hand: Shop." in page
    assert reverse("changes:changes", args=[asked.reference]) in page


def test_a_source_owner_sees_tasks_of_sources_and_nothing_of_the_case(
    asked: SubjectRequest, owner: StaffMember
) -> None:
    client = signed_in(owner)
    listed = _page(client, "changes:mine")
    assert asked.reference in listed
    assert "Ada" not in listed
    page = _page(client, "changes:change", _task(asked).pk)
    assert "ada@example.org" not in page
    assert client.get(reverse("review:case", args=[asked.reference])).status_code == 403
    assert client.get(reverse("changes:changes", args=[asked.reference])).status_code == 403


def test_a_change_is_late_when_the_day_is_over_where_its_law_counts(
    asked: SubjectRequest, owner: StaffMember, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Half past midnight in Lisbon, in summer time, and still the day before in UTC.
    night = datetime(2027, 7, 10, 23, 30, tzinfo=UTC)
    SubjectRequest.objects.update(response_due_on=night.date())
    monkeypatch.setattr("fulfillment.changes.views.timezone.now", lambda: night)
    client, task = signed_in(owner), _task(asked)
    for page in (client.get(reverse("changes:mine")), client.get(reverse("changes:change", args=[task.pk]))):
        assert "1 day late" in page.content.decode()


def test_a_task_of_the_privacy_team_does_not_exist_for_a_source_owner(owner: StaffMember) -> None:
    task = _task(a_request_in(S.EXECUTING))
    client = signed_in(owner)
    assert "Nothing waits for you" in _page(client, "changes:mine")
    assert client.get(reverse("changes:change", args=[task.pk])).status_code == 404
    assert client.post(reverse("changes:change", args=[task.pk]), DONE).status_code == 404


def test_whom_to_look_for_is_shown_on_asking_and_that_is_recorded(
    asked: SubjectRequest, owner: StaffMember
) -> None:
    client, task = signed_in(owner), _task(asked)
    client.post(reverse("changes:show_whom", args=[task.pk]))
    assert "ada@example.org" in _page(client, "changes:change", task.pk)
    entry = AuditEntry.objects.get(event="change.person_shown")
    assert entry.actor_key == str(owner.pk)
    assert "ada" not in entry.facts
    end(task)
    assert "ada@example.org" not in _page(client, "changes:change", task.pk)


def test_values_to_correct_are_covered_until_they_are_asked_for() -> None:
    connect()
    asked = a_request_in(S.WEIGHING)
    task = _task(asked)
    task.instructions_sealed = {"fields": [{"field": "Name", "wrong": "Aida", "right": "Canary Lovelace"}]}
    task.save(update_fields=["instructions_sealed"])
    client = signed_in(rosa())
    assert "Lovelace" not in _page(client, "changes:change", task.pk)
    assert "Lovelace" not in _page(client, "changes:changes", asked.reference)
    client.post(reverse("changes:show_whom", args=[task.pk]))
    assert "Canary Lovelace" in _page(client, "changes:change", task.pk)


def test_looking_ends_nothing_and_writing_down_moves_the_request_on(
    asked: SubjectRequest, owner: StaffMember
) -> None:
    client, task = signed_in(owner), _task(asked)
    url = reverse("changes:change", args=[task.pk])
    client.get(url)
    assert _task(asked).state == ChangeState.OPEN
    answer = client.post(url, {**DONE, "receipt": "job 77 ended"}, follow=True)
    assert "Written down" in answer.content.decode()
    ended = _task(asked)
    assert (ended.state, ended.records_changed, ended.receipt, ended.ended_by) == (
        "done",
        2,
        "job 77 ended",
        owner,
    )
    assert fresh(asked).state == S.IN_FORCE
    assert "job 77 ended" in _page(signed_in(rosa()), "changes:changes", asked.reference)


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({}, "Say whether it is done."),
        ({"ending": "done"}, "Say how many records were changed"),
        ({"ending": "done", "records_changed": "many"}, "Enter a whole number"),
        ({"ending": "could_not"}, "Say why it could not be done"),
    ],
)
def test_what_is_missing_is_asked_for(asked: SubjectRequest, said: dict[str, str], sentence: str) -> None:
    answer = signed_in(rosa()).post(reverse("changes:change", args=[_task(asked).pk]), said)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert _task(asked).state == ChangeState.OPEN


def test_whoever_comes_second_reads_who_was_first(asked: SubjectRequest, owner: StaffMember) -> None:
    task = _task(asked)
    end(task, by=owner)
    answer = signed_in(rosa()).post(reverse("changes:change", args=[task.pk]), DONE)
    assert answer.status_code == 409
    assert "Sol Source has ended this change" in answer.content.decode()


def test_a_task_can_be_taken_and_then_stands_no_longer_with_the_others(
    asked: SubjectRequest, owner: StaffMember
) -> None:
    task = _task(asked)
    client = signed_in(owner)
    client.post(reverse("changes:take", args=[task.pk]))
    assert _task(asked).assignee == owner
    assert asked.reference in _page(client, "changes:mine")
    assert asked.reference not in _page(signed_in(staff("Sam", Role.SOURCE_OWNER)), "changes:mine")
