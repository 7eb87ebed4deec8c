"""The tick: look at every request whose moment has come, record what falls due, tell those concerned; each once."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from requests_app.errors import DomainError
from requests_app.lifecycle.models import SubjectRequest
from requests_app.policy.company import COMPANY
from requests_app.reminders import mails
from requests_app.reminders.models import ReminderPlan, ReminderSent
from requests_app.reminders.plans import keep_plans, next_look, note_changes, take_plans
from requests_app.reminders.recipients import Desk
from requests_app.reminders.schedule import Reminder, current, look_again_at, plan
from requests_app.reminders.standing import Known, known_of, standing_of
from requests_app.reminders.telling import Telling

log = logging.getLogger(__name__)
# Each batch is a short transaction; together they are one piece of work that holds a worker for some seconds only.
BATCH, BATCHES = 500, 2


@dataclass(frozen=True, slots=True)
class Looked:
    """How many requests were looked at, and whether the piece was full: then more of them may wait."""

    count: int
    is_full: bool


def send_reminders(*, at: datetime) -> Looked:
    """Send what is due, a piece at a time; safe to run twice and side by side.

    The staff are written to by the piece that ends a long look, so that it is one mail for all of it.
    """
    note_changes(at=at)
    desk, count = Desk.now(), 0
    for _ in range(BATCHES):
        found = _look(desk, at=at)
        count += found
        if found < BATCH:
            mails.write_staff_mail(desk, at=at)
            return Looked(count, is_full=False)
    return Looked(count, is_full=True)


@transaction.atomic
def _look(desk: Desk, *, at: datetime) -> int:
    """Look at one batch of requests whose moment has come."""
    plans = take_plans(at=at, limit=BATCH)
    keys = [each.pk for each in plans]
    requests = (
        SubjectRequest.objects.select_related("linked_to").prefetch_related("clock_events").in_bulk(keys)
    )
    known, told = known_of(keys, at=at), _told_before(keys)
    telling = Telling(desk, at=at)
    for each in plans:
        subject_request = requests[each.pk]
        reminders = _reminders_of(subject_request, known)
        now = current(reminders, at)
        _note(each, subject_request, reminders, now, at=at)
        for reminder in reminders:
            if reminder.is_due(at) and (reminder.kind, reminder.occurrence) not in told.get(each.pk, ()):
                telling.add(subject_request, reminder, is_current=reminder in now)
    telling.write()
    keep_plans(plans)
    return len(plans)


def _reminders_of(subject_request: SubjectRequest, known: Known) -> tuple[Reminder, ...]:
    try:
        standing = standing_of(subject_request, known)
    except DomainError as refused:
        # One case whose law cannot be asked must not keep the others from their dates.
        log.error("Request %s has no dates: %s.", subject_request.pk, refused.code)
        return ()
    return plan(standing, COMPANY.reminders)


def _told_before(keys: list[UUID]) -> Mapping[UUID, set[tuple[str, str]]]:
    told: dict[UUID, set[tuple[str, str]]] = {}
    rows = ReminderSent.objects.filter(subject_request__in=keys)
    for key, kind, occurrence in rows.values_list("subject_request_id", "kind", "occurrence"):
        told.setdefault(key, set()).add((kind, occurrence))
    return told


def _note(
    each: ReminderPlan,
    subject_request: SubjectRequest,
    reminders: tuple[Reminder, ...],
    now: tuple[Reminder, ...],
    *,
    at: datetime,
) -> None:
    """Write into the plan how the request stood, what the digest says of it, and when to look again."""
    each.version, each.due_on = subject_request.version, subject_request.response_due_on
    each.notes = [[reminder.kind.value, reminder.about.isoformat()] for reminder in now]
    each.has_notes = bool(each.notes)
    moment = look_again_at(reminders, at)
    each.look_at = next_look(subject_request, moment, at=at)
