"""The plan and the running search, as the staff see them."""

from datetime import timedelta

import pytest
from django.test import Client

from fulfillment.findings.gather import search_source
from fulfillment.runs.finish import finish_run
from fulfillment.runs.models import FulfillmentRun
from fulfillment.runs.selectors import latest_run
from fulfillment.sources.connect import load_map
from fulfillment.sources.models import DataSource
from requests_app.accounts.models import StaffMember
from requests_app.audit.models import AuditEntry
from requests_app.leases.models import WorkState
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.states import RequestState as S
from requests_app.roles import Role
from tests.desk import signed_in
from tests.factories import NOON, SYSTEM, a_request_in, rosa, staff
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


def _run(subject_request: SubjectRequest) -> FulfillmentRun:
    run = latest_run(subject_request)
    assert run is not None
    return run


def _searched(*, fails: str = "") -> SubjectRequest:
    connect_shop("shop", fails=fails)
    asked = a_request_in(S.FULFILLING)
    search_source(task_id=_run(asked).tasks.get().pk, at=LATER)
    return asked


def test_the_plan_names_each_source_and_each_collection_before_anything_is_touched(desk: Client) -> None:
    connect_shop()
    asked = a_request_in(S.IN_REVIEW)
    page = desk.get(_at(asked, "sources/")).content.decode()
    for words in ("Shop", "Customers", "Orders", "What you bought.", "Approve the search"):
        assert words in page
    assert latest_run(asked) is None


def test_approving_on_the_plan_page_starts_the_search(desk: Client, worker: StaffMember) -> None:
    connect_shop()
    asked = a_request_in(S.IN_REVIEW)
    form = desk.get(_at(asked, "sources/plan/")).context["form"]
    desk.post(_at(asked, "sources/plan/"), form.initial)
    moved = SubjectRequest.objects.get(pk=asked.pk)
    assert (moved.state, moved.approved_by) == (S.FULFILLING, worker)
    assert _run(asked).tasks.count() == 1


def test_a_map_that_came_after_the_plan_was_shown_is_not_run_and_the_new_plan_is_shown(
    desk: Client, worker: StaffMember
) -> None:
    source = connect_shop()
    asked = a_request_in(S.IN_REVIEW)
    shown = desk.get(_at(asked, "sources/plan/")).context["form"].initial
    assert shown["maps"] == "shop:1"
    newer = SHOP_MAP.format(key="shop").replace("What you bought.", "What was bought.")
    load_map(source=source, map_yaml=newer, by=SYSTEM, at=NOON)
    answer = desk.post(_at(asked, "sources/plan/"), shown)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Shop is read by data map 2 now" in page
    assert "What was bought." in page
    assert latest_run(asked) is None
    assert SubjectRequest.objects.get(pk=asked.pk).state == S.IN_REVIEW

    desk.post(_at(asked, "sources/plan/"), answer.context["form"].initial)
    assert _run(asked).tasks.get().map_version.number == 2


@pytest.mark.parametrize(
    ("maps", "said"),
    [("shop:1", "Other is searched as well now"), ("shop:1,other:1,gone:4", "“gone” is not searched")],
)
def test_other_sources_than_those_shown_are_not_searched(desk: Client, maps: str, said: str) -> None:
    connect_shop()
    DataSource.objects.filter(pk=connect_shop("other").pk).update(label="Other")
    asked = a_request_in(S.IN_REVIEW)
    answer = desk.post(_at(asked, "sources/plan/"), {"version": asked.version, "maps": maps})
    assert answer.status_code == 409
    assert said in answer.content.decode()
    assert latest_run(asked) is None


@pytest.mark.parametrize("maps", ["", "shop", "shop:x"])
def test_a_plan_that_nobody_was_shown_is_not_approved(desk: Client, maps: str) -> None:
    connect_shop()
    asked = a_request_in(S.IN_REVIEW)
    answer = desk.post(_at(asked, "sources/plan/"), {"version": asked.version, "maps": maps})
    assert answer.status_code in (400, 422)
    assert latest_run(asked) is None


def test_a_search_is_approved_on_the_page_of_its_plan_only(desk: Client) -> None:
    connect_shop()
    asked = a_request_in(S.IN_REVIEW)
    answer = desk.post(_at(asked, "moves/approve/"), {"version": asked.version})
    assert answer.headers["Location"] == _at(asked, "sources/plan/")
    assert latest_run(asked) is None


def test_a_case_that_somebody_moved_meanwhile_is_not_approved(desk: Client) -> None:
    connect_shop()
    asked = a_request_in(S.IN_REVIEW)
    stale = {"version": asked.version - 1, "maps": "shop:1"}
    answer = desk.post(_at(asked, "sources/plan/"), stale)
    assert (answer.status_code, "Somebody was faster" in answer.content.decode()) == (409, True)
    assert latest_run(asked) is None


def test_without_a_source_the_plan_says_so_and_offers_no_button(desk: Client) -> None:
    page = desk.get(_at(a_request_in(S.IN_REVIEW), "sources/plan/")).content.decode()
    assert "No source is connected yet" in page
    assert 'class="btn btn-lg"' not in page


def test_approving_with_no_source_is_refused_in_words_and_moves_nothing(desk: Client) -> None:
    asked = a_request_in(S.IN_REVIEW)
    answer = desk.post(_at(asked, "sources/plan/"), {"version": asked.version, "maps": "shop:1"})
    assert answer.status_code == 409
    assert "nothing to search" in answer.content.decode()
    assert SubjectRequest.objects.get(pk=asked.pk).state == S.IN_REVIEW


def test_a_reader_sees_the_plan_and_why_they_cannot_approve() -> None:
    connect_shop()
    page = signed_in(staff("Olu", Role.AUDITOR)).get(_at(a_request_in(S.IN_REVIEW), "sources/plan/"))
    assert "Your role does not allow this" in page.content.decode()


def test_a_source_that_waits_is_told_and_the_page_asks_again_by_itself(desk: Client) -> None:
    connect_shop()
    asked = a_request_in(S.FULFILLING)
    page = desk.get(_at(asked, "")).content.decode()
    assert "Waiting its turn" in page
    assert 'hx-trigger="every 2s"' in page
    assert "0 of 1 finished" in page


def test_the_part_that_renews_itself_is_the_table_alone(desk: Client) -> None:
    connect_shop()
    answer = desk.get(_at(a_request_in(S.FULFILLING), "sources/live/"), headers={"HX-Request": "true"})
    assert "<html" not in answer.content.decode()
    assert 'id="live"' in answer.content.decode()
    assert "HX-Refresh" not in answer.headers


def test_when_the_last_source_is_through_the_whole_page_is_drawn_anew(desk: Client) -> None:
    asked = _searched()
    finish_run(run_id=_run(asked).pk, at=LATER)
    answer = desk.get(_at(asked, "sources/live/"), headers={"HX-Request": "true"})
    assert answer.headers["HX-Refresh"] == "true"
    assert "hx-trigger" not in desk.get(_at(asked, "")).content.decode()


def test_a_source_tried_again_by_itself_says_why_and_when(desk: Client) -> None:
    page = desk.get(_at(_searched(fails="retryable"), "sources/")).content.decode()
    assert "The source cannot be reached." in page
    assert "again at" in page


def test_a_failed_source_is_the_next_thing_to_do(desk: Client) -> None:
    asked = _searched(fails="fatal")
    box = desk.get(_at(asked, "")).context["next"]
    assert box.title == "Next: a source has failed"
    assert "of no use" in box.text
    assert box.main.url == _at(asked, "sources/")


def test_a_failed_source_is_searched_again_at_a_press_of_the_button(
    desk: Client, worker: StaffMember
) -> None:
    asked = _searched(fails="fatal")
    task = _run(asked).tasks.get()
    desk.post(_at(asked, f"sources/{task.pk}/retry/"))
    task.refresh_from_db()
    assert (task.work_state, task.last_error) == (WorkState.WAITING, "")
    assert AuditEntry.objects.get(event="source.retried").actor_key == str(worker.pk)


def test_a_source_is_left_out_only_with_a_reason(desk: Client) -> None:
    asked = _searched(fails="fatal")
    task = _run(asked).tasks.get()
    refused = desk.post(_at(asked, f"sources/{task.pk}/exclude/"), {"reason": ""})
    assert refused.status_code == 422
    desk.post(_at(asked, f"sources/{task.pk}/exclude/"), {"reason": "It was switched off last year."})
    task.refresh_from_db()
    assert task.is_excluded
    assert "It was switched off last year." in desk.get(_at(asked, "sources/")).content.decode()


def test_a_source_that_has_answered_cannot_be_left_out(desk: Client) -> None:
    asked = _searched()
    task = _run(asked).tasks.get()
    answer = desk.post(_at(asked, f"sources/{task.pk}/exclude/"), {"reason": "Too late."})
    assert answer.status_code == 409
    assert "already given its answer" in answer.content.decode()


@pytest.mark.parametrize("act", ["retry", "exclude"])
def test_a_task_of_another_case_is_not_reached_through_this_one(desk: Client, act: str) -> None:
    asked = _searched(fails="fatal")
    other = a_request_in(S.IN_REVIEW)
    task = _run(asked).tasks.get()
    answer = desk.post(_at(other, f"sources/{task.pk}/{act}/"), {"reason": "x"})
    assert answer.status_code == 404
    task.refresh_from_db()
    assert task.work_state == WorkState.DEAD


def test_before_the_first_search_there_is_nothing_to_renew(desk: Client) -> None:
    assert desk.get(_at(a_request_in(S.IN_REVIEW), "sources/live/")).status_code == 404
