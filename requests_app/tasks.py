"""Every background job of this app. Tasks carry ids only, may run twice, and are hints: the rows hold the truth."""

import logging
from typing import Any

from celery import Task, shared_task
from django.db import transaction
from kombu.exceptions import OperationalError

from requests_app import hints
from requests_app.audit.anchors import deposit, make
from requests_app.audit.anchors.models import AnchorDeposit
from requests_app.correspondence import deliver
from requests_app.correspondence.models import Message
from requests_app.identity import lapse
from requests_app.intake.inbox import work
from requests_app.intake.inbox.models import InboundEmail
from requests_app.leases.clock import database_now
from requests_app.leases.lease import due
from requests_app.letters import setting
from requests_app.letters.models import LetterPdf
from requests_app.reminders import send
from requests_app.reminders.models import StaffMail
from requests_app.retention import run
from requests_app.retention.models import PurgeRun
from requests_app.retention.own_days import forget_what_is_due

log = logging.getLogger(__name__)


def offer(task: "Task[..., Any]", **ids: str) -> None:
    """Queue a task when the transaction commits. A broker that is away is no error: the sweep offers the row again."""

    def send() -> None:
        try:
            task.apply_async(kwargs=ids, retry=False)
        except (OperationalError, OSError):
            log.warning("The broker is away; the sweep will offer %s.", task.name)

    transaction.on_commit(lambda: hints.send(send))


@shared_task(name="requests_app.deliver_message")
def deliver_message(*, message_id: str, **_newer: Any) -> None:
    """Hand one stored message to the mail server."""
    deliver.deliver_message(message_id=message_id, at=database_now())


@shared_task(name="requests_app.sweep_messages")
def sweep_messages(**_newer: Any) -> None:
    """Offer every message, letter and incoming mail that is due and that nobody works on."""
    for message_id in due(Message):
        deliver_message.delay(message_id=str(message_id))
    for mail_id in due(StaffMail):
        deliver_staff_mail.delay(mail_id=str(mail_id))
    for letter_id in due(LetterPdf):
        set_letter.delay(letter_id=str(letter_id))
    for email_id in due(InboundEmail):
        work_on_mail.delay(email_id=str(email_id))


@shared_task(name="requests_app.work_on_mail")
def work_on_mail(*, email_id: str, **_newer: Any) -> None:
    """Bring one stored mail to its end."""
    work.work_on_mail(email_id=email_id, at=database_now())


@shared_task(name="requests_app.deliver_staff_mail")
def deliver_staff_mail(*, mail_id: str, **_newer: Any) -> None:
    """Hand one stored mail to a member of staff to the mail server."""
    deliver.deliver_mail(StaffMail, mail_id, at=database_now())


@shared_task(name="requests_app.set_letter")
def set_letter(*, letter_id: str, **_newer: Any) -> None:
    """Set one letter as a PDF."""
    setting.set_pdf(letter_id=letter_id, at=database_now())


@shared_task(name="requests_app.send_reminders")
def send_reminders(**_newer: Any) -> None:
    """Remind of what is due; the rows say what was told before. After a full piece the next one takes its turn."""
    if send.send_reminders(at=database_now()).is_full:
        offer(send_reminders)


@shared_task(name="requests_app.tidy_up")
def tidy_up(**_newer: Any) -> None:
    """Lapse what nobody confirmed; forget what has a day of its own and has come to it."""
    now = database_now()
    lapse.lapse_unconfirmed(at=now)
    forget_what_is_due(at=now)


@shared_task(name="requests_app.anchor_audit")
def anchor_audit(**_newer: Any) -> None:
    """Anchor the audit log once a day, and offer what still has to be left somewhere."""
    make.anchor_daily(at=database_now())
    for deposit_id in due(AnchorDeposit):
        leave_anchor.delay(deposit_id=str(deposit_id))


@shared_task(name="requests_app.leave_anchor")
def leave_anchor(*, deposit_id: str, **_newer: Any) -> None:
    """Leave an anchor of the audit log in one place."""
    deposit.leave_anchor(deposit_id=deposit_id, at=database_now())


@shared_task(name="requests_app.begin_purge")
def begin_purge(**_newer: Any) -> None:
    """See that there is a run for today, and offer what nobody works on: the first poke of a day begins it."""
    run.daily_run(at=database_now())
    for run_id in due(PurgeRun):
        offer(purge, run_id=str(run_id))


@shared_task(name="requests_app.purge")
def purge(*, run_id: str, **_newer: Any) -> None:
    """Forget requests whose day has come, a piece at a time."""
    piece = run.work_on_run(run_id=run_id, at=database_now())
    if piece is not None and not piece.is_over:
        offer(purge, run_id=run_id)
