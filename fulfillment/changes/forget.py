"""Receipts go: what shows that a change was made is deleted on the day on which the record of its request may go."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from fulfillment.changes.models import ReceiptFile
from fulfillment.changes.start import PRIVACY_TEAM
from requests_app.audit.actors import Actor
from requests_app.audit.record import record
from requests_app.encryption.store import current_store
from requests_app.lifecycle.keeping import kept_until
from requests_app.lifecycle.models import SubjectRequest

SYSTEM = Actor.system("fulfillment")


def set_last_days(subject_request: SubjectRequest) -> None:
    """Give every receipt of a request that is closed its day; in the transaction that closed it."""
    kept = ReceiptFile.objects.filter(task__subject_request=subject_request, deleted_at=None)
    if kept.exists():
        kept.update(delete_on=kept_until(subject_request))


def forget_due_receipts(*, at: datetime) -> int:
    """Delete every receipt whose day has come. Returns how many; safe to run twice and side by side."""
    due = ReceiptFile.objects.filter(deleted_at=None, delete_on__lte=at.date())
    return sum(_forget(key, at=at) for key in list(due.values_list("pk", flat=True)))


def _forget(key: UUID, *, at: datetime) -> int:
    """Without its wrapped key the file is unreadable from this moment; the file itself goes once that is certain.

    Its hash stays: it stands in the certificate, and whoever has the original can still show that it is the same.
    """
    with transaction.atomic():
        found = ReceiptFile.objects.select_for_update(of=("self",)).select_related(
            "task__source", "task__subject_request"
        )
        receipt = found.filter(pk=key, deleted_at=None).first()
        if receipt is None:
            return 0
        name, task = receipt.store_name, receipt.task
        receipt.store_name, receipt.wrapped_key, receipt.size, receipt.deleted_at = "", b"", 0, at
        receipt.save(update_fields=["store_name", "wrapped_key", "size", "deleted_at"])
        facts = {"source": task.source.key if task.source else PRIVACY_TEAM, "kind": task.kind}
        record(event="change.receipt_deleted", target=task.subject_request, by=SYSTEM, at=at, facts=facts)
        transaction.on_commit(lambda: current_store().delete(name))
    return 1
