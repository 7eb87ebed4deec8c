"""Who is told of a reminder that has fallen due, and the rows that make it once: inside the transaction of a look."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from requests_app.accounts.models import StaffMember
from requests_app.audit.actors import Actor
from requests_app.audit.record import record
from requests_app.correspondence.links import portal_link
from requests_app.correspondence.notices import Notice
from requests_app.correspondence.write import write_message
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.states import RequestState
from requests_app.policy.company import COMPANY
from requests_app.policy.reminding import Told
from requests_app.reminders.kinds import TO_THE_PERSON, Level, ReminderKind, Thread
from requests_app.reminders.models import ReminderSent, ReminderTold
from requests_app.reminders.recipients import Desk
from requests_app.reminders.schedule import AT_ONCE, Reminder

SYSTEM = Actor.system("reminders")
NOTICES = {
    ReminderKind.IDENTITY_LAPSING: Notice.CONFIRM_REMINDER,
    ReminderKind.QUESTION: Notice.QUESTION_REMINDER,
}


class Telling:
    """What a batch of looks has to tell: gathered first, then written at once."""

    def __init__(self, desk: Desk, *, at: datetime) -> None:
        self._desk, self._at = desk, at
        self._rows: list[ReminderSent] = []
        self._members: dict[UUID, list[StaffMember]] = {}

    def add(self, subject_request: SubjectRequest, reminder: Reminder, *, is_current: bool) -> None:
        """Tell a reminder at each of its levels; one that a later reminder has overtaken is told to nobody."""
        levels = dict(_levels(self._desk, subject_request, reminder)) if is_current else {Level.NOBODY: []}
        for level, members in levels.items():
            row = ReminderSent(
                subject_request=subject_request,
                kind=reminder.kind,
                occurrence=reminder.occurrence,
                level=level,
                about=reminder.about,
                fell_due_at=reminder.at,
                recorded_at=self._at,
            )
            self._rows.append(row)
            self._members[row.pk] = members

    def write(self) -> None:
        """Store everything. A row that is there already, however it came, is neither stored nor told again."""
        ReminderSent.objects.bulk_create(self._rows, ignore_conflicts=True)
        stored = ReminderSent.objects.filter(pk__in=self._members)
        fresh = set(stored.values_list("pk", flat=True))
        ReminderTold.objects.bulk_create(
            ReminderTold(reminder_id=key, member=member) for key in fresh for member in self._members[key]
        )
        for row in self._rows:
            if row.pk in fresh and row.level not in (Level.DIGEST, Level.NOBODY):
                self._announce(row)

    def _announce(self, row: ReminderSent) -> None:
        """Write to the person, and into the log what leaves the house."""
        subject_request = row.subject_request
        if row.level == Level.PERSON and _is_the_one_written_about(row):
            notice = NOTICES[ReminderKind(row.kind)]
            context = {"portal_url": portal_link(), "until": row.about}
            write_message(notice, subject_request=subject_request, at=self._at, context=context)
        facts = {"reminder": row.kind, "told": row.level}
        record(event="reminder.sent", target=subject_request, by=SYSTEM, at=self._at, facts=facts)


def _levels(
    desk: Desk, subject_request: SubjectRequest, reminder: Reminder
) -> Iterator[tuple[Level, list[StaffMember]]]:
    """Who is told by a mail of their own; the digest where that is enough."""
    wanted = _wanted(subject_request, reminder)
    told = desk.told(subject_request, wanted) if wanted else {}
    if reminder.kind in TO_THE_PERSON:
        yield Level.PERSON, []
    elif not told:
        yield Level.DIGEST, []
    yield from told.items()


def _wanted(subject_request: SubjectRequest, reminder: Reminder) -> tuple[Told, ...]:
    policy = COMPANY.reminders
    if reminder.kind is ReminderKind.ACKNOWLEDGE:
        return policy.acknowledge_tell
    if reminder.thread in (Thread.HOLD, Thread.HOLD_AGAIN):
        return policy.hold_tell
    if reminder.step == AT_ONCE:
        return policy.at_once_tell
    if reminder.days_left > 0 and subject_request.state == RequestState.AWAITING_IDENTITY:
        # Only the person can do something; on the day itself we look why nothing came.
        return ()
    return policy.tell(reminder.days_left)


def _is_the_one_written_about(row: ReminderSent) -> bool:
    """One code confirms everything that came together, so one letter asks for it."""
    if row.kind != ReminderKind.IDENTITY_LAPSING:
        return True
    waiting = SubjectRequest.objects.filter(
        submission=row.subject_request.submission_id, state=RequestState.AWAITING_IDENTITY
    )
    first = waiting.order_by("received_at", "id").values_list("pk", flat=True).first()
    return bool(first == row.subject_request_id)
