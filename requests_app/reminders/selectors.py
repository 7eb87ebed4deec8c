"""What a case's page shows of its reminders: what was told to whom when, and what comes next."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Prefetch
from django.utils.functional import Promise

from requests_app.leases.models import WorkState
from requests_app.lifecycle.models import SubjectRequest
from requests_app.policy.company import COMPANY
from requests_app.reminders.kinds import TO_THE_PERSON, Level, ReminderKind
from requests_app.reminders.models import ReminderSent, StaffMail
from requests_app.reminders.schedule import plan
from requests_app.reminders.standing import known_of, standing_of

NEXT = 3


@dataclass(frozen=True)
class ReminderLine:
    """One reminder as the staff read it; `at` is when it was told, or will be."""

    what: str | Promise
    about: date
    to: str | Promise
    names: tuple[str, ...]
    at: datetime
    not_reached: tuple[str, ...] = ()


def reminders_told(subject_request: SubjectRequest) -> list[ReminderLine]:
    """Return what was told about a case, newest first."""
    rows: Iterable[ReminderSent] = (
        subject_request.reminders.order_by("-recorded_at", "-fell_due_at")
        .exclude(level=Level.NOBODY)
        .prefetch_related("told__member", Prefetch("told__mail", StaffMail.objects.defer("text", "html")))
    )
    return [
        ReminderLine(
            what=ReminderKind(row.kind).label,
            about=row.about,
            to=Level(row.level).label,
            names=tuple(sorted(each.member.display_name for each in row.told.all())),
            at=row.recorded_at,
            not_reached=tuple(
                sorted(
                    each.member.display_name
                    for each in row.told.all()
                    if each.mail is not None and each.mail.work_state == WorkState.DEAD
                )
            ),
        )
        for row in rows
    ]


def reminders_to_come(subject_request: SubjectRequest, *, at: datetime) -> list[ReminderLine]:
    """Return the next reminders of a case, as it now stands."""
    standing = standing_of(subject_request, known_of([subject_request.pk], at=at))
    coming = plan(standing, COMPANY.reminders)
    return [
        ReminderLine(
            what=each.kind.label,
            about=each.about,
            to=Level.PERSON.label if each.kind in TO_THE_PERSON else "",
            names=(),
            at=each.at,
        )
        for each in coming
        if each.at > at
    ][:NEXT]
