"""The file that shows a change was made: looked at, sealed as evidence is, and known by its hash ever after."""

import hashlib
from collections.abc import Iterator
from datetime import datetime

from fulfillment.changes.models import ChangeTask, ReceiptFile
from fulfillment.changes.start import PRIVACY_TEAM
from requests_app.audit.actors import Actor
from requests_app.audit.record import record
from requests_app.encryption.files import create_sealed, open_sealed, wrapped_file_key
from requests_app.encryption.store import current_store, new_name
from requests_app.identity.uploads import CheckedFile


def keep_receipt(task: ChangeTask, file: CheckedFile, *, at: datetime) -> ReceiptFile:
    """Seal a file that was looked at beside its task, in the caller's transaction.

    The file is written before its row: one that no row names is removed after a day.
    """
    name = new_name()
    key = wrapped_file_key(name=name)
    with create_sealed(current_store(), name=name, wrapped_key=key) as sink:
        sink.write(file.content)
    return ReceiptFile.objects.create(
        task=task,
        store_name=name,
        wrapped_key=key,
        media_type=file.media_type,
        size=len(file.content),
        sha256=hashlib.sha256(file.content).hexdigest(),
        kept_at=at,
    )


def receipt_chunks(receipt: ReceiptFile) -> Iterator[bytes]:
    """The file of a receipt, opened."""
    with open_sealed(
        current_store(), name=receipt.store_name, wrapped_key=bytes(receipt.wrapped_key)
    ) as opened:
        yield from opened.chunks()


def note_look(receipt: ReceiptFile, *, by: Actor, at: datetime) -> None:
    """Record that somebody looks at the file."""
    task = receipt.task
    facts = {"source": task.source.key if task.source else PRIVACY_TEAM, "kind": task.kind}
    record(event="change.receipt_seen", target=task.subject_request, by=by, at=at, facts=facts)
