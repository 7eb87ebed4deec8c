"""The tick: what falls due is told once, to the right people, however often it runs and however late."""

from datetime import UTC, datetime, timedelta

import pytest

from requests_app.accounts.models import StaffMember
from requests_app.audit.actors import Actor
from requests_app.audit.models import AuditEntry
from requests_app.correspondence.models import Message
from requests_app.decisions.extend import extend_deadline
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.moves import Move
from requests_app.lifecycle.perform import perform
from requests_app.lifecycle.states import RequestState
from requests_app.reminders.kinds import Level, ReminderKind
from requests_app.reminders.models import ReminderPlan, ReminderSent, StaffMail
from requests_app.reminders.send import send_reminders
from requests_app.roles import Role
from tests.factories import NOON, a_request_in, ada_asks, rosa, staff
from tests.sources import connect_shop

pytestmark = pytest.mark.django_db
# Ada asks on 3 November 2026 in Portugal: her answer is due on 3 December.
K = ReminderKind


@pytest.fixture
def worker() -> StaffMember:
    return rosa()


@pytest.fixture
def asked(worker: StaffMember) -> SubjectRequest:
    """A confirmed request that is given to Rosa."""
    found = a_request_in(RequestState.IN_REVIEW)
    SubjectRequest.objects.filter(pk=found.pk).update(assignee=worker)
    return found


def on(day: int, hour: int = 9, *, month: int = 12) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=UTC)


def told(kind: ReminderKind | None = None) -> list[tuple[str, str]]:
    rows = ReminderSent.objects.filter(**({"kind": kind} if kind else {}))
    return sorted((row.kind, row.level) for row in rows)


def mails_to(member: StaffMember) -> list[StaffMail]:
    return list(StaffMail.objects.filter(member=member).order_by("written_at"))


def tick_daily(first: datetime, days: int) -> None:
    for day in range(days):
        send_reminders(at=first + timedelta(days=day))


def test_every_day_of_a_request_tells_each_reminder_once(asked: SubjectRequest) -> None:
    for each in range(45 * 4):
        send_reminders(at=NOON + timedelta(hours=6 * each))
    assert told() == [
        ("days_before", "assignee"),
        ("days_before", "assignee"),
        ("days_before", "digest"),
        ("days_before", "digest"),
        ("due", "assignee"),
        ("extension", "digest"),
        ("overdue", "assignee"),
        ("target", "digest"),
    ]
    assert all(row.recorded_at >= row.fell_due_at for row in ReminderSent.objects.all())


def test_a_second_tick_tells_nothing_again(asked: SubjectRequest, worker: StaffMember) -> None:
    for _again in range(3):
        send_reminders(at=on(3))
    assert len(mails_to(worker)) == 1
    assert ReminderSent.objects.filter(kind=K.DUE).count() == 1


def test_three_days_without_beat_make_one_catch_up(asked: SubjectRequest, worker: StaffMember) -> None:
    """Missed: three days before, one day before, the last day. The last one is told."""
    send_reminders(at=on(29, month=11))
    before = len(mails_to(worker))
    send_reminders(at=on(3, 9))
    assert len(mails_to(worker)) == before + 1
    assert told(K.DUE) == [("due", "assignee")]
    overtaken = ReminderSent.objects.filter(level=Level.NOBODY, recorded_at=on(3, 9))
    assert sorted(overtaken.values_list("kind", "occurrence")) == [
        ("days_before", "2026-12-03:1"),
        ("days_before", "2026-12-03:3"),
    ]
    send_reminders(at=on(3, 10))
    assert len(mails_to(worker)) == before + 1


def test_three_days_without_beat_make_one_mail_for_many_requests(worker: StaffMember) -> None:
    many = [a_request_in(RequestState.IN_REVIEW, email=f"ada{number}@example.org") for number in range(8)]
    SubjectRequest.objects.update(assignee=worker)
    send_reminders(at=on(29, month=11))
    StaffMail.objects.all().delete()
    send_reminders(at=on(3, 9))
    (mail,) = mails_to(worker)
    assert mail.subject == "8 requests need somebody now"
    assert all(mail.text.count(each.reference) == 2 for each in many), "its words and its link"


def test_a_case_given_to_nobody_is_the_teams(worker: StaffMember) -> None:
    lead = staff("Ana", Role.PRIVACY_LEAD)
    a_request_in(RequestState.IN_REVIEW)
    send_reminders(at=on(30, 8, month=11))
    assert told(K.DAYS_BEFORE)[-1] == ("days_before", "team")
    assert mails_to(worker)
    assert mails_to(lead), "the lead works cases too"


def test_it_escalates_to_the_team_and_then_to_the_lead(asked: SubjectRequest, worker: StaffMember) -> None:
    jonas, lead = staff("Jonas", Role.CASE_WORKER), staff("Ana", Role.PRIVACY_LEAD)
    piet = staff("Piet", Role.APPROVER)
    seen = {}
    for name, at in (("three", on(30, 8, month=11)), ("one", on(2, 8)), ("late", on(4, 8))):
        send_reminders(at=at)
        mailed = StaffMail.objects.filter(written_at=at).values_list("member", flat=True)
        seen[name] = set(mailed)
    assert seen["three"] == {worker.pk}
    assert seen["one"] == {worker.pk, jonas.pk, lead.pk}
    assert seen["late"] == {worker.pk, jonas.pk, lead.pk}
    assert not mails_to(piet), "an approver has nothing to do here"


def test_who_has_left_or_may_not_work_is_never_mailed(asked: SubjectRequest, worker: StaffMember) -> None:
    jonas = staff("Jonas", Role.CASE_WORKER)
    auditor, admin = staff("Olu", Role.AUDITOR), staff("Inês", Role.ADMIN)
    worker.is_active = False
    worker.save()
    tick_daily(on(25, month=11), 14)
    assert {mail.member_id for mail in StaffMail.objects.all()} == {jonas.pk}
    assert not mails_to(auditor)
    assert not mails_to(admin)
    assert ("days_before", "team") in told(), "what was given to somebody who left is the team's"


def test_a_case_for_approval_escalates_to_those_who_may_approve_it(worker: StaffMember) -> None:
    connect_shop()
    piet = staff("Piet", Role.APPROVER)
    waiting = a_request_in(RequestState.AWAITING_APPROVAL)
    prepared_by = waiting.approved_by
    send_reminders(at=on(30, 8, month=11))
    assert mails_to(piet)
    assert prepared_by is not None
    assert not mails_to(prepared_by)


def test_an_extension_brings_reminders_for_the_new_date_only(
    asked: SubjectRequest, worker: StaffMember
) -> None:
    tick_daily(on(20, month=11), 12)
    extend_deadline(subject_request_id=asked.pk, reason="Many sources.", by=Actor.staff(worker), at=on(1, 12))
    before = ReminderSent.objects.count()
    tick_daily(on(2), 20)
    assert ReminderSent.objects.count() == before
    tick_daily(on(22), 60)
    about = ReminderSent.objects.filter(recorded_at__gt=on(2)).values_list("about", flat=True)
    assert {day.isoformat() for day in about} == {"2027-02-03"}


@pytest.mark.parametrize("closed_by", [Move.WITHDRAW])
def test_a_closed_request_is_silent(asked: SubjectRequest, worker: StaffMember, closed_by: Move) -> None:
    by = Actor.subject(asked.reference)
    perform(subject_request_id=asked.pk, move=closed_by, by=by, at=NOON + timedelta(days=1))
    tick_daily(on(10, month=11), 40)
    assert told() == []
    assert not StaffMail.objects.exists()


def test_a_record_whose_time_is_over_is_told_to_the_lead(worker: StaffMember) -> None:
    lead = staff("Ana", Role.PRIVACY_LEAD)
    a_request_in(RequestState.WITHDRAWN)
    send_reminders(at=NOON + timedelta(days=1))
    send_reminders(at=datetime(2028, 10, 20, 14, tzinfo=UTC))
    send_reminders(at=datetime(2028, 10, 21, 14, tzinfo=UTC))
    assert told() == [("retention", "digest")]
    assert "Closed, and soon to be forgotten" in mails_to(lead)[-1].text
    assert not mails_to(worker)


def test_the_person_is_reminded_to_confirm_once_for_all_that_came_together() -> None:
    asked = ada_asks()
    send_reminders(at=NOON + timedelta(days=9))
    send_reminders(at=NOON + timedelta(days=11))
    reminder = asked.messages.get(notice="confirm_reminder")
    assert "before Tuesday 17 November 2026" in reminder.text
    assert "Ada" not in reminder.text
    assert asked.messages.count() == 2


def test_a_question_without_an_answer_is_asked_again() -> None:
    asked = a_request_in(RequestState.AWAITING_ANSWER)
    tick_daily(NOON, 30)
    assert told(K.QUESTION) == [("question", "person"), ("question", "person")]
    assert asked.messages.filter(notice="question_reminder").count() == 2


def test_a_receipt_is_confirmed_when_the_mail_server_took_the_first_letter(worker: StaffMember) -> None:
    """California wants it within ten business days: 18 November, with Veterans Day between."""
    quiet, loud = (ada_asks(place="US-CA", email=f"{name}@example.org") for name in ("quiet", "loud"))
    Message.objects.filter(subject_request=quiet).update(sent_at=NOON)
    tick_daily(NOON, 20)
    rows = ReminderSent.objects.filter(kind=K.ACKNOWLEDGE)
    assert {row.subject_request_id for row in rows} == {loud.pk}
    assert {row.level for row in rows} == {Level.TEAM}


def test_nothing_of_the_person_stands_in_a_mail_to_staff(asked: SubjectRequest, worker: StaffMember) -> None:
    tick_daily(on(1), 5)
    for mail in mails_to(worker):
        for text in (mail.subject, mail.text, mail.html):
            assert "ada" not in text.lower().replace("canada", "")
            assert "åström" not in text.lower()


def test_what_left_the_house_is_in_the_log(asked: SubjectRequest) -> None:
    send_reminders(at=on(3))
    entries = AuditEntry.objects.filter(event="reminder.sent", target_id=str(asked.pk))
    assert [entry.facts for entry in entries] == ['{"reminder":"due","told":"assignee"}']


def test_an_unchanged_request_is_not_looked_at_before_its_moment(asked: SubjectRequest) -> None:
    assert send_reminders(at=NOON + timedelta(hours=2)).count == 1
    assert send_reminders(at=NOON + timedelta(hours=3)).count == 0
    by = Actor.subject(asked.reference)
    perform(subject_request_id=asked.pk, move=Move.WITHDRAW, by=by, at=NOON + timedelta(hours=4))
    assert send_reminders(at=NOON + timedelta(hours=5)).count == 1
    assert not ReminderPlan.objects.get().has_notes


@pytest.mark.parametrize(
    ("place", "is_reminded"), [("PT", True), ("CA-ON", True), ("CA-QC", False), (None, False)]
)
def test_nobody_is_reminded_of_an_extension_that_cannot_be_had(place: str | None, is_reminded: bool) -> None:
    """Quebec gives none beside Canada's thirty days; without a place no law gives one."""
    a_request_in(RequestState.IN_REVIEW, place=place)
    tick_daily(on(4, month=11), 32)
    assert ReminderSent.objects.filter(kind=K.EXTENSION).exists() is is_reminded
