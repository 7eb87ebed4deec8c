"""The release: a second person, two facts, one recipient."""

from datetime import timedelta

import pytest
from django.test import Client

from fulfillment.bundles.build import MOST_ATTEMPTS, build_bundle
from fulfillment.bundles.models import Bundle, BundleState
from requests_app.accounts.models import StaffMember
from requests_app.encryption.store import current_store
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.states import RequestState as S
from requests_app.roles import Role
from tests.desk import signed_in
from tests.factories import NOON, a_request_in, piet, rosa, staff
from tests.fulfillment.bundles.conftest import LATER

pytestmark = pytest.mark.django_db
BOTH = {"identity_seen": "on", "recipient_seen": "on"}


@pytest.fixture
def approver() -> Client:
    return signed_in(piet())


def _at(bundle: Bundle, tab: str = "release/") -> str:
    return f"/staff/requests/{bundle.subject_request.reference}/{tab}"


def _version(bundle: Bundle) -> int:
    return SubjectRequest.objects.get(pk=bundle.subject_request_id).version


def _state(bundle: Bundle) -> str:
    return SubjectRequest.objects.get(pk=bundle.subject_request_id).state


def test_the_approver_sees_what_goes_out_and_to_whom(approver: Client, built_bundle: Bundle) -> None:
    page = approver.get(_at(built_bundle)).content.decode()
    for words in ("What goes out", "Shop", "Nothing was withheld", "A•• Å•••••", "Rosa Reviewer"):
        assert words in page
    assert "ada@example.org" not in page


def test_nothing_is_ticked_beforehand(approver: Client, built_bundle: Bundle) -> None:
    assert " checked" not in approver.get(_at(built_bundle)).content.decode()


@pytest.mark.parametrize("ticked", [{}, {"identity_seen": "on"}, {"recipient_seen": "on"}])
def test_both_facts_must_be_ticked(approver: Client, built_bundle: Bundle, ticked: dict[str, str]) -> None:
    answer = approver.post(_at(built_bundle), {**ticked, "version": _version(built_bundle)})
    assert answer.status_code == 422
    assert "then tick the" in answer.content.decode()
    assert _state(built_bundle) == S.AWAITING_RELEASE


def test_a_second_person_releases(approver: Client, built_bundle: Bundle) -> None:
    approver.post(_at(built_bundle), {**BOTH, "version": _version(built_bundle)})
    assert _state(built_bundle) == S.READY
    assert Bundle.objects.get(pk=built_bundle.pk).is_released


def _preparer(bundle: Bundle) -> StaffMember:
    member = SubjectRequest.objects.get(pk=bundle.subject_request_id).reviewed_by
    assert member is not None
    return member


def test_whoever_prepared_it_does_not_release_it_whatever_the_role(built_bundle: Bundle) -> None:
    preparer = _preparer(built_bundle)
    preparer.groups.set(staff("Lea", Role.PRIVACY_LEAD).groups.all())
    client = signed_in(StaffMember.objects.get(pk=preparer.pk))
    assert "You prepared this request" in client.get(_at(built_bundle)).content.decode()
    answer = client.post(_at(built_bundle), {**BOTH, "version": _version(built_bundle)})
    assert answer.status_code == 409
    assert _state(built_bundle) == S.AWAITING_RELEASE


def test_the_plain_confirm_page_is_no_way_around_the_two_facts(
    approver: Client, built_bundle: Bundle
) -> None:
    answer = approver.post(_at(built_bundle, "moves/release/"), {"version": _version(built_bundle)})
    assert answer["Location"] == _at(built_bundle)
    assert _state(built_bundle) == S.AWAITING_RELEASE


def test_a_page_that_is_out_of_date_releases_nothing(approver: Client, built_bundle: Bundle) -> None:
    answer = approver.post(_at(built_bundle), {**BOTH, "version": _version(built_bundle) - 1})
    assert answer.status_code == 409
    assert "Somebody was faster" in answer.content.decode()
    assert _state(built_bundle) == S.AWAITING_RELEASE


def test_the_approver_can_send_it_back_with_a_reason(approver: Client, built_bundle: Bundle) -> None:
    form = {"version": _version(built_bundle), "reason": "A colleague is named in order 3."}
    approver.post(_at(built_bundle, "moves/send_back/"), form)
    assert _state(built_bundle) == S.CHECKING


def test_a_copy_that_went_out_wrong_is_taken_back_from_its_case(
    approver: Client, built_bundle: Bundle
) -> None:
    approver.post(_at(built_bundle), {**BOTH, "version": _version(built_bundle)})
    reference = SubjectRequest.objects.get(pk=built_bundle.subject_request_id).reference
    page = approver.get(f"/staff/requests/{reference}/").content.decode()
    assert f"/staff/requests/{reference}/moves/take_back/" in page
    form = {"version": _version(built_bundle), "reason": "Order 3 is somebody else's."}
    approver.post(_at(built_bundle, "moves/take_back/"), form)
    assert _state(built_bundle) == S.CHECKING
    assert Bundle.objects.get(pk=built_bundle.pk).state == BundleState.REVOKED


def test_there_is_nothing_to_release_before_a_copy_is_built(approver: Client, db: None) -> None:
    asked = a_request_in(S.IN_REVIEW)
    page = approver.get(f"/staff/requests/{asked.reference}/release/").content.decode()
    assert "There is no copy that waits for a release." in page
    answer = approver.post(f"/staff/requests/{asked.reference}/release/", {**BOTH, "version": asked.version})
    assert answer.status_code == 422


def test_the_counts_add_up_to_what_is_in_the_copy(approver: Client, built_bundle: Bundle) -> None:
    sources = approver.get(_at(built_bundle)).context["sources"]
    assert sum(each.going for each in sources) == built_bundle.row_count > 0


def test_showing_the_name_leads_back_to_the_page_it_was_asked_on(
    approver: Client, built_bundle: Bundle
) -> None:
    form = {"back": _at(built_bundle)}
    answer = approver.post(_at(built_bundle, "name/"), form, follow=True)
    assert answer.redirect_chain[-1][0] == _at(built_bundle)
    assert "ada@example.org" in answer.content.decode()


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example/", "/staff/queue/", ""])
def test_showing_the_name_leads_nowhere_else(approver: Client, built_bundle: Bundle, back: str) -> None:
    assert approver.post(_at(built_bundle, "name/"), {"back": back})["Location"] == _at(built_bundle, "")


def _break(bundle: Bundle) -> None:
    """Lose the findings' file, then let the copy be tried until it is given up."""
    current_store().delete(bundle.run.tasks.get().store_name)
    for _ in range(MOST_ATTEMPTS):
        Bundle.objects.filter(pk=bundle.pk).update(next_attempt_at=NOON - timedelta(days=3000))
        build_bundle(bundle_id=bundle.pk, at=LATER)


def test_a_copy_that_cannot_be_built_says_why_and_what_to_do(waiting_bundle: Bundle) -> None:
    _break(waiting_bundle)
    worker = signed_in(rosa())
    sentence = (
        "What Shop gave is no longer in the file store. Send the request back to review, then search again."
    )
    assert sentence in worker.get(_at(waiting_bundle, "")).content.decode()
    page = worker.get(_at(waiting_bundle, "copy/")).content.decode()
    assert sentence in page
    assert "Try again" in page
    assert worker.post(_at(waiting_bundle, "copy/"), follow=True).status_code == 200
    assert Bundle.objects.get(pk=waiting_bundle.pk).state == BundleState.BUILDING


def test_a_copy_that_cannot_be_built_does_not_trap_the_case(waiting_bundle: Bundle) -> None:
    _break(waiting_bundle)
    worker = signed_in(rosa())
    answer = {"version": _version(waiting_bundle), "reason": "Its file is lost."}
    worker.post(_at(waiting_bundle, "moves/send_back/"), answer)
    assert _state(waiting_bundle) == S.CHECKING


def test_a_copy_without_trouble_has_no_such_page(built_bundle: Bundle) -> None:
    assert signed_in(rosa()).get(_at(built_bundle, "copy/")).status_code == 404
