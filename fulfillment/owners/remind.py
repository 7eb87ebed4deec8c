"""Remind whoever was asked, half-way and on the day; after that tell those who can see to it, again and again."""

from contextlib import suppress
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings

from fulfillment.owners.answer import locked_task
from fulfillment.owners.link import link_of, new_token
from fulfillment.owners.mails import OwnerNotice, write_owner_mail
from fulfillment.owners.models import OwnerTask
from requests_app.audit.actors import Actor
from requests_app.audit.record import record
from requests_app.correspondence.links import case_link
from requests_app.leases.lease import LeaseLost, take
from requests_app.policy.reminding import Told
from requests_app.reminders.recipients import Desk

SYSTEM = Actor.system("fulfillment")
AGAIN_EVERY, LEAST_WAIT = timedelta(days=3), timedelta(minutes=1)
HALF_WAY, ON_THE_DAY = 1, 2


def remind_owner(*, task_id: UUID | str, at: datetime) -> bool:
    """Take the next step of reminding. Returns whether this call did; two workers remind once."""
    lease = take(OwnerTask, task_id, length=timedelta(seconds=settings.STEP_LEASE_SECONDS))
    if lease is None:
        return False
    with suppress(LeaseLost), lease.settled():
        task = locked_task(UUID(str(task_id)))
        task.reminded = min(task.reminded + 1, 1000)
        token = new_token(task, at=at)
        task.save(
            update_fields=["reminded", "token_digest", "link_expires_at", "code_digest", "code_expires_at"]
        )
        write_owner_mail(
            task,
            OwnerNotice.REMINDED,
            at=at,
            secrets={"link": link_of(token)},
            context={"is_late": at >= task.answer_by},
        )
        if task.reminded >= ON_THE_DAY:
            _escalate(task, at=at)
        facts = {"source": task.source.key, "number": task.reminded}
        record(event="owner.reminded", target=task.subject_request, by=SYSTEM, at=at, facts=facts)
        lease.again(after=_wait(task, at), error="")
        return True
    return False


def _wait(task: OwnerTask, at: datetime) -> timedelta:
    return max(task.answer_by - at, LEAST_WAIT) if task.reminded == HALF_WAY else AGAIN_EVERY


def _escalate(task: OwnerTask, *, at: datetime) -> None:
    """Tell whom the source names, and whoever works the case: they can ask somebody else."""
    if task.escalate_to:
        write_owner_mail(task, OwnerNotice.ESCALATED, at=at, to_address=task.escalate_to)
    context = {"case_url": case_link(task.subject_request.reference)}
    for members in Desk.now().told(task.subject_request, [Told.ASSIGNEE]).values():
        for member in members:
            write_owner_mail(task, OwnerNotice.ESCALATED, at=at, to_address=member.email, context=context)
