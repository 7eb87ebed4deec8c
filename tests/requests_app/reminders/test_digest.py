"""The digest: once a local day, at the office's hour, each case once, nothing when there is nothing."""

from datetime import UTC, datetime, timedelta

import pytest

from requests_app.accounts.models import StaffMember
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.states import RequestState
from requests_app.reminders.models import Digest, StaffMail
from requests_app.reminders.send import send_reminders
from requests_app.roles import Role
from tests.factories import a_request_in, rosa, staff
from tests.sources import connect_shop

pytestmark = pytest.mark.django_db
# Asked on 3 November 2026 in Portugal, due on 3 December: the digest has it from 19 November on.
EIGHT_IN_NEW_YORK = datetime(2026, 11, 20, 13, 0, tzinfo=UTC)


@pytest.fixture
def worker() -> StaffMember:
    return rosa()


def given_to(member: StaffMember | None, name: str = "ada") -> SubjectRequest:
    found = a_request_in(RequestState.IN_REVIEW, email=f"{name}@example.org")
    SubjectRequest.objects.filter(pk=found.pk).update(assignee=member)
    return found


def digests_of(member: StaffMember) -> list[StaffMail]:
    return list(StaffMail.objects.filter(member=member, notice="staff_digest").order_by("written_at"))


def test_it_comes_at_eight_in_the_morning_of_the_office_and_once_a_day(worker: StaffMember) -> None:
    given_to(worker)
    for minutes in range(-480, 720, 30):  # from midnight there
        send_reminders(at=EIGHT_IN_NEW_YORK + timedelta(minutes=minutes))
    (digest,) = digests_of(worker)
    assert digest.written_at == EIGHT_IN_NEW_YORK
    assert digest.subject == "Privacy requests on Friday 20 November"


def test_it_comes_at_eight_in_summer_time_as_well(worker: StaffMember) -> None:
    a_request_in(RequestState.IN_REVIEW, at=datetime(2026, 6, 1, 12, tzinfo=UTC))
    SubjectRequest.objects.update(assignee=worker)
    for hour in range(10, 16):
        send_reminders(at=datetime(2026, 6, 20, hour, tzinfo=UTC))
    assert [each.written_at.hour for each in digests_of(worker)] == [12]


def test_three_days_without_beat_are_one_digest(worker: StaffMember) -> None:
    given_to(worker)
    send_reminders(at=EIGHT_IN_NEW_YORK)
    send_reminders(at=EIGHT_IN_NEW_YORK + timedelta(days=3, hours=5))
    send_reminders(at=EIGHT_IN_NEW_YORK + timedelta(days=3, hours=6))
    assert len(digests_of(worker)) == 2


def test_whoever_has_nothing_to_do_gets_no_mail(worker: StaffMember) -> None:
    given_to(worker)
    idle, approver = staff("Idle", Role.CASE_WORKER), staff("Piet", Role.APPROVER)
    auditor = staff("Olu", Role.AUDITOR)
    send_reminders(at=EIGHT_IN_NEW_YORK)
    assert {mail.member_id for mail in StaffMail.objects.all()} == {worker.pk}
    quiet = Digest.objects.filter(mail=None).values_list("member_id", flat=True)
    assert set(quiet) == {idle.pk, approver.pk}
    assert auditor.pk not in Digest.objects.values_list("member_id", flat=True)


def test_a_request_without_a_near_date_is_in_no_digest(worker: StaffMember) -> None:
    given_to(worker)
    send_reminders(at=EIGHT_IN_NEW_YORK - timedelta(days=7))
    assert not StaffMail.objects.exists()


def test_a_lead_reads_of_the_teams_cases_and_each_case_stands_once(worker: StaffMember) -> None:
    lead = staff("Ana", Role.PRIVACY_LEAD)
    hers, own, nobodys = given_to(worker), given_to(lead, "two"), given_to(None, "three")
    send_reminders(at=EIGHT_IN_NEW_YORK)
    (digest,) = digests_of(lead)
    titles = ["== Your cases ==", "== Given to nobody ==", "== The team's cases =="]
    assert [title for title in titles if title in digest.text] == titles
    for each in (hers, own, nobodys):
        assert digest.text.count(f"{each.reference} ·") == 1
    (of_worker,) = digests_of(worker)
    assert own.reference not in of_worker.text


def test_an_approver_reads_of_what_waits_for_approval_but_not_of_what_they_prepared() -> None:
    connect_shop()
    piet = staff("Piet", Role.APPROVER)
    waiting = a_request_in(RequestState.AWAITING_APPROVAL)
    assert waiting.approved_by is not None
    send_reminders(at=EIGHT_IN_NEW_YORK)
    (digest,) = digests_of(piet)
    assert "== For approval ==" in digest.text
    assert digests_of(waiting.approved_by) == []


def test_what_escalates_in_the_morning_stands_in_the_digest_and_in_no_second_mail(
    worker: StaffMember,
) -> None:
    asked = given_to(worker)
    send_reminders(at=EIGHT_IN_NEW_YORK - timedelta(days=2))
    morning = datetime(2026, 12, 3, 13, 0, tzinfo=UTC)
    send_reminders(at=morning)
    (mail,) = StaffMail.objects.filter(written_at=morning)
    assert mail.notice == "staff_digest"
    assert "== New since the last mail ==" in mail.text
    assert "Due today, Thursday 3 December 2026" in mail.text
    assert asked.reminders.get(kind="due").told.get().mail_id == mail.pk


def test_the_most_urgent_stands_first_and_says_how_late_it_is(worker: StaffMember) -> None:
    later = given_to(worker)
    late = a_request_in(
        RequestState.IN_REVIEW, email="two@example.org", at=datetime(2026, 10, 12, 12, tzinfo=UTC)
    )
    SubjectRequest.objects.filter(pk=late.pk).update(assignee=worker)
    send_reminders(at=EIGHT_IN_NEW_YORK)
    text = digests_of(worker)[0].text
    mine = text[text.index("== Your cases ==") :]
    assert mine.index(late.reference) < mine.index(later.reference)
    assert "Was due Thursday 12 November 2026: 8 days late" in text
    assert f"/staff/requests/{late.reference}/" in text
