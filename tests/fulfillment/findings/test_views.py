"""The review at the desk: what was found, what is withheld, when it is finished."""

from datetime import timedelta

import pytest
from django.test import Client

from fulfillment.findings.gather import search_source
from fulfillment.findings.models import Finding
from fulfillment.findings.selectors import findings_of
from fulfillment.runs.finish import finish_run
from fulfillment.runs.selectors import latest_run
from fulfillment.sources.connect import load_map
from requests_app.accounts.models import StaffMember
from requests_app.audit.models import AuditEntry
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.states import RequestState as S
from requests_app.roles import Role
from tests.desk import signed_in
from tests.factories import NOON, SYSTEM, a_request_in, piet, rosa, staff
from tests.reviewing import look_for_others
from tests.sources import SHOP_MAP, connect_shop

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(hours=5)


@pytest.fixture(autouse=True)
def store_folder(settings, tmp_path) -> None:
    settings.STORE_URL, settings.STORE_OPTIONS = f"file://{tmp_path}/store", {}


@pytest.fixture
def worker() -> StaffMember:
    return rosa()


@pytest.fixture
def desk(worker: StaffMember) -> Client:
    return signed_in(worker)


def _at(subject_request: SubjectRequest, tab: str) -> str:
    return f"/staff/requests/{subject_request.reference}/{tab}"


def _in_review(*, orders: int = 3, right: str = "access") -> SubjectRequest:
    connect_shop(orders=orders)
    asked = a_request_in(S.FULFILLING, right=right)
    run = latest_run(asked)
    assert run is not None
    search_source(task_id=run.tasks.get().pk, at=LATER)
    finish_run(run_id=run.pk, at=LATER)
    return SubjectRequest.objects.get(pk=asked.pk)


def _finding(subject_request: SubjectRequest, collection: str = "orders") -> Finding:
    (shop,) = findings_of(subject_request)
    return next(each.finding for each in shop.findings if each.collection.name == collection)


def test_findings_stand_under_their_source_with_human_labels(desk: Client) -> None:
    page = desk.get(_at(_in_review(), "items/")).content.decode()
    for words in ("Shop", "Customers", "What you bought.", "4 records", "Finish the review"):
        assert words in page


def test_records_are_shown_with_the_labels_of_the_map(desk: Client) -> None:
    asked = _in_review()
    page = desk.get(_at(asked, f"items/{_finding(asked).pk}/")).content.decode()
    assert "order 0" in page
    assert "<dt>Note</dt>" in page
    assert "not Ada" not in page


def test_many_records_come_a_page_at_a_time(desk: Client) -> None:
    asked = _in_review(orders=Finding.PAGE_ROWS + 1)
    address = _at(asked, f"items/{_finding(asked).pk}/")
    first, second = desk.get(address).content.decode(), desk.get(f"{address}?page=2").content.decode()
    assert "order 49" in first
    assert "order 50" not in first
    assert "order 50" in second
    assert "Page 2 of 2" in second


@pytest.mark.parametrize("page", ["0", "-1", "999999", "x", "9" * 40, "²"])
def test_a_page_that_does_not_exist_is_the_nearest_one(desk: Client, page: str) -> None:
    asked = _in_review()
    assert desk.get(_at(asked, f"items/{_finding(asked).pk}/"), {"page": page}).status_code == 200


def test_a_look_at_records_is_recorded(desk: Client, worker: StaffMember) -> None:
    asked = _in_review()
    desk.get(_at(asked, f"items/{_finding(asked).pk}/"))
    entry = AuditEntry.objects.get(event="finding.opened")
    assert (entry.actor_key, "orders" in entry.facts) == (str(worker.pk), True)


def test_a_collection_is_withheld_for_a_reason_of_the_law_and_included_again(desk: Client) -> None:
    asked = _in_review()
    address = _at(asked, f"items/{_finding(asked).pk}/")
    codes = [code for code, _words in desk.get(address).context["form"].fields["reason_code"].choices if code]
    desk.post(address, {"decision": "withhold", "reason_code": codes[0], "note": "Names a colleague."})
    assert _finding(asked).is_withheld
    assert "Withheld" in desk.get(_at(asked, "items/")).content.decode()
    desk.post(address, {"decision": "include"})
    assert not _finding(asked).is_withheld


@pytest.mark.parametrize("reason", ["", "made_up"])
def test_nothing_is_withheld_without_a_reason_that_the_law_knows(desk: Client, reason: str) -> None:
    asked = _in_review()
    answer = desk.post(
        _at(asked, f"items/{_finding(asked).pk}/"), {"decision": "withhold", "reason_code": reason}
    )
    assert answer.status_code == 422
    assert not _finding(asked).is_withheld


def test_the_person_is_told_the_reason_in_words(desk: Client) -> None:
    asked = _in_review()
    choices = (
        desk.get(_at(asked, f"items/{_finding(asked).pk}/")).context["form"].fields["reason_code"].choices
    )
    assert all(" " in words for code, words in choices if code)


def test_a_secret_is_named_and_never_shown(desk: Client) -> None:
    asked = _in_review()
    task = findings_of(asked)[0].task
    secretive = SHOP_MAP.format(key="shop").replace(
        "name: {label: Name}", "name: {label: Name, secret: true}"
    )
    task.map_version = load_map(source=task.source, map_yaml=secretive, by=SYSTEM, at=NOON)
    task.save(update_fields=["map_version"])
    page = desk.get(_at(asked, f"items/{_finding(asked, 'customers').pk}/")).content.decode()
    assert "secret, never shown" in page


def test_an_approver_reads_and_cannot_decide() -> None:
    asked = _in_review()
    approver = signed_in(piet())
    address = _at(asked, f"items/{_finding(asked).pk}/")
    assert "<textarea" not in approver.get(address).content.decode()
    answer = approver.post(address, {"decision": "include"})
    assert answer.status_code == 403
    assert "Your role does not allow this" in answer.content.decode()


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ADMIN, Role.SOURCE_OWNER, Role.INTAKE_CLERK])
def test_roles_without_the_right_see_no_finding(role: Role) -> None:
    asked = _in_review()
    client = signed_in(staff("Mallory", role))
    for tab in ("items/", f"items/{_finding(asked).pk}/"):
        assert client.get(_at(asked, tab)).status_code == 403


def test_finishing_the_review_hands_it_on_and_closes_the_decisions(desk: Client, worker: StaffMember) -> None:
    asked = _in_review()
    look_for_others(asked)
    desk.post(_at(asked, "moves/finish_review/"), {"version": asked.version})
    moved = SubjectRequest.objects.get(pk=asked.pk)
    assert (moved.state, moved.reviewed_by) == (S.PREPARING, worker)
    answer = desk.post(_at(asked, f"items/{_finding(asked).pk}/"), {"decision": "include"})
    assert answer.status_code == 409
    assert "review of these findings is over" in answer.content.decode()


def test_a_finding_of_another_case_is_not_reached_through_this_one(desk: Client) -> None:
    asked, other = _in_review(), a_request_in(S.IN_REVIEW, email="other@example.org")
    assert desk.get(_at(other, f"items/{_finding(asked).pk}/")).status_code == 404


def test_before_a_search_the_page_says_when_findings_come(desk: Client) -> None:
    assert "Nothing was searched yet" in desk.get(_at(a_request_in(S.IN_REVIEW), "items/")).content.decode()


def test_what_a_source_holds_is_text_and_nothing_else(desk: Client) -> None:
    connect_shop(email="ada@example.org")
    asked = a_request_in(S.FULFILLING)
    run = latest_run(asked)
    assert run is not None
    task = run.tasks.select_related("source").get()
    task.source.settings_sealed = {
        "rows": {
            "customers": [{"id": 1, "email": "ada@example.org", "name": "<img src=x onerror=alert(1)>"}],
            "orders": [],
        }
    }
    task.source.save()
    search_source(task_id=task.pk, at=LATER)
    finish_run(run_id=run.pk, at=LATER)
    page = desk.get(_at(asked, f"items/{_finding(asked, 'customers').pk}/")).content.decode()
    assert "<img" not in page
    assert "&lt;img" in page


def test_what_a_right_to_move_does_not_cover_is_said_before_the_copy_is_made(desk: Client) -> None:
    asked = _in_review(right="portability")
    moved = desk.get(_at(asked, "items/"))
    assert _finding(asked, "orders").pk in moved.context["outside"], (
        "its map names no basis of consent or contract"
    )
    assert "covers only what you gave us" in moved.content.decode()
    assert moved.context["tally"].withheld >= 3


def test_an_access_leaves_nothing_out_by_its_scope(desk: Client) -> None:
    assert "Not part of this answer" not in desk.get(_at(_in_review(), "items/")).content.decode()
