"""Hand something in for a task: records of a collection, or an original document; and take it back."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from fulfillment.connectors.handed import handed_records
from fulfillment.datamaps.datamap import Collection
from fulfillment.owners.errors import OwnerTaskEnded, TooManyFiles
from fulfillment.owners.models import OwnerTask, OwnerUpload
from requests_app.encryption.doomed import doom
from requests_app.encryption.files import create_sealed, wrapped_file_key
from requests_app.encryption.store import current_store, new_name
from requests_app.errors import BadInput
from requests_app.identity.uploads import LARGEST, CheckedFile

MOST_FILES = 100
RECORDS = "application/x-ndjson"


def hand_in_records(*, task_id: UUID, collection: str, content: bytes, at: datetime) -> OwnerUpload:
    """Check a file of records against the map and keep them. Raises HandedRefused, OwnerTaskEnded, BadInput."""
    if len(content) > LARGEST:
        raise BadInput("The file is larger than 8 MB. Hand it in in parts.")
    with _open_task(task_id) as task:
        wanted = _collection(task, collection, documents=False)
        found = handed_records(content, wanted, identities=task.identities)
        if not found.lines:
            raise BadInput("The file has no rows. If nothing is held, say so below instead.")
        upload = _kept(task, b"\n".join(found.lines), at=at)
        upload.collection, upload.media_type = wanted.name, RECORDS
        upload.rows, upload.unmapped = len(found.lines), list(found.unmapped)
        upload.save()
    return upload


def hand_in_document(
    *, task_id: UUID, collection: str, label: str, file: CheckedFile, at: datetime
) -> OwnerUpload:
    """Keep a document that was looked at. Raises OwnerTaskEnded, BadInput, TooManyFiles."""
    if not label.strip():
        raise BadInput("Say what the document is: the person reads these words.")
    with _open_task(task_id) as task:
        wanted = _collection(task, collection, documents=True)
        upload = _kept(task, file.content, at=at)
        upload.collection, upload.media_type = wanted.name, file.media_type
        upload.is_document, upload.label, upload.rows = True, label.strip()[:200], 1
        upload.save()
    return upload


def take_back(*, task_id: UUID, upload_id: UUID) -> None:
    """Remove something that was handed in, while the task is open. Raises OwnerTaskEnded."""
    with _open_task(task_id) as task:
        for upload in task.uploads.filter(pk=upload_id):
            upload.delete()
            doom([upload.store_name])


def refuse_ended(task: OwnerTask) -> None:
    """Raises OwnerTaskEnded for a task that is not open any more."""
    if not task.is_open:
        raise OwnerTaskEnded("This task has ended meanwhile. What you sent was not kept.")


@contextmanager
def _open_task(task_id: UUID) -> Iterator[OwnerTask]:
    with transaction.atomic():
        found = OwnerTask.objects.select_for_update(of=("self",)).select_related("map_version", "source")
        task = found.get(pk=task_id)
        refuse_ended(task)
        yield task


def _collection(task: OwnerTask, name: str, *, documents: bool) -> Collection:
    found = task.map_version.data_map.by_name.get(name)
    if found is None or found.documents is not documents:
        raise BadInput("Choose one of the kinds of records named here.")
    return found


def _kept(task: OwnerTask, content: bytes, *, at: datetime) -> OwnerUpload:
    """The sealed file and its row, not yet saved. A file that no row names is removed after a day."""
    if task.uploads.count() >= MOST_FILES:
        raise TooManyFiles(f"More than {MOST_FILES} files are more than one answer takes. Put some together.")
    name = new_name()
    key = wrapped_file_key(name=name)
    with create_sealed(current_store(), name=name, wrapped_key=key) as sink:
        sink.write(content)
    return OwnerUpload(
        task=task,
        number=(task.uploads.aggregate(last=Max("number"))["last"] or 0) + 1,
        store_name=name,
        wrapped_key=key,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        uploaded_at=at,
    )
