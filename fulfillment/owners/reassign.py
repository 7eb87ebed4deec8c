"""Give an open task to another person: a new link for them, and the old one is dead at once."""

from datetime import datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from fulfillment.owners.answer import locked_task
from fulfillment.owners.hand_in import refuse_ended
from fulfillment.owners.link import link_of, new_token
from fulfillment.owners.mails import OwnerNotice, write_owner_mail
from fulfillment.owners.models import OwnerMail, OwnerTask
from requests_app.audit.actors import Actor
from requests_app.audit.record import record
from requests_app.errors import BadInput, NotPermitted
from requests_app.leases.models import WorkState
from requests_app.roles import Permission, permissions_of


def reassign_task(*, task_id: UUID, name: str, address: str, by: Actor, at: datetime) -> OwnerTask:
    """Ask somebody else. What was handed in so far stays. Raises NotPermitted, BadInput, OwnerTaskEnded."""
    if Permission.WORK_CASES not in permissions_of(by.roles):
        raise NotPermitted("Your role does not allow this.")
    refuse_unfit_owner(name, address)
    with transaction.atomic():
        task = locked_task(task_id)
        refuse_ended(task)
        # A mail on its way to whoever was asked before is not sent any more.
        OwnerMail.objects.filter(task=task, work_state=WorkState.WAITING).update(
            work_state=WorkState.CANCELLED
        )
        task.owner_name, task.owner_address = name.strip(), address.strip()
        token = new_token(task, at=at)
        task.save()
        write_owner_mail(task, OwnerNotice.ASKED, at=at, secrets={"link": link_of(token)})
        facts = {"source": task.source.key}
        record(event="owner.reassigned", target=task.subject_request, by=by, at=at, facts=facts)
    return task


def send_new_link(*, task_id: UUID, at: datetime) -> None:
    """Mail a fresh link to the address on file; who asks for it learns nothing."""
    with transaction.atomic():
        task = locked_task(task_id)
        refuse_ended(task)
        token = new_token(task, at=at)
        task.save(update_fields=["token_digest", "link_expires_at", "code_digest", "code_expires_at"])
        write_owner_mail(task, OwnerNotice.REMINDED, at=at, secrets={"link": link_of(token)})


def refuse_unfit_owner(name: str, address: str) -> None:
    """Raises BadInput where nobody can be written to."""
    if not name.strip():
        raise BadInput("Say who is asked.")
    try:
        validate_email(address.strip())
    except ValidationError:
        raise BadInput("This is no mail address.") from None
