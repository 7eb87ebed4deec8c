"""The queue: its views, its filters, its CSV, giving requests to people."""

import csv
import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from requests_app.accounts.models import StaffMember
from requests_app.audit.models import AuditEntry
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.states import RequestState as S
from requests_app.roles import Role
from tests.desk import signed_in
from tests.factories import a_request_in, ada_asks, piet, rosa, staff
from tests.sources import connect_shop

pytestmark = pytest.mark.django_db


@pytest.fixture
def worker() -> StaffMember:
    return rosa()


@pytest.fixture
def desk(worker: StaffMember) -> Client:
    return signed_in(worker)


def _listed(client: Client, view: str = "all", **chosen: str) -> list[str]:
    page = client.get("/staff/queue/", {"view": view, **chosen})
    assert page.status_code == 200
    return [row.reference for row in page.context["rows"]]


def test_the_earliest_legal_date_comes_first_and_closed_requests_last(desk: Client) -> None:
    closed = a_request_in(S.WITHDRAWN, email="first@example.org")
    later, sooner = a_request_in(S.IN_REVIEW, place="US-CA"), a_request_in(S.IN_REVIEW, place="PT")
    assert later.response_due_on > sooner.response_due_on
    assert _listed(desk) == [sooner.reference, later.reference, closed.reference]


def test_a_case_worker_needs_what_is_theirs_or_nobodys(desk: Client, worker: StaffMember) -> None:
    mine, free, others = (a_request_in(S.IN_REVIEW) for _ in range(3))
    a_request_in(S.AWAITING_IDENTITY)
    SubjectRequest.objects.filter(pk=mine.pk).update(assignee=worker)
    SubjectRequest.objects.filter(pk=others.pk).update(assignee=rosa())
    assert set(_listed(desk, "mine")) == {mine.reference, free.reference}
    assert _listed(desk, "person") != []


def test_what_is_weighed_needs_somebody_and_a_lifting_only_from_its_day_on(desk: Client) -> None:
    weighed, due, ahead = (
        a_request_in(S.WEIGHING),
        a_request_in(S.LIFTING_ANNOUNCED, email="b@example.org"),
        a_request_in(S.LIFTING_ANNOUNCED, email="c@example.org"),
    )
    coming = timezone.now() + timedelta(days=9)
    SubjectRequest.objects.filter(pk=ahead.pk).update(waits_until=coming)
    assert set(_listed(desk, "mine")) == {weighed.reference, due.reference}


def test_a_deletion_that_waits_for_its_second_person_stands_beside_the_copies() -> None:
    connect_shop()
    asked = a_request_in(S.AWAITING_APPROVAL)
    approver = signed_in(piet())
    assert _listed(approver, "approval") == [asked.reference]
    assert _listed(approver, "mine") == [asked.reference]


def test_nobody_needs_to_release_what_they_prepared() -> None:
    lead = staff("Lea Lead", Role.PRIVACY_LEAD)
    own, others = a_request_in(S.IN_REVIEW), a_request_in(S.IN_REVIEW)
    _as_if_waiting_for_release(own, prepared_by=lead)
    _as_if_waiting_for_release(others, prepared_by=rosa())
    assert _listed(signed_in(lead), "mine") == [others.reference]
    assert set(_listed(signed_in(piet()), "mine")) == {own.reference, others.reference}


def _as_if_waiting_for_release(subject_request: SubjectRequest, *, prepared_by: StaffMember) -> None:
    with connection.cursor() as cursor:
        token = f"{subject_request.pk}:{subject_request.state}:{S.AWAITING_RELEASE}"
        cursor.execute("SELECT set_config('omne_dsar.move', %s, true)", [token])
    SubjectRequest.objects.filter(pk=subject_request.pk).update(
        state=S.AWAITING_RELEASE, approved_by=prepared_by
    )


def test_the_counts_on_the_tabs_are_those_of_the_lists(desk: Client) -> None:
    for state in (S.IN_REVIEW, S.AWAITING_IDENTITY, S.WITHDRAWN, S.REFUSED):
        a_request_in(state)
    tabs = desk.get("/staff/queue/").context["tabs"]
    views = [tab.url.partition("view=")[2] for tab in tabs]
    assert [tab.count for tab in tabs] == [len(_listed(desk, view)) for view in views]


def test_no_name_and_no_address_is_on_the_page_or_in_the_csv(desk: Client) -> None:
    a_request_in(S.IN_REVIEW, name="Canary Person", email="canary@example.org")
    page = desk.get("/staff/queue/?view=all").content.decode()
    sheet = b"".join(desk.get("/staff/queue/csv/?view=all").streaming_content).decode()
    for text in (page, sheet):
        assert "Canary" not in text
        assert "canary@" not in text
        assert "C•••••" in text


def test_a_reference_is_found_however_it_is_typed(desk: Client) -> None:
    asked, _other = ada_asks(), ada_asks()
    typed = f" {asked.reference.lower().replace('-', '')} "
    found = desk.post("/staff/queue/find/", {"words": typed, "view": "mine"}, follow=True)
    assert [row.reference for row in found.context["rows"]] == [asked.reference]


def test_a_whole_mail_address_finds_its_requests_and_never_stands_in_an_address(desk: Client) -> None:
    asked = ada_asks(email="ann@example.org")
    ada_asks(email="joann@example.org")
    found = desk.post("/staff/queue/find/", {"words": "Ann@Example.org"}, follow=True)
    assert [row.reference for row in found.context["rows"]] == [asked.reference]
    assert "ann" not in found.redirect_chain[-1][0].lower().replace("assignee", "")
    assert "ann@" not in found.content.decode().lower()


def test_a_search_without_hits_offers_to_clear_the_filters(desk: Client) -> None:
    ada_asks()
    found = desk.post("/staff/queue/find/", {"words": "<b>OM-0000"}, follow=True)
    text = found.content.decode()
    assert "Clear filters" in text
    assert "<b>OM" not in text


def test_a_filter_stands_in_the_address_and_can_be_taken_away(desk: Client) -> None:
    ada_asks(), a_request_in(S.IN_REVIEW)
    page = desk.get("/staff/queue/?view=all&state=in_review&regime=eu-gdpr")
    assert [words for words, _url in page.context["chips"]] == ["In review", "GDPR"]
    _words, without = page.context["chips"][0]
    assert without == "/staff/queue/?view=all&regime=eu-gdpr"


@pytest.mark.parametrize(
    "junk", ["state=nonsense", "person=%27OR+1", "page=0", "page=x", "view=zzz", "right=%00"]
)
def test_junk_in_the_address_is_no_filter(desk: Client, junk: str) -> None:
    ada_asks()
    assert desk.get(f"/staff/queue/?{junk}").status_code == 200


def test_an_empty_queue_says_when_the_next_request_is_due() -> None:
    asked = ada_asks()
    page = signed_in(piet()).get("/staff/queue/?view=approval").content.decode()
    assert asked.reference in page
    assert "falls due on" in page


def test_a_cell_of_the_csv_is_never_a_formula(desk: Client) -> None:
    a_request_in(S.IN_REVIEW, name="=HYPERLINK(1)")
    sheet = b"".join(desk.get("/staff/queue/csv/?view=all").streaming_content).decode()
    rows = list(csv.reader(io.StringIO(sheet)))
    assert len(rows) == 2
    assert rows[1][1].startswith("'=")


def test_ticked_requests_are_given_to_a_person_and_it_is_recorded(desk: Client, worker: StaffMember) -> None:
    first, second = ada_asks(), ada_asks()
    other = rosa()
    desk.post(
        "/staff/queue/assign/", {"reference": [first.reference, second.reference], "assignee": str(other.pk)}
    )
    desk.post("/staff/queue/assign/", {"reference": [second.reference], "assignee": "nobody"})
    assert SubjectRequest.objects.get(pk=first.pk).assignee == other
    assert SubjectRequest.objects.get(pk=second.pk).assignee is None
    entries = AuditEntry.objects.filter(event="request.assigned")
    assert [entry.actor_key for entry in entries] == [str(worker.pk)] * 3


@pytest.mark.parametrize("assignee", ["", "junk", "00000000-0000-0000-0000-000000000000", "auditor"])
def test_a_request_is_given_only_to_somebody_who_works_on_cases(desk: Client, assignee: str) -> None:
    asked = ada_asks()
    given = str(staff("Olu", Role.AUDITOR).pk) if assignee == "auditor" else assignee
    page = desk.post("/staff/queue/assign/", {"reference": asked.reference, "assignee": given}, follow=True)
    assert "does not work on cases" in page.content.decode()
    assert SubjectRequest.objects.get(pk=asked.pk).assignee is None


def test_one_who_only_reads_cannot_give_requests_away() -> None:
    asked = ada_asks()
    answer = signed_in(staff("Olu", Role.AUDITOR)).post(
        "/staff/queue/assign/", {"reference": asked.reference, "assignee": "me"}
    )
    assert answer.status_code == 403
    assert not AuditEntry.objects.filter(event="request.assigned").exists()


def test_the_queue_asks_the_database_a_fixed_number_of_questions(
    desk: Client, django_assert_max_num_queries
) -> None:
    for _ in range(12):
        a_request_in(S.IN_REVIEW)
    with django_assert_max_num_queries(20):
        desk.get("/staff/queue/?view=all")
