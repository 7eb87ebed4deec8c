"""Every kind of reminder: its words for the staff, and the thread in which a later one replaces an earlier one."""

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class ReminderKind(models.TextChoices):
    """What a reminder is about. Their order decides between two that fall due at the same moment."""

    ACKNOWLEDGE = "acknowledge", _("Receipt not confirmed yet")
    TARGET = "target", _("Our own target has come")
    DAYS_BEFORE = "days_before", _("Due soon")
    DUE = "due", _("Last working day to answer")
    OVERDUE = "overdue", _("Overdue")
    EXTENSION = "extension", _("Last days to extend")
    IDENTITY_LAPSING = "identity_lapsing", _("Closes unless the person confirms")
    QUESTION = "question", _("Our question is not answered")
    PROOF_GIVEN = "proof_given", _("A proof waits to be looked at")
    WAITING_ENDS = "waiting_ends", _("The waiting period ends")
    LIFTING_DAY = "lifting_day", _("The day announced for the lifting")
    HOLD_ENDS = "hold_ends", _("Last day of the hold: then the changes go on")
    HOLD_ENDED = "hold_ended", _("The hold has ended: the changes go on")
    HOLD_AGAIN = "hold_again", _("A hold without a last day: look at it again")
    WORK_TAKES_LONG = "work_takes_long", _("Sources have not finished")
    EVIDENCE = "evidence", _("Proof of identity is deleted")
    RETENTION = "retention", _("The record's time is over")


class Thread(StrEnum):
    """Reminders of one thread follow each other: the latest says it all."""

    RECEIPT = "receipt"
    ANSWER = "answer"
    EXTENSION = "extension"
    PERSON = "person"
    STEP = "step"
    HOLD = "hold"
    HOLD_AGAIN = "hold_again"
    KEEPING = "keeping"


class Level(models.TextChoices):
    """Who a reminder went to."""

    PERSON = "person", _("The person")
    ASSIGNEE = "assignee", _("Whoever the case is given to")
    TEAM = "team", _("The team")
    LEAD = "lead", _("Privacy lead")
    DIGEST = "digest", _("Daily digest")
    NOBODY = "nobody", _("Nobody: a later one was due")


THREADS: dict[ReminderKind, Thread] = {
    ReminderKind.ACKNOWLEDGE: Thread.RECEIPT,
    ReminderKind.TARGET: Thread.ANSWER,
    ReminderKind.DAYS_BEFORE: Thread.ANSWER,
    ReminderKind.DUE: Thread.ANSWER,
    ReminderKind.OVERDUE: Thread.ANSWER,
    ReminderKind.EXTENSION: Thread.EXTENSION,
    ReminderKind.IDENTITY_LAPSING: Thread.PERSON,
    ReminderKind.QUESTION: Thread.PERSON,
    ReminderKind.PROOF_GIVEN: Thread.STEP,
    ReminderKind.WAITING_ENDS: Thread.STEP,
    ReminderKind.LIFTING_DAY: Thread.STEP,
    ReminderKind.HOLD_ENDS: Thread.HOLD,
    ReminderKind.HOLD_ENDED: Thread.HOLD,
    ReminderKind.HOLD_AGAIN: Thread.HOLD_AGAIN,
    ReminderKind.WORK_TAKES_LONG: Thread.STEP,
    ReminderKind.EVIDENCE: Thread.KEEPING,
    ReminderKind.RETENTION: Thread.KEEPING,
}
# Of these the person is told; the staff read of them in the digest.
TO_THE_PERSON = frozenset({ReminderKind.IDENTITY_LAPSING, ReminderKind.QUESTION})
