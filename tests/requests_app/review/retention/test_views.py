"""The retention page says what goes when, rehearses a day, names what is held, and takes and lifts holds."""

from datetime import timedelta

import pytest
from django.utils import timezone

from requests_app.errors import BadInput
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.states import RequestState as S
from requests_app.retention.models import PurgeHold
from requests_app.retention.run import daily_run, work_on_run
from requests_app.roles import Role
from tests.desk import signed_in
from tests.factories import a_request_in, rosa, staff

pytestmark = pytest.mark.django_db
PAGE = "/staff/retention/"


@pytest.fixture
def old() -> SubjectRequest:
    return a_request_in(S.WITHDRAWN, at=timezone.now() - timedelta(days=3 * 366))


def test_it_shows_what_the_next_run_would_take_and_takes_nothing(old: SubjectRequest) -> None:
    page = signed_in(rosa()).get(PAGE).content.decode()
    assert "The next run purges 1 request" in page
    assert old.reference in page
    assert "Messages to the person" in page
    old.refresh_from_db()
    assert not old.is_purged


def test_a_day_ahead_is_rehearsed() -> None:
    asked = a_request_in(S.WITHDRAWN)
    desk = signed_in(rosa())
    assert asked.reference not in desk.get(PAGE).content.decode()
    page = desk.get(PAGE, {"day": "2029-12-01"}).content.decode()
    assert "By 1 December 2029 1 request is purged" in page
    assert asked.reference in page


@pytest.mark.parametrize("day", ["tomorrow", "", "9999-12-31", "0001-01-01"])
def test_what_is_no_day_is_refused_in_words(day: str) -> None:
    answer = signed_in(rosa()).get(PAGE, {"day": day})
    assert answer.status_code == 422
    assert "There is a problem" in answer.content.decode()


def test_a_record_is_kept_by_hand_and_let_go(old: SubjectRequest) -> None:
    desk = signed_in(rosa())
    sent = desk.post(
        f"{PAGE}hold/", {"reference": old.reference.lower(), "why": "Court, 12 C 3/27"}, follow=True
    )
    page = sent.content.decode()
    assert "Court, 12 C 3/27" in page
    assert "The whole record: on hold without a last day." in page
    assert "Looked at again on" in page
    assert "The next run purges 0 requests" in page
    hold = PurgeHold.objects.get()
    assert "Court, 12 C 3/27" in desk.get(f"{PAGE}holds/record/{hold.pk}/").content.decode()
    page = desk.post(f"{PAGE}holds/record/{hold.pk}/lift/", follow=True).content.decode()
    assert "The next run purges 1 request" in page
    assert desk.post(f"{PAGE}holds/record/{hold.pk}/lift/").status_code == 404


def test_somebody_looks_at_a_hold_again_and_lets_it_stand(old: SubjectRequest) -> None:
    desk = signed_in(rosa())
    desk.post(f"{PAGE}hold/", {"reference": old.reference, "why": "Court"})
    PurgeHold.objects.update(look_again_on=timezone.now().date() - timedelta(days=3))
    assert "To be looked at again since" in desk.get(PAGE).content.decode()
    hold = PurgeHold.objects.get()
    look = f"{PAGE}holds/record/{hold.pk}/"
    far = (timezone.now() + timedelta(days=400)).date().isoformat()
    assert desk.post(look, {"look_again_on": far}).status_code == BadInput.status
    page = desk.post(look, {"until": far}, follow=True).content.decode()
    assert "The hold stands." in page
    hold.refresh_from_db()
    assert (hold.until.isoformat(), hold.look_again_on) == (far, None)
    for wrong in (f"{PAGE}holds/nothing/{hold.pk}/", f"{PAGE}holds/record/{old.pk}/"):
        assert desk.get(wrong).status_code == 404


def test_a_hold_needs_a_request_and_a_reason(old: SubjectRequest) -> None:
    desk = signed_in(rosa())
    for sent in ({"reference": "", "why": ""}, {"reference": "nothing", "why": "Court"}):
        assert desk.post(f"{PAGE}hold/", sent).status_code == 422
    assert desk.post(f"{PAGE}hold/", {"reference": "OM-2222-2222", "why": "Court"}).status_code in (404, 422)
    assert not PurgeHold.objects.exists()


def test_the_last_runs_are_shown(old: SubjectRequest) -> None:
    run = daily_run(at=timezone.now())
    work_on_run(run_id=run.pk, at=timezone.now())
    page = signed_in(rosa()).get(PAGE).content.decode()
    assert "Done" in page
    assert "The next run purges 0 requests" in page


def test_who_may_look_and_who_may_hold(old: SubjectRequest) -> None:
    auditor = signed_in(staff("Ada Auditor", Role.AUDITOR))
    assert auditor.get(PAGE).status_code == 200
    assert "Keep a record" not in auditor.get(PAGE).content.decode()
    assert auditor.post(f"{PAGE}hold/", {"reference": old.reference, "why": "x"}).status_code == 403
    assert signed_in(staff("Sol Source", Role.SOURCE_OWNER)).get(PAGE).status_code == 403
