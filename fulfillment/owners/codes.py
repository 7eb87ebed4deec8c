"""The code that opens a task beside its link: mailed to the address on file, checked once, and limited."""

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from fulfillment.owners.errors import WrongOwnerCode
from fulfillment.owners.mails import OwnerNotice, write_owner_mail
from fulfillment.owners.models import OwnerMail, OwnerTask
from requests_app.audit.actors import Actor
from requests_app.audit.record import record
from requests_app.encryption.keys import secret_key
from requests_app.identity import tries
from requests_app.identity.codes import ALPHABET, LENGTH

LIFE = timedelta(minutes=30)
PER_HOUR = 6


def send_owner_code(*, task_id: UUID, at: datetime) -> bool:
    """Mail a fresh code to the owner; the one before stops working.

    Returns False, sending nothing, when the task had too many within the hour; what is shown is the same.
    """
    code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    with transaction.atomic():
        task = OwnerTask.objects.select_for_update(of=("self",)).select_related("source", "subject_request")
        locked = task.get(pk=task_id)
        lately = OwnerMail.objects.filter(
            task=locked, notice=OwnerNotice.CODE, written_at__gt=at - timedelta(hours=1)
        )
        if not locked.is_open or lately.count() >= PER_HOUR:
            return False
        locked.code_digest, locked.code_expires_at = _digest(locked, code), at + LIFE
        locked.save(update_fields=["code_digest", "code_expires_at"])
        write_owner_mail(
            locked,
            OwnerNotice.CODE,
            at=at,
            secrets={"code": code},
            context={"until": locked.code_expires_at},
        )
    return True


def use_owner_code(*, task_id: UUID, code: str, at: datetime) -> OwnerTask:
    """Use a code up. Raises WrongOwnerCode, TooManyWrongCodes.

    Call outside a transaction: a wrong try stays counted whatever happens next.
    """
    counter = f"owner:{task_id}"
    tries.take_try(counter, at=at)
    typed = "".join(code.split()).replace("-", "").upper()
    with transaction.atomic():
        found = OwnerTask.objects.select_for_update(of=("self",)).select_related("source", "subject_request")
        task = found.get(pk=task_id)
        is_live = task.code_expires_at is not None and task.code_expires_at > at
        if not (is_live and hmac.compare_digest(task.code_digest, _digest(task, typed))):
            raise WrongOwnerCode
        task.code_digest, task.code_expires_at = "", None
        task.save(update_fields=["code_digest", "code_expires_at"])
        tries.give_back(counter)
        note_opening(task, at=at)
    return task


def note_opening(task: OwnerTask, *, at: datetime) -> None:
    """Record that whoever is asked looks at whom the task is about."""
    by, facts = Actor.owner(str(task.pk)), {"source": task.source.key}
    record(event="owner.opened", target=task.subject_request, by=by, at=at, facts=facts)


def _digest(task: OwnerTask, code: str) -> str:
    said = f"owner-code\0{task.pk}\0{code}".encode()
    return hmac.new(secret_key("CODE_KEY"), said, hashlib.sha256).hexdigest()
