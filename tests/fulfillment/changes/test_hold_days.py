"""A hold with a last day ends by itself once that day is over where the law counts; the staff hear of it in time."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from fulfillment.changes.begin import begin_deletion
from fulfillment.changes.by_connector.models import SourceChange
from fulfillment.changes.errors import NothingIsHeld
from fulfillment.changes.hold_days import end_hold, holds_that_may_be_over, move_last_day
from fulfillment.changes.holding import hold_changes, hold_of, lift_hold
from fulfillment.changes.models import ChangeHold
from fulfillment.tasks import carry_on
from requests_app.audit.actors import Actor
from requests_app.audit.models import AuditEntry
from requests_app.errors import BadInput, NotPermitted
from requests_app.leases.models import WorkState
from requests_app.lifecycle.clock import zone_of
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.states import RequestState as S
from requests_app.reminders.kinds import Level, ReminderKind
from requests_app.reminders.models import ReminderSent, StaffMail
from requests_app.reminders.send import send_reminders
from requests_app.roles import Role
from tests.desk import signed_in
from tests.factories import NOON, a_request_in, rosa, staff
from tests.fulfillment.changes.by_connector import shop as by_source
from tests.fulfillment.changes.shop import connect, fresh, waiting
from tests.fulfillment.connectors.sql_changes.shop import Shop

pytestmark = pytest.mark.django_db
# The GDPR's days are counted in Brussels, an hour before Greenwich; NOON is on 3 November 2026.
LAST = date(2026, 11, 20)
OVER = datetime(2026, 11, 20, 23, tzinfo=UTC)
K = ReminderKind


def _hold(asked: SubjectRequest, until: date | None = LAST) -> ChangeHold:
    by = Actor.staff(rosa())
    return hold_changes(subject_request_id=asked.pk, why="A court.", until=until, by=by, at=NOON)


def _move(asked: SubjectRequest, until: date | None, *, at: datetime = NOON) -> None:
    move_last_day(subject_request_id=asked.pk, until=until, by=Actor.staff(rosa()), at=at)


def _said(asked: SubjectRequest) -> list[str]:
    found = AuditEntry.objects.filter(target_id=str(asked.pk), event__contains="h")
    return [each.event for each in found.order_by("pk") if each.event.startswith("change.h")]


def test_a_hold_stands_to_the_last_moment_of_its_day_and_then_ends_by_itself() -> None:
    connect()
    asked = waiting()
    _hold(asked)
    just_before = OVER - timedelta(seconds=1)
    assert holds_that_may_be_over(at=just_before) == [asked.pk]
    assert not end_hold(subject_request_id=asked.pk, at=just_before)
    assert not begin_deletion(subject_request_id=asked.pk, at=just_before)
    assert end_hold(subject_request_id=asked.pk, at=OVER)
    assert not end_hold(subject_request_id=asked.pk, at=OVER)
    assert holds_that_may_be_over(at=OVER) == []
    assert begin_deletion(subject_request_id=asked.pk, at=OVER)
    hold = ChangeHold.objects.get()
    assert (hold.lifted_at, hold.lifted_by) == (OVER, None)
    assert _said(asked) == ["change.held_until", "change.hold_ended"]
    ended = AuditEntry.objects.get(event="change.hold_ended")
    assert (ended.actor_kind, ended.at) == ("system", OVER)


@pytest.mark.parametrize(
    ("place", "over"),
    [("KR", datetime(2026, 11, 20, 15, tzinfo=UTC)), ("US-CA", datetime(2026, 11, 21, 8, tzinfo=UTC))],
)
def test_the_day_is_over_where_the_law_of_the_request_counts(place: str, over: datetime) -> None:
    connect()
    asked = a_request_in(S.EXECUTING, right="deletion", place=place)
    assert over.astimezone(zone_of(asked)).hour == 0
    _hold(asked)
    before = over - timedelta(seconds=1)
    assert not end_hold(subject_request_id=asked.pk, at=before)
    assert asked.pk in holds_that_may_be_over(at=over)
    assert end_hold(subject_request_id=asked.pk, at=over)


def test_the_clock_lets_a_source_go_on_when_the_day_is_over(shop: Shop) -> None:
    by_source.connect(shop)
    asked = by_source.erasing()
    _hold(asked, date(2099, 5, 1))
    by_source.work(asked)
    assert SourceChange.objects.get().work_state == WorkState.WAITING
    carry_on()
    assert hold_of(asked) is not None
    # The day that it names passes.
    ChangeHold.objects.update(until=timezone.now().date() - timedelta(days=2))
    SourceChange.objects.update(next_attempt_at=timezone.now() + timedelta(days=1))
    carry_on()
    assert hold_of(asked) is None
    assert SourceChange.objects.get().next_attempt_at <= timezone.now()
    by_source.work(asked)
    assert shop.rows("select id from visits") == [(3,)]
    assert fresh(asked).state == S.VERIFYING


def test_whoever_works_the_case_is_told_before_the_last_day_and_once_it_is_over() -> None:
    connect()
    member, asked = rosa(), waiting()
    SubjectRequest.objects.filter(pk=asked.pk).update(assignee=member)
    send_reminders(at=NOON)
    _hold(asked)
    for hour in range(0, 24 * 21, 3):
        at = NOON + timedelta(hours=hour)
        end_hold(subject_request_id=asked.pk, at=at)
        send_reminders(at=at)
    rows = ReminderSent.objects.filter(kind__in=[K.HOLD_ENDS, K.HOLD_ENDED]).order_by("fell_due_at")
    assert [(row.kind, row.fell_due_at, row.level) for row in rows] == [
        (K.HOLD_ENDS, datetime(2026, 11, 13, 7, tzinfo=UTC), Level.ASSIGNEE),
        (K.HOLD_ENDS, datetime(2026, 11, 19, 7, tzinfo=UTC), Level.ASSIGNEE),
        (K.HOLD_ENDED, OVER, Level.ASSIGNEE),
    ]
    assert all(row.about == LAST for row in rows)
    mails = [(mail.written_at, mail.text) for mail in StaffMail.objects.filter(member=member)]
    ended = [at for at, text in mails if "The hold has ended: the changes go on" in text]
    assert OVER <= min(ended) < OVER + timedelta(hours=4)
    assert not any("A court" in text for _at, text in mails)


def test_a_hold_that_is_lifted_or_has_no_day_is_not_reminded_of() -> None:
    connect()
    lifted, endless = waiting(), waiting()
    _hold(lifted)
    _hold(endless, None)
    lift_hold(subject_request_id=lifted.pk, by=Actor.staff(rosa()), at=NOON)
    assert not end_hold(subject_request_id=endless.pk, at=OVER + timedelta(days=9999))
    for day in range(25):
        send_reminders(at=NOON + timedelta(days=day))
    assert not ReminderSent.objects.filter(kind__in=[K.HOLD_ENDS, K.HOLD_ENDED]).exists()


def test_the_last_day_is_moved_while_the_hold_stands_and_never_into_the_past() -> None:
    connect()
    asked = waiting()
    with pytest.raises(NothingIsHeld):
        _move(asked, LAST)
    with pytest.raises(BadInput, match="over already"):
        _hold(asked, date(2026, 11, 2))
    _hold(asked, date(2026, 11, 3))
    with pytest.raises(BadInput, match="over already"):
        _move(asked, date(2026, 11, 2))
    sol = Actor.staff(staff("Sol", Role.SOURCE_OWNER))
    with pytest.raises(NotPermitted):
        move_last_day(subject_request_id=asked.pk, until=LAST, by=sol, at=NOON)
    _move(asked, LAST)
    _move(asked, LAST)
    assert not end_hold(subject_request_id=asked.pk, at=NOON + timedelta(days=2))
    _move(asked, None)
    assert not end_hold(subject_request_id=asked.pk, at=OVER)
    assert _said(asked) == ["change.held_until", "change.hold_day_moved", "change.hold_day_open"]


def test_the_pages_say_until_when_and_let_staff_change_it() -> None:
    connect()
    asked = a_request_in(S.EXECUTING, right="deletion")
    desk, changes = signed_in(rosa()), reverse("changes:changes", args=[asked.reference])
    hold_page = reverse("changes:hold", args=[asked.reference])
    assert "Until when? (optional)" in desk.get(hold_page).content.decode()
    refused = desk.post(hold_page, {"why": "A court.", "until": "2001-01-01"})
    assert (refused.status_code, "over already" in refused.content.decode()) == (400, True)
    assert desk.post(hold_page, {"why": "A court.", "until": "2099-05-01"}).status_code == 302
    assert "The last day of the hold is 1 May 2099." in desk.get(changes).content.decode()
    case = desk.get(reverse("review:case", args=[asked.reference])).content.decode()
    assert "up to and including 1 May 2099" in case

    day_page = reverse("changes:hold_last_day", args=[asked.reference])
    assert 'value="2099-05-01"' in desk.get(day_page).content.decode()
    assert signed_in(staff("Sol", Role.SOURCE_OWNER)).get(day_page).status_code == 403
    assert desk.post(day_page, {"until": ""}).status_code == 302
    assert "it stands until somebody lifts it" in desk.get(changes).content.decode()
    desk.post(reverse("changes:lift_hold", args=[asked.reference]))
    assert desk.post(day_page, {"until": "2099-05-02"}).status_code == 409
