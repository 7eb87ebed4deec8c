"""Ask the owner of a source: one task, one mail with a personal link, and the answer once it is there."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import partial

from django.db import transaction

from fulfillment.connectors.asking import Handed, Held, Owner, Paper, Question
from fulfillment.connectors.errors import Waiting
from fulfillment.connectors.query import Identity
from fulfillment.owners.link import link_of, new_token
from fulfillment.owners.mails import OwnerNotice, write_owner_mail
from fulfillment.owners.models import OwnerTask, OwnerTaskState, OwnerUpload, Purpose
from fulfillment.sources.models import DataMapVersion, DataSource
from requests_app.audit.actors import Actor
from requests_app.audit.record import record
from requests_app.encryption.files import open_sealed
from requests_app.encryption.store import current_store
from requests_app.leases.models import WorkState
from requests_app.lifecycle.models import SubjectRequest

SYSTEM = Actor.system("fulfillment")
# An answer is wanted that long before the law's day, and nobody has less than a day for it.
BEFORE_DUE, LEAST = timedelta(days=3), timedelta(days=1)


@dataclass(frozen=True)
class Asked:
    """What a task is for: the key of what it answers, and where it stands."""

    key: str
    purpose: Purpose
    subject_request: SubjectRequest
    source: DataSource
    map_version: DataMapVersion


@dataclass(frozen=True)
class OwnersAsked:
    """The people of one search, as a connector sees them."""

    asked: Asked
    at: datetime

    def answer_to(self, question: Question) -> Handed:
        """What the owner answered; whoever asks first has the mail written. Raises Waiting."""
        task = OwnerTask.objects.filter(key=self.asked.key).first()
        if task is None:
            task = ask_owner(self.asked, question.owner, question.identities, by=SYSTEM, at=self.at)
        if task.state != OwnerTaskState.ANSWERED:
            raise Waiting("Somebody was asked by mail, and has not answered yet.", whom=task.owner_name)
        return _handed(task)


def ask_owner(
    asked: Asked, owner: Owner, identities: tuple[Identity, ...], *, by: Actor, at: datetime
) -> OwnerTask:
    """Open a task and write its mail, once for a key; whoever comes second gets the task that is there."""
    task = OwnerTask(
        key=asked.key,
        purpose=asked.purpose,
        subject_request=asked.subject_request,
        source=asked.source,
        map_version=asked.map_version,
        owner_name=owner.name,
        owner_address=owner.address,
        escalate_to=owner.escalate_to,
        identities_sealed=[[each.kind, each.value] for each in identities],
        asked_at=at,
        answer_by=_answer_by(asked.subject_request, owner.days, at),
    )
    token = new_token(task, at=at)
    task.next_attempt_at = first_reminder(task)
    with transaction.atomic():
        OwnerTask.objects.bulk_create([task], ignore_conflicts=True)
        kept = OwnerTask.objects.select_related("source", "subject_request").get(key=asked.key)
        if kept.pk == task.pk:
            write_owner_mail(kept, OwnerNotice.ASKED, at=at, secrets={"link": link_of(token)})
            facts = {"source": asked.source.key, "purpose": asked.purpose.value}
            record(event="owner.asked", target=asked.subject_request, by=by, at=at, facts=facts)
    return kept


def ask_again(*, key: str, at: datetime) -> bool:
    """Open a task again that ended with “cannot”, and mail it anew; in the caller's transaction."""
    found = OwnerTask.objects.select_for_update(of=("self",)).select_related("source", "subject_request")
    task = found.filter(key=key, state=OwnerTaskState.ANSWERED, held=Held.CANNOT).first()
    if task is None:
        return False
    days = max((task.answer_by - task.asked_at).days, 1)
    task.state, task.held, task.ended_at, task.reminded = OwnerTaskState.OPEN, "", None, 0
    task.asked_at, task.answer_by = at, _answer_by(task.subject_request, days, at)
    task.work_state, task.next_attempt_at = WorkState.WAITING, first_reminder(task)
    token = new_token(task, at=at)
    task.save()
    write_owner_mail(task, OwnerNotice.ASKED, at=at, secrets={"link": link_of(token)})
    return True


def first_reminder(task: OwnerTask) -> datetime:
    """Half-way to the day on which the answer is wanted."""
    return task.asked_at + (task.answer_by - task.asked_at) / 2


def _answer_by(subject_request: SubjectRequest, days: int, at: datetime) -> datetime:
    wanted = at + timedelta(days=days)
    due = datetime.combine(subject_request.response_due_on, time(12), tzinfo=at.tzinfo) - BEFORE_DUE
    return max(min(wanted, due), at + LEAST)


def _handed(task: OwnerTask) -> Handed:
    uploads = list(task.uploads.all())
    records = [each for each in uploads if not each.is_document]
    names = dict.fromkeys(each.collection for each in records)
    return Handed(
        Held(task.held),
        lines={name: partial(_lines, records, name) for name in names},
        unmapped={name: _unmapped(records, name) for name in names},
        papers=tuple(
            Paper(
                each.collection,
                each.label,
                file_name(each),
                each.media_type,
                each.sha256,
                each.size,
                partial(content_of, each),
            )
            for each in uploads
            if each.is_document
        ),
    )


def _unmapped(records: list[OwnerUpload], name: str) -> tuple[str, ...]:
    return tuple(
        dict.fromkeys(field for each in records if each.collection == name for field in each.unmapped)
    )


def _lines(records: list[OwnerUpload], name: str) -> Iterator[bytes]:
    for each in records:
        if each.collection == name:
            yield from content_of(each).splitlines()


ENDINGS = {"application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg", "text/plain": "txt"}


def file_name(upload: OwnerUpload) -> str:
    """The name that we give a document: nothing of what its owner called it."""
    return f"{upload.number:03d}.{ENDINGS.get(upload.media_type, 'bin')}"


def content_of(upload: OwnerUpload) -> bytes:
    """The file, opened."""
    with open_sealed(
        current_store(), name=upload.store_name, wrapped_key=bytes(upload.wrapped_key)
    ) as opened:
        return b"".join(opened.chunks())
