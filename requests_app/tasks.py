"""Every background job of this app. Tasks carry ids only, may run twice, and are hints: the rows hold the truth."""

import logging
from typing import Any

from celery import Task, shared_task
from django.db import transaction
from kombu.exceptions import OperationalError

from requests_app import hints
from requests_app.correspondence import deliver
from requests_app.correspondence.models import Message
from requests_app.encryption import orphans
from requests_app.identity import forget, lapse, tries
from requests_app.intake.drafts import forget_drafts
from requests_app.leases.clock import database_now
from requests_app.leases.lease import due
from requests_app.reminders import send
from requests_app.reminders.models import StaffMail

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
    """Offer every message that is due and that nobody is sending."""
    for message_id in due(Message):
        deliver_message.delay(message_id=str(message_id))
    for mail_id in due(StaffMail):
        deliver_staff_mail.delay(mail_id=str(mail_id))


@shared_task(name="requests_app.deliver_staff_mail")
def deliver_staff_mail(*, mail_id: str, **_newer: Any) -> None:
    """Hand one stored mail to a member of staff to the mail server."""
    deliver.deliver_mail(StaffMail, mail_id, at=database_now())


@shared_task(name="requests_app.send_reminders")
def send_reminders(**_newer: Any) -> None:
    """Remind of what is due; the rows say what was told before. After a full piece the next one takes its turn."""
    if send.send_reminders(at=database_now()).is_full:
        offer(send_reminders)


@shared_task(name="requests_app.tidy_up")
def tidy_up(**_newer: Any) -> None:
    """Lapse what nobody confirmed; forget evidence on its day, unsent answers, old counters, loose files."""
    now = database_now()
    lapse.lapse_unconfirmed(at=now)
    forget.forget_due_evidence(at=now)
    forget_drafts(at=now)
    tries.forget_old(at=now)
    orphans.remove_orphans(at=now)
